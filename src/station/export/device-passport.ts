/**
 * The passport of a device, retired ones too: its entries in this log and in those that it goes on from, found by
 * registration id and key, or by the attempts under its serial. Entries of an earlier log count as far as the checkpoint
 * that the next log cites covers them; how many lie beyond is in the result. That a passport was given out is on record.
 */

import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { DeviceRow, LogRow } from '../../../db/rows.ts';
import { statedCheckpoint } from '../../audit/checkpoint.ts';
import { AuditError } from '../../audit/errors.ts';
import { makePassport, type PassportEntry, type PassportLog } from '../../audit/export/passport.ts';
import { type ClaimedEntry, claimsOf } from '../../audit/export/passport-claims.ts';
import { writeAtomically } from '../../audit/write-atomically.ts';
import { type GivenArchives, givenArchives } from '../archive/resting-bytes.ts';
import { refuseArchivedSince, restingOfDevice } from '../archive/resting-of-device.ts';
import { deviceOrRetired } from '../devices/device-by-name.ts';
import { auditTree } from '../log/audit-tree.ts';
import { keepCheckpoint } from '../log/keep-checkpoint.ts';
import { keyChainOf } from '../log/log-keys.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { version } from '../version.ts';
import { certificatesOf } from './device-certificates.ts';
import { isOtherDevice } from './export-medium.ts';
import { readBackWord } from './export-request.ts';
import { refuseStationFile } from './station-files.ts';

export interface PassportRequest {
  /** Device id, registration id or serial. */
  readonly name: string;
  readonly out: string;
  /** Read back from the medium; default: onto another device than the station's. */
  readonly verify?: boolean | undefined;
  /** Files of archives, for entries that rest in them. */
  readonly archives?: readonly string[] | undefined;
  readonly account: string;
  readonly signal?: AbortSignal | undefined;
}

export interface WrittenPassport {
  readonly file: string;
  readonly serial: string | null;
  readonly registrationId: string;
  readonly ekSha256: string;
  readonly entries: number;
  /** Entries of earlier logs that no checkpoint covers which the next log cites. */
  readonly unproved: number;
  readonly certificates: number;
  readonly origin: string;
  readonly size: number;
  /** Signed note. */
  readonly checkpoint: string;
  readonly verifierKey: string;
  readonly rehearsal: boolean;
  readonly readBack?: 'medium' | 'cache';
}

export async function writePassport(core: StationCore, request: PassportRequest): Promise<WrittenPassport> {
  const { ledger, identity } = core;
  const file = path.resolve(request.out);
  refuseStationFile(core.directory, file);
  const device = deviceOrRetired(core, request.name);
  const { note, size } = await ledger.whenFree(() => keepCheckpoint(core));
  const { logs, unproved } = await logsOf(
    core,
    device,
    { note, size },
    { signal: request.signal, given: givenArchives(ledger, request.archives ?? []) },
  );
  const entries = logs.flatMap(log => log.entries.map(({ entry }) => JSON.parse(entry) as ClaimedEntry));
  const certificates = certificatesOf(core, device, chainIn(entries, device.ek_sha256)).map(der =>
    der.toString('base64'),
  );
  const madeAt = core.clock.read().at;
  const passport = makePassport(
    {
      device: {
        serial: device.serial,
        product: device.product,
        workOrder: device.work_order,
        registrationId: device.registration_id,
        ekSha256: device.ek_sha256,
        endorsementKey: device.endorsement_key.toString('base64'),
        ekTemplate: device.ek_template,
      },
      certificates,
      logs,
      claims: claimsOf(entries, { ekSha256: device.ek_sha256, harvestId: device.harvest_id }),
      madeAt: new Date(madeAt).toISOString(),
      keyline: version,
      rehearsal: core.rehearsal,
    },
    identity.key,
  );
  const readBack = request.verify ?? isOtherDevice(core.directory.path, file);
  const seen = await writeAtomically(file, [passport], { signal: request.signal, readBack });
  await ledger.whenFree(() =>
    ledger.transaction(() => {
      core.audit.append(identity, personOf(ledger, request.account, madeAt), {
        type: 'export',
        data: { format: 'passport', size, registrationId: device.registration_id },
      });
    }),
  );
  return {
    file,
    serial: device.serial,
    registrationId: device.registration_id,
    ekSha256: device.ek_sha256,
    entries: entries.length,
    unproved,
    certificates: certificates.length,
    origin: identity.origin,
    size,
    checkpoint: note,
    verifierKey: identity.verifierKey,
    rehearsal: core.rehearsal,
    ...readBackWord(seen),
  };
}

