/** A refused duplicate side by side, and what became of it, for people at a terminal. */
import type { AttemptComparison, TriedBefore } from '../station/overruling/compare-attempt.ts';
import type { OverruledAttempt } from '../station/overruling/overrule-attempt.ts';
import { visibleText } from '../station/quote-text.ts';
import { comparedRow } from './comparison-text.ts';
import { table } from './table.ts';

export function attemptText(comparison: AttemptComparison): string {
  const { harvestId, fields, ours, theirs, overruling, roles, namesTaken } = comparison;
  const open = namesTaken
    ? 'Another device in service has this serial or this registration id: decide on that device first.'
    : `open: keyline devices ${overruling} ${harvestId} --reason TEXT --as ID (${roles.join(' or ')})`;
  return [
    table([['', '', 'on record', 'this unit'], ...fields.map(comparedRow)]),
    tries('on record, tried before', ours),
    tries('what is new here, tried before', theirs),
    open,
  ].join('\n\n');
}

function tries(title: string, attempts: readonly TriedBefore[]): string {
  const rows = attempts.map(({ at, verdict, code, serial, key, fixture, workOrder }) => [
    new Date(at).toISOString(),
    verdict,
    code,
    visibleText(serial ?? '-'),
    key ?? '-',
    fixture ?? '-',
    visibleText(workOrder ?? '-'),
  ]);
  return `${title}:\n${rows.length === 0 ? '-' : table(rows)}`;
}

export function describeOverruled({
  overruling,
  serial,
  serialBefore,
  registrationId,
}: OverruledAttempt): string {
  const passed =
    overruling === 'relabel'
      ? `${serialBefore ?? '-'} is ${serial} now`
      : `${serial} has the key that was read`;
  return `passed by decision: ${passed}, as ${registrationId}; the old enrollment is ended first`;
}
