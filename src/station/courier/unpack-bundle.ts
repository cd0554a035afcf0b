/**
 * Takes a bundle of a station without a network into this outbox (rules O2, O8, A1): looked at whole before anything is
 * written, then some entries a transaction. What a killed unpack has taken is known when the bundle is unpacked again. A
 * bundle that was taken before, comes late, or before one that is still missing changes nothing about what is right, and is named.
 */
import { openBundleLog, readBundleEntry } from '../../courier/bundle-entry.ts';
import { CourierError } from '../../courier/errors.ts';
import { type BundleManifest, stationOf } from '../../courier/manifest.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { followKey, type OpenedLetter, openLetter } from './open-letter.ts';
import { TOLERATED_AHEAD_MS } from './refuse-device.ts';
import { type TakenHere, takeEntry } from './take-entry.ts';

export interface UnpackRequest {
  /** All parts of one bundle, in any order. */
  readonly files: readonly string[];
  readonly account: string;
}

export const unpackNotices = [
  'known',
  'gap',
  'late',
  'number-again',
  'clock-unsynced',
  'made-in-future',
] as const;
/**
 * `known`: this bundle was taken before; `gap`: bundles before it never came; `late`: a later one came first; `number-again`:
 * another bundle of the log had its number, so the station went back to an earlier state, or two have its key;
 * `clock-unsynced`: this station or the other cannot vouch for its clock; `made-in-future`: by this station's clock.
 */
export type UnpackNotice = (typeof unpackNotices)[number];

export interface UnpackedBundle {
  readonly bundleId: string;
  readonly origin: string;
  readonly sequence: number;
  readonly madeAt: string;
  readonly entries: number;
  readonly counts: Readonly<Record<TakenHere['outcome'], number>>;
  readonly refused: readonly {
    readonly entryId: string;
    readonly serial: string | null;
    readonly code: string;
    readonly detail: string;
  }[];
  readonly notices: readonly UnpackNotice[];
  /** With `gap`: the numbers that never came, at most 20. */
  readonly missing: readonly number[];
}

const ENTRIES_AT_ONCE = 100;

/** @throws CourierError; nothing was recorded then */
export async function unpackBundle(core: StationCore, request: UnpackRequest): Promise<UnpackedBundle> {
  const letter = await openLetter(core, 'bundle', request.files);
  const { manifest, lines, keys, sha256 } = letter;
  const before = core.ledger.courierTaken.get(manifest.bundleId);
  if (before && before.sha256 !== sha256)
    throw new CourierError('courier-id-reused', `bundle ${manifest.bundleId} was taken with another content`);
  if (!before) refuseUnfit(core, manifest);
  const stationId = stationOf(manifest.origin);
  const log = openBundleLog(keys, manifest.checkpoint);
  const entries = lines.map((line, at) => readBundleEntry(line, at + 1, log));
  if (new Set(entries.map(({ entryId }) => entryId)).size < entries.length)
    throw new CourierError('courier-malformed', 'an entry is in it twice');
  const { notices, missing } = noticesOf(core, manifest, before !== undefined);
  const counts = { taken: 0, known: 0, 'already-here': 0, refused: 0 };
  const refused: UnpackedBundle['refused'][number][] = [];
  for (let from = 0; from < entries.length; from += ENTRIES_AT_ONCE)
    core.ledger.transaction(() => {
      for (const [at, entry] of entries.slice(from, from + ENTRIES_AT_ONCE).entries()) {
        const { outcome, code, detail } = takeEntry(core, entry, manifest, request.account);
        core.ledger.courierTaken.list(manifest.bundleId, from + at, stationId, entry.entryId);
        counts[outcome] += 1;
        if (outcome === 'refused')
          refused.push({ entryId: entry.entryId, serial: entry.serial, code, detail });
      }
    });
  if (!before) core.ledger.transaction(() => noteTaken(core, letter, counts, request.account));
  const { bundleId, origin, sequence, madeAt } = manifest;
  return { bundleId, origin, sequence, madeAt, entries: entries.length, counts, refused, notices, missing };
}

function refuseUnfit(core: StationCore, { target, receiver, validUntil }: BundleManifest): void {
  const ours = core.dpsTarget;
  const scopesDiffer =
    target.idScope !== null && (ours?.idScope ?? null) !== null && target.idScope !== ours?.idScope;
  const name = (of: typeof target | null) =>
    of ? `${of.host}${of.idScope ? ` (${of.idScope})` : ''}` : 'none';
  if (ours?.host !== target.host || scopesDiffer)
    throw new CourierError('courier-other-dps', `it is for ${name(target)}, here it is ${name(ours)}`);
  if (receiver !== undefined && receiver !== core.identity.stationId)
    throw new CourierError(
      'courier-other-receiver',
      `it is for ${receiver}, this is ${core.identity.stationId}`,
    );
  const { at, clock } = core.clock.read();
  if (at > Date.parse(validUntil))
    throw new CourierError(
      'courier-expired',
      `it was valid until ${validUntil}; by this station's clock (${clock}) it is ${new Date(at).toISOString()}`,
    );
}

function noticesOf(
  { ledger, clock }: StationCore,
  { origin, sequence, madeAt, clock: theirs }: BundleManifest,
  known: boolean,
): { readonly notices: UnpackNotice[]; readonly missing: number[] } {
  const { courierTaken } = ledger;
  const { at, clock: ours } = clock.read();
  const last = courierTaken.lastSequence(origin);
  const missing: number[] = [];
  for (let number = Math.max(1, sequence - 20); number < sequence; number += 1)
    if (!courierTaken.hasSequence(origin, number)) missing.push(number);
  const notices: UnpackNotice[] = [
    ...(known ? (['known'] as const) : []),
    ...(!known && missing.length > 0 ? (['gap'] as const) : []),
    ...(!known && sequence < last ? (['late'] as const) : []),
    ...(!known && courierTaken.hasSequence(origin, sequence) ? (['number-again'] as const) : []),
    ...(ours === 'unsynced' || theirs === 'unsynced' ? (['clock-unsynced'] as const) : []),
    ...(Date.parse(madeAt) > at + TOLERATED_AHEAD_MS ? (['made-in-future'] as const) : []),
  ];
  return { notices, missing: known ? [] : missing };
}

/** Last: from here on the bundle is one that was taken whole. */
function noteTaken(
  core: StationCore,
  letter: OpenedLetter<'bundle'>,
  outcomes: UnpackedBundle['counts'],
  account: string,
): void {
  const { bundleId, origin, sequence, madeAt, entries } = letter.manifest;
  // Another process took it at the same time.
  if (core.ledger.courierTaken.get(bundleId)) return;
  const { at } = core.clock.read();
  followKey(core, letter);
  core.ledger.courierTaken.insert({
    bundle_id: bundleId,
    origin,
    sequence,
    sha256: letter.sha256,
    made_at: Date.parse(madeAt),
    taken_at: at,
    entries,
    receipts: 0,
  });
  core.audit.append(core.identity, personOf(core.ledger, account, at), {
    type: 'courier',
    data: {
      change: 'unpacked',
      origin,
      bundleId,
      sequence,
      sha256: letter.sha256,
      entries,
      outcomes: { ...outcomes },
    },
  });
}