/** The newest chain by which this key's certificate verified, as digests. */
function chainIn(entries: readonly ClaimedEntry[], ekSha256: string): readonly string[] {
  const chains = entries.flatMap(({ data }) => {
    if (data.ekSha256 !== ekSha256) return [];
    const { chain } = (data.certificate ?? {}) as { chain?: readonly string[] };
    return chain ? [chain] : [];
  });
  return chains.at(-1) ?? [];
}

/** Earlier logs are asked from the newest back, as far as each cites the one before it. */
async function logsOf(
  core: StationCore,
  device: DeviceRow,
  head: { readonly note: string; readonly size: number },
  { signal, given }: { readonly signal: AbortSignal | undefined; readonly given: GivenArchives },
): Promise<{ readonly logs: readonly PassportLog[]; readonly unproved: number }> {
  const rows = core.ledger.logs.all();
  const logs: PassportLog[] = [];
  let unproved = 0;
  let cited: { readonly note: string; readonly size: number } | undefined = head;
  for (const row of rows.toReversed()) {
    const resting = restingOfDevice(core.ledger, device, row.log_id, given);
    const indexes = await indexesOf(core, device, { row, resting }, signal);
    refuseArchivedSince(core.ledger, device, row.log_id, given);
    const covered = cited ? indexes.filter(index => index < cited!.size) : [];
    unproved += indexes.length - covered.length;
    if (!cited) continue;
    const previous = previousCheckpoint(core, row);
    const isCurrent = logs.length === 0;
    const earlier = row !== rows[0];
    // The first entry says which log this one goes on from: that proves the checkpoint of the one before.
    const shown = earlier && previous && !covered.includes(0) ? [0, ...covered] : covered;
    const chain = keyChainOf(core, row.log_id);
    const rotations = [...chain.rotations.values()];
    if (isCurrent || shown.length > 0)
      logs.unshift({
        origin: row.origin,
        size: cited.size,
        checkpoint: cited.note,
        verifierKey: chain.keys.at(-1)!,
        ...(rotations.length > 0 ? { rotations } : {}),
        entries: proved(core, { row, resting }, shown, cited.size),
      });
    cited = previous;
  }
  return { logs, unproved };
}

/** A log, and entries of it whose bytes rest in archives. */
interface LogWithResting {
  readonly row: LogRow;
  readonly resting: ReadonlyMap<number, Buffer>;
}

function proved(
  { ledger }: StationCore,
  { row: log, resting }: LogWithResting,
  indexes: readonly number[],
  size: number,
): PassportEntry[] {
  const tree = auditTree(ledger, log.log_id);
  return indexes.map(index => ({
    index,
    entry: (resting.get(index) ?? ledger.audit.get(index, log.log_id)!.entry).toString(),
    proof: tree.inclusionProof(index, size).map(node => node.toString('base64')),
  }));
}

/** The checkpoint of the log before that a log's first entry cites. */
function previousCheckpoint(
  { ledger }: StationCore,
  log: LogRow,
): { readonly note: string; readonly size: number } | undefined {
  const first = ledger.audit.get(0, log.log_id);
  const { previousCheckpoint: note } = first ? JSON.parse(first.entry.toString()).data : {};
  if (typeof note !== 'string') return undefined;
  const size = statedCheckpoint(note)?.size;
  return size === undefined ? undefined : { note, size };
}

async function indexesOf(
  { ledger }: StationCore,
  device: DeviceRow,
  { row: log, resting }: LogWithResting,
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const found = new Set<number>();
  const attempts = device.serial === null ? [] : ledger.harvests.ofSerial(device.serial);
  for (const { log_id, audit_index, product } of attempts)
    if (log_id === log.log_id && product === device.product) found.add(audit_index);
  const { registration_id, ek_sha256 } = device;
  const look = (idx: number, entry: Buffer) => {
    const { type, data } = JSON.parse(entry.toString()) as ClaimedEntry;
    const isIts = data.registrationId === registration_id || data.ekSha256 === ek_sha256;
    if (isIts && type !== 'export') found.add(idx);
  };
  for (const [idx, entry] of resting) look(idx, entry);
  const slices = ledger.auditMentions.slices(log.log_id, ledger.audit.size(log.log_id), [
    registration_id,
    ek_sha256,
  ]);
  for (const slice of slices) {
    if (signal?.aborted) throw new AuditError('export-stopped', 'stopped while looking for entries');
    for (const { idx, entry } of slice) look(idx, entry);
    await setImmediate();
  }
  return [...found].sort((one, other) => one - other);
}
