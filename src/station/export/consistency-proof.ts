/**
 * That a checkpoint which somebody keeps is a beginning of today's log (rules A2, A3), as a file that proves it without showing
 * an entry. Nothing is written where it is not so. That it was given out is on record.
 */
import path from 'node:path';
import type { Checkpoint } from '../../audit/checkpoint.ts';
import { statedCheckpoint } from '../../audit/checkpoint.ts';
import { AuditError } from '../../audit/errors.ts';
import { makeConsistency } from '../../audit/export/consistency.ts';
import type { KeyChain } from '../../audit/key-chain.ts';
import { provesConsistency } from '../../audit/merkle-proof.ts';
import { writeAtomically } from '../../audit/write-atomically.ts';
import { keepCheckpoint } from '../log/keep-checkpoint.ts';
import { keyChainOf } from '../log/log-keys.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { version } from '../version.ts';
import { isOtherDevice } from './export-medium.ts';
import { readBackWord } from './export-request.ts';
import { noteIn } from './given-trust.ts';
import { refuseStationFile } from './station-files.ts';

export interface ConsistencyRequest {
  /** File of the earlier checkpoint, and of the later one; absent: one is made now. */
  readonly from: string;
  readonly to?: string | undefined;
  readonly out: string;
  /** Read back from the medium; default: onto another device than the station's. */
  readonly verify?: boolean | undefined;
  readonly account: string;
  readonly signal?: AbortSignal | undefined;
}

export interface WrittenConsistency {
  readonly file: string;
  readonly origin: string;
  /** Entries of the earlier checkpoint, and of the later one. */
  readonly from: number;
  readonly size: number;
  readonly verifierKey: string;
  readonly rehearsal: boolean;
  readonly readBack?: 'medium' | 'cache';
}

interface Head {
  readonly note: string;
  readonly head: Checkpoint;
}

/**
 * @throws AuditError `checkpoint-invalid` where one is not of this log or the wrong way round, `log-damaged` where the log does
 *   not go on from it; and as exports do
 */
export async function writeConsistencyProof(
  core: StationCore,
  request: ConsistencyRequest,
): Promise<WrittenConsistency> {
  const file = path.resolve(request.out);
  refuseStationFile(core.directory, file);
  const { ledger } = core;
  const given = [request.from, ...(request.to === undefined ? [] : [request.to])].map(place => {
    const note = noteIn(place);
    return { note, head: headIn(note, place, keyChainOf(core, core.identity.logId)) };
  });
  const to = given[1] ?? (await newest(core));
  const from = given[0]!;
  if (from.head.size > to.head.size && given[1])
    throw new AuditError(
      'checkpoint-invalid',
      `the one of ${from.head.size} entries comes after the one of ${to.head.size}`,
    );
  const { key, logId, origin, verifierKey } = core.identity;
  const proof = proofOf(core, from.head, to.head);
  const rotations = [...keyChainOf(core, logId).rotations.values()];
  const madeAt = core.clock.read().at;
  const content = {
    origin,
    from: from.note,
    to: to.note,
    proof: proof.map(hash => hash.toString('base64')),
    ...(rotations.length > 0 ? { rotations } : {}),
    madeAt: new Date(madeAt).toISOString(),
    keyline: version,
    rehearsal: core.rehearsal,
  };
  const { size } = to.head;
  const readBack = request.verify ?? isOtherDevice(core.directory.path, file);
  const made = makeConsistency(content, size, key);
  const seen = await writeAtomically(file, [made], { signal: request.signal, readBack });
  await ledger.whenFree(() =>
    ledger.transaction(() => {
      core.audit.append(core.identity, personOf(ledger, request.account, madeAt), {
        type: 'export',
        data: { format: 'consistency-proof', size },
      });
    }),
  );
  return {
    file,
    origin,
    from: from.head.size,
    size,
    verifierKey,
    rehearsal: core.rehearsal,
    ...readBackWord(seen),
  };
}

async function newest(core: StationCore): Promise<Head> {
  const { note } = await core.ledger.whenFree(() => keepCheckpoint(core));
  return { note, head: statedCheckpoint(note)! };
}

function headIn(note: string, place: string, chain: KeyChain): Checkpoint {
  const head = chain.openCheckpoint(note);
  if (head) return head;
  const stated = statedCheckpoint(note);
  const why = !stated
    ? 'it is none'
    : stated.origin === chain.newest.name
      ? 'no key of this log signed it'
      : `it is of ${stated.origin}, and this station writes ${chain.newest.name}`;
  throw new AuditError('checkpoint-invalid', `${place}: ${why}`);
}

function proofOf(core: StationCore, from: Checkpoint, to: Checkpoint): Buffer[] {
  const size = core.ledger.audit.size();
  const most = Math.max(from.size, to.size);
  if (most > size)
    throw new AuditError(
      'log-damaged',
      `the checkpoint has ${most} entries, the log only ${size}: the newest are missing`,
    );
  const proof = core.audit.consistencyProof(from.size, to.size);
  if (provesConsistency(from, to, proof)) return proof;
  throw new AuditError(
    'log-damaged',
    `the log does not go on from the checkpoint of ${from.size} entries: they are not those that were signed`,
  );
}
