/** A reconciliation as people read it: what was compared, what was found with the first of each kind, and what to do. */

import { visibleText } from '../station/quote-text.ts';
import {
  type FindingKind,
  findingKinds,
  proposals,
  type ToldFinding,
} from '../station/reconcile/findings.ts';
import type { ReconciliationReport } from '../station/reconcile/reconcile.ts';
import { facts, table } from './table.ts';

/** Of each kind; the others are in `--json`. */
const shown = 10;
const longestCell = 64;

/** Keeps the first findings of each kind, whatever their number. */
export class FirstFindings {
  readonly #first = new Map<FindingKind, ToldFinding[]>();

  add(finding: ToldFinding): void {
    const kept = this.#first.get(finding.kind) ?? [];
    if (kept.length < shown) this.#first.set(finding.kind, [...kept, finding]);
  }

  of(kind: FindingKind): readonly ToldFinding[] {
    return this.#first.get(kind) ?? [];
  }
}

export function reconciliationText(report: ReconciliationReport, first: FirstFindings): string {
  const { stopped } = report;
  const stations = Object.keys(report.stations).length;
  const compared = facts([
    ['DPS', report.dpsHost],
    ['enrollments in DPS', report.enrollments],
    ['devices in service', report.complete ? report.devices : undefined],
    ['as the ledger has it', report.agree],
    ['under way', report.underWay || undefined],
    ['wait for a person', report.waitForPerson || undefined],
    ['of another DPS', report.otherDps || undefined],
    [
      'of other stations',
      report.otherStations
        ? `${report.otherStations} (${stations === 1 ? '1 station' : `${stations} stations`})`
        : undefined,
    ],
    ['unreadable', report.unreadable || undefined],
    ...Object.entries(report.applied ?? {}).map(([kind, n]) => [`queued for ${kind}`, n] as const),
  ]);
  const kinds = findingKinds.filter(kind => report.findings[kind] !== undefined);
  const parts = [compared, ...kinds.map(kind => kindText(kind, report.findings[kind]!, first.of(kind)))];
  if (stopped)
    parts.push(
      `not complete: ended after ${report.pages} pages of DPS and ${report.devices} devices; of what was not reached nothing is known\n  ${stopped.hint}\n  (${stopped.code})`,
    );
  else if (kinds.length === 0) parts.push('no differences');
  return parts.join('\n\n');
}

function kindText(kind: FindingKind, count: number, findings: readonly ToldFinding[]): string {
  const { means, remedy } = proposals[kind];
  const rows = findings.map(finding => [
    `  ${cell(finding.registrationId)}`,
    cell(finding.serial ?? '-'),
    finding.deviceId ?? '-',
    finding.members?.join(', ') ?? finding.reason ?? finding.entryId ?? cell(finding.attestation ?? ''),
  ]);
  const more = count > findings.length ? [`  … and ${count - findings.length} more (--json lists all)`] : [];
  return [
    `${kind}: ${count}. ${means}`,
    table([['  registration id', 'serial', 'device', ''], ...rows]),
    ...more,
    `  ${remedy}`,
  ].join('\n');
}

/** Some of it comes from DPS. */
function cell(text: string): string {
  return visibleText(text.length > longestCell ? `${text.slice(0, longestCell - 1)}…` : text);
}
