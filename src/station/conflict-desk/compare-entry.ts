/**
 * An entry side by side: what the ledger has, what DPS had when it was asked, which fields differ, the likely cause and
 * the decisions that are open. Keys are shown as digests that two people can read to each other.
 */
import type { OutboxRow } from '../../../db/rows.ts';
import { provenanceOf } from '../../dps/provenance.ts';
import { actRoles, type Role } from '../access/roles.ts';
import type { StationCore } from '../open-core.ts';
import { entryOf, jsonOrText, type QueueEntry, rowOf } from '../queue/queue.ts';
import { type Cause, causeOf } from './causes.ts';
import { actOfDecision, type Decision } from './decisions.ts';
import { decisionsFor } from './fitting-decisions.ts';
import { theirRecord } from './their-record.ts';

export interface ComparedField {
  readonly name: string;
  /** Null: it has none. */
  readonly ours: string | null;
  readonly theirs: string | null;
  readonly differs: boolean;
}

export interface EntryComparison {
  readonly entry: QueueEntry;
  /** Null where nothing stopped it. */
  readonly cause: Cause | null;
  /** Empty where DPS had nothing, or was not asked. */
  readonly fields: readonly ComparedField[];
  /** Times it was sent; where it was made for another DPS, it may be enrolled there as well. */
  readonly timesSent: number;
  readonly decisions: readonly { readonly decision: Decision; readonly roles: readonly Role[] }[];
}

/** @throws StationError `entry-unknown` */
export function compareEntry(core: StationCore, entryId: string): EntryComparison {
  const row = rowOf(core, entryId);
  return {
    entry: entryOf(core, row),
    cause: row.state === 'conflict' || row.state === 'quarantined' ? (causeOf(row.reason) ?? null) : null,
    fields: fieldsOf(core, row),
    timesSent: row.attempts,
    decisions: decisionsFor(row).map(decision => ({ decision, roles: actRoles[actOfDecision[decision]] })),
  };
}

/** The first 64 bits of a SHA-256 in hex, in groups of four: the beginning of the digest that is shown elsewhere. */
export function shortDigest(sha256: string): string {
  return sha256.slice(0, 16).replace(/(.{4})(?=.)/g, '$1 ');
}

const shownMembers = [
  'deviceId',
  'provisioningStatus',
  'initialTwin',
  'allocationPolicy',
  'iotHubs',
  'reprovisionPolicy',
  'createdDateTimeUtc',
  'lastUpdatedDateTimeUtc',
] as const;
/** DPS alone knows these: there is nothing to differ from. */
const theirsAlone: ReadonlySet<string> = new Set(['createdDateTimeUtc', 'lastUpdatedDateTimeUtc']);

function fieldsOf(core: StationCore, row: OutboxRow): ComparedField[] {
  const theirs = theirRecord(row);
  if (!theirs) return [];
  const document = jsonOrText(row.document) as Readonly<Record<string, unknown>>;
  const device = core.ledger.devices.get(row.device_id);
  const made = provenanceOf(document);
  const digest = (sha256: string | undefined) => (sha256 === undefined ? null : shortDigest(sha256));
  const pairs: [name: string, ours: string | null, theirs: string | null][] = [
    ['registrationId', row.registration_id, shown(theirs.record.registrationId)],
    ['endorsementKey', digest(device?.ek_sha256), digest(theirs.ekSha256)],
    ['serial', device?.serial ?? null, theirs.serial ?? null],
    ['stationId', made?.stationId ?? null, theirs.stationId ?? null],
    ['harvestId', made?.harvestId ?? null, theirs.harvestId ?? null],
    ...shownMembers.map((name): [string, string | null, string | null] => [
      name,
      shown(document[name]),
      shown(theirs.record[name]),
    ]),
  ];
  return pairs
    .filter(([, ours, other]) => ours !== null || other !== null)
    .map(([name, ours, other]) => ({
      name,
      ours,
      theirs: other,
      differs: ours !== other && !theirsAlone.has(name),
    }));
}

/** Bounded: DPS may hold anything. */
function shown(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
