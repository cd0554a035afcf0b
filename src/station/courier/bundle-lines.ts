/**
 * What goes into a bundle: each entry that waits for this DPS, as a line, with the evidence of its harvest in the log. Each
 * line is read once as a receiver will read it: one that could not be read there would hold up all others. What waits for an
 * entry that is not in the bundle stays with it, as the drain leaves it (outbox rule 15).
 */
import type { OutboxRow } from '../../../db/rows.ts';
import { type BundleEntry, entryLine, openBundleLog, readBundleEntry } from '../../courier/bundle-entry.ts';
import { CourierError } from '../../courier/errors.ts';
import { limits } from '../../courier/limits.ts';
import type { DpsTarget } from '../dps/dps-target.ts';
import { isOfDps, readEntry } from '../drain/outbox-store.ts';
import { keyChainOf } from '../log/log-keys.ts';
import type { StationCore } from '../open-core.ts';

export interface BundleLines {
  /** By entry id, in the order in which they are to be taken. */
  readonly lines: ReadonlyMap<string, string>;
  readonly left: number;
  readonly otherDps: number;
  /** Entries behind one that is not in it: it is in conflict, set aside, for another DPS or unreadable. */
  readonly held: number;
  readonly unreadable: readonly string[];
  /** Entries that a courier brought from another station: this one sends them, and no second courier carries them on. */
  readonly brought: number;
}

const PAGE = 1000;

/** @param checkpoint of the log's first `size` entries, a signed note */
export function bundleLines(
  core: StationCore,
  target: DpsTarget,
  { checkpoint, size }: { readonly checkpoint: string; readonly size: number },
): BundleLines {
  const { rows, ...leftOut } = waitingFor(core, target);
  const log = openBundleLog(keyChainOf(core, core.identity.logId), checkpoint);
  let held = 0;
  const lines = new Map<string, string>();
  const unreadable: string[] = [];
  for (const row of inTheirOrder(rows)) {
    if (row.waits_for !== null && !lines.has(row.waits_for)) {
      held += 1;
      continue;
    }
    try {
      // A damaged row of this ledger; the drain would set it aside.
      if (readEntry(core, row, row.attempts).kind === 'unreadable')
        throw new CourierError('courier-malformed', `entry ${row.entry_id}`);
      const line = entryLine(entryOf(core, row, size));
      readBundleEntry(line, lines.size + 1, log);
      lines.set(row.entry_id, line);
    } catch (error) {
      if (!(error instanceof CourierError)) throw error;
      unreadable.push(row.entry_id);
    }
  }
  return { lines, ...leftOut, held, unreadable };
}

/** What was sent and never answered first: it is older than what waits behind it. */
function waitingFor(core: StationCore, target: DpsTarget) {
  const rows: OutboxRow[] = [];
  let left = 0;
  let otherDps = 0;
  let brought = 0;
  for (const state of ['sending', 'queued'] as const)
    for (let after: string | undefined; ; ) {
      const page = core.ledger.outbox.list({ state, limit: PAGE, ...(after === undefined ? {} : { after }) });
      for (const row of page)
        if (row.dps_host !== null && !isOfDps(row, target)) otherDps += 1;
        else if (core.ledger.courierTaken.stationOfHarvest(row.harvest_id) !== undefined) brought += 1;
        else if (rows.length < limits.entries) rows.push(row);
        else left += 1;
      after = page.at(-1)?.entry_id;
      if (after === undefined) break;
    }
  return { rows, left, otherDps, brought };
}

/** Each behind the one that it waits for, also where a decision put a later one before it. */
function inTheirOrder(rows: readonly OutboxRow[]): OutboxRow[] {
  const left = new Map(rows.map(row => [row.entry_id, row]));
  const ordered: OutboxRow[] = [];
  for (const row of rows) {
    const chain: OutboxRow[] = [];
    for (
      let next: OutboxRow | undefined = row;
      next && left.delete(next.entry_id);
      next = next.waits_for === null ? undefined : left.get(next.waits_for)
    )
      chain.push(next);
    ordered.push(...chain.reverse());
  }
  return ordered;
}

function entryOf(core: StationCore, row: OutboxRow, size: number): BundleEntry {
  const device = core.ledger.devices.get(row.device_id)!;
  const evidence = evidenceOf(core, row.harvest_id, size);
  return {
    entryId: row.entry_id,
    operation: row.operation,
    harvestId: row.harvest_id,
    serial: device.serial,
    product: device.product,
    workOrder: device.work_order,
    ekTemplate: device.ek_template,
    document: JSON.parse(row.document) as BundleEntry['document'],
    ...(row.waits_for === null ? {} : { waitsFor: row.waits_for }),
    ...(row.over_etag === null ? {} : { overEtag: row.over_etag }),
    ...(row.because === null ? {} : { because: row.because }),
    ...(evidence ? { evidence } : {}),
  };
}

/** Of a harvest in an earlier log there is none: the bundle's checkpoint is of this one. Nor of one that is archived. */
function evidenceOf(core: StationCore, harvestId: string, size: number): BundleEntry['evidence'] {
  const harvest = core.ledger.harvests.get(harvestId);
  if (harvest?.log_id !== core.identity.logId || harvest.audit_index >= size) return undefined;
  const stored = core.ledger.audit.get(harvest.audit_index);
  // What rests in an archive is told of there.
  if (!stored || stored.entry.length === 0) return undefined;
  return {
    index: harvest.audit_index,
    entry: stored.entry.toString('utf8'),
    proof: core.audit.inclusionProof(harvest.audit_index, size).map(hash => hash.toString('base64')),
  };
}
