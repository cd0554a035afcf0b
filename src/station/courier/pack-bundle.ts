/**
 * What waits for DPS at a station without a network, into one signed bundle (rules O2, O8). The entries stay queued: only a
 * receipt or DPS's own answer closes them. From here on they count as sent once, because they may reach DPS on this way: none
 * can be cancelled unseen. Packing again packs all that is not closed, under the next number, so that a lost bundle
 * costs nothing but the way.
 */
import { randomUUID } from 'node:crypto';
import { encryptFor } from '../../courier/encryption.ts';
import { CourierError } from '../../courier/errors.ts';
import { sealLetter } from '../../courier/letter.ts';
import { limits } from '../../courier/limits.ts';
import { leastPartBytes } from '../../courier/parts.ts';
import type { DpsTarget } from '../dps/dps-target.ts';
import { nameDps } from '../drain/outbox-store.ts';
import { keepCheckpoint } from '../log/keep-checkpoint.ts';
import { keyChainOf } from '../log/log-keys.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { moveEntry } from '../queue/move-entry.ts';
import { version } from '../version.ts';
import { type BundleLines, bundleLines } from './bundle-lines.ts';
import { type PlaceOfLetter, refusePlace, writeParts } from './write-parts.ts';

export interface PackRequest extends PlaceOfLetter {
  /** Absent: as configured. */
  readonly validDays?: number | undefined;
  readonly account: string;
}

export interface PackedBundle {
  readonly bundleId: string;
  readonly sequence: number;
  readonly files: readonly string[];
  readonly entries: number;
  /** Entries that had no room in it: they go into the bundle after the next receipt. */
  readonly left: number;
  /** Entries that are for another DPS and stayed where they are. */
  readonly otherDps: number;
  /** Entries that wait for one that is not in it, and stayed with it: what is in conflict or set aside is decided on first. */
  readonly held: number;
  /** Entries that are damaged in this ledger, or that no receiver could read; they stayed where they are. */
  readonly unreadable: readonly string[];
  /** Entries that a courier brought here from another station: they are sent from here and go into no second bundle. */
  readonly brought: number;
  readonly encrypted: boolean;
  readonly target: DpsTarget;
  /** Station id; null: none is pinned, so any may take it and nobody's receipts close anything yet. */
  readonly receiver: string | null;
  /** Hex, of the signed bytes before encryption. */
  readonly sha256: string;
  /** RFC 3339. */
  readonly validUntil: string;
  readonly clock: 'synced' | 'unsynced';
}

const DAY_MS = 86_400_000;

/** @throws CourierError `courier-no-target`, `courier-nothing-to-pack`, `courier-recipient-invalid`, `courier-part-size`; AuditError `export-*` */
export async function packBundle(core: StationCore, request: PackRequest): Promise<PackedBundle> {
  const target = core.dpsTarget;
  if (!target) throw new CourierError('courier-no-target', 'no DPS is configured here');
  refusePlace(core, request);
  if ((request.maxBytes ?? leastPartBytes) < leastPartBytes)
    throw new CourierError('courier-part-size', `a part of ${request.maxBytes} bytes`);
  const { recipient, validDays } = core.configuration.courier;
  const encrypt = recipient === undefined ? undefined : await encryptFor(recipient);
  const { note: checkpoint, size } = keepCheckpoint(core);
  const { lines, ...leftOut } = bundleLines(core, target, { checkpoint, size });
  if (lines.size === 0) throw nothingToPack(leftOut);
  const packed = core.ledger.transaction(() =>
    record(core, {
      ...request,
      lines,
      target,
      checkpoint,
      validMs: (request.validDays ?? validDays) * DAY_MS,
    }),
  );
  const bytes = encrypt ? await encrypt(packed.bytes) : packed.bytes;
  const files = await writeParts(core, { kind: 'bundle', id: packed.bundleId, bytes }, request);
  const { bytes: _, ...facts } = packed;
  return { ...facts, ...leftOut, files, encrypted: encrypt !== undefined, target };
}

interface Order extends PackRequest {
  /** By entry id, in the order in which they are to be taken. */
  readonly lines: ReadonlyMap<string, string>;
  readonly target: DpsTarget;
  readonly checkpoint: string;
  readonly validMs: number;
}

function nothingToPack(leftOut: Partial<Omit<BundleLines, 'lines'>>): CourierError {
  const { otherDps = 0, brought = 0, held = 0, unreadable = [] } = leftOut;
  const why = Object.entries({
    'for another DPS': otherDps,
    'of another station': brought,
    'behind one that is not packed': held,
    'that cannot be read': unreadable.length,
  }).flatMap(([what, count]) => (count === 0 ? [] : [`${count} ${what}`]));
  const message = ['nothing waits that could go into a bundle', why.join(', ')].filter(text => text !== '');
  return new CourierError('courier-nothing-to-pack', message.join(': '));
}

/** Inside a transaction: what another process settled meanwhile stays out. */
function record(core: StationCore, { lines, target, checkpoint, validMs, account }: Order) {
  const { ledger, identity } = core;
  const rows = [...lines.keys()]
    .map(entryId => ledger.outbox.get(entryId)!)
    .filter(({ state }) => state === 'queued' || state === 'sending');
  if (rows.length === 0) throw nothingToPack({});
  const { at, clock } = core.clock.read();
  const bundleId = randomUUID();
  const sequence = ledger.courierPacked.lastSequence(identity.origin) + 1;
  const validUntil = new Date(at + validMs).toISOString();
  const keys = keyChainOf(core, identity.logId);
  const receiver = ledger.courierPeers.all().find(({ takes }) => takes === 'receipts');
  const letter = sealLetter(
    'bundle',
    {
      v: 1,
      keyline: version,
      origin: identity.origin,
      bundleId,
      sequence,
      target: { host: target.host, idScope: target.idScope },
      ...(receiver ? { receiver: receiver.station_id } : {}),
      madeAt: new Date(at).toISOString(),
      validUntil,
      clock,
      rehearsal: core.rehearsal,
      checkpoint,
      verifierKey: identity.verifierKey,
      rotations: [...keys.rotations.values()],
    },
    rows.map(row => lines.get(row.entry_id)!),
    identity.key,
  );
  if (letter.bytes.length > limits.bytes)
    throw new CourierError('courier-too-large', `the bundle has ${letter.bytes.length} bytes`);
  for (const row of rows) {
    if (row.dps_host === null) nameDps(core, row, target);
    // A second time adds nothing to it.
    if (row.state === 'queued' && row.attempts === 0)
      moveEntry(core, row, { event: 'pack', at, bundle: bundleId });
  }
  const { sha256 } = letter;
  ledger.courierPacked.insert(
    {
      bundle_id: bundleId,
      origin: identity.origin,
      sequence,
      sha256,
      made_at: at,
      valid_until: at + validMs,
      entries: rows.length,
      receipt: 0,
      receipt_origin: null,
    },
    rows.map(({ entry_id }) => entry_id),
  );
  core.audit.append(identity, personOf(ledger, account, at), {
    type: 'courier',
    data: { change: 'packed', origin: identity.origin, bundleId, sequence, sha256, entries: rows.length },
  });
  return {
    bundleId,
    sequence,
    entries: rows.length,
    receiver: receiver?.station_id ?? null,
    sha256,
    validUntil,
    clock,
    bytes: letter.bytes,
  };
}
