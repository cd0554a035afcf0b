/** An entry of the outbox side by side, for people at a terminal. */
import type { ComparedField, EntryComparison } from '../station/conflict-desk/compare-entry.ts';
import { visibleText } from '../station/quote-text.ts';
import { table } from './table.ts';

/** Empty where nothing stopped the entry and no decision is open. */
export function comparisonText({ entry, cause, fields, timesSent, decisions }: EntryComparison): string {
  const sentThere =
    cause?.code === 'other-dps' && timesSent > 0
      ? [`It was sent to ${entry.dpsHost ?? 'that DPS'} and may be enrolled there as well.`]
      : [];
  const open = decisions.map(({ decision, roles }) => `  ${decision} (${roles.join(' or ')})`);
  const parts = [
    cause === null ? [] : [`${cause.what} (${cause.code})`, cause.likely, ...sentThere],
    fields.length === 0 ? [] : [table([['', '', 'ours', 'in DPS'], ...fields.map(comparedRow)])],
    open.length === 0
      ? []
      : [`open: keyline queue resolve ${entry.entryId} --reason TEXT --as ID --decision`, ...open],
  ];
  return parts
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n');
}

/** The mark stands before the name: a difference is found by looking down one column. What DPS has, anybody may have written. */
export const comparedRow = ({ name, ours, theirs, differs }: ComparedField) => [
  differs ? '≠' : ' ',
  name,
  visibleText(ours ?? '-'),
  visibleText(theirs ?? '-'),
];
