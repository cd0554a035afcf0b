/**
 * Verifies that one checkpoint extends another (rule A3): both notes by the keys that the log had then, the hashes between them
 * by RFC 9162 section 2.1.4.2, and every other byte by the seal. It shows that the later log begins with the whole of the
 * earlier one, and not what stands in either.
 */
import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Checkpoint } from '../checkpoint.ts';
import type { KeyChain } from '../key-chain.ts';
import { provesConsistency } from '../merkle-proof.ts';
import { formatSeal } from '../seal.ts';
import { openNote } from '../signed-note.ts';
import { keyChainOf } from './keys-in-log.ts';
import { base64, readSealedObject, type SealedObject } from './sealed-object.ts';
import { refuseOtherRoot, type Trust, Trusted } from './trust.ts';
import { Found, type Verdict, type Verified, verdictOf } from './verdict.ts';

/** RFC 8785 sorts members by name, so every one begins so. */
const beginning = '{"format":"keyline-consistency-proof"';
const largest = 1024 * 1024;

const consistencySchema = z.strictObject({
  format: z.literal('keyline-consistency-proof'),
  from: z.string(),
  keyline: z.string(),
  madeAt: z.iso.datetime({ precision: 3 }),
  origin: z.string(),
  proof: z.array(base64).max(64),
  rehearsal: z.boolean(),
  rotations: z.array(z.string()).min(1).optional(),
  seal: z.string(),
  to: z.string(),
  v: z.literal(1),
  verifierKey: z.string(),
});
type Consistency = z.infer<typeof consistencySchema>;

/** @param head first bytes of a file */
export function beginsAsConsistency(head: Buffer): boolean {
  return head.subarray(0, beginning.length).toString('latin1') === beginning;
}

/** @throws AuditError where the file cannot be read, or the given key or a given checkpoint is none */
export async function verifyConsistency(file: string, trust: Trust = {}): Promise<Verdict> {
  const trusted = new Trusted(trust);
  return verdictOf(async () => judge(await readSealedObject(file, consistencySchema, largest), trusted));
}

function judge({ value, sealedText }: SealedObject<Consistency>, trusted: Trusted): Verified {
  const { origin, verifierKey, rehearsal } = value;
  const chain = keyChainOf(origin, verifierKey, value.rotations);
  const to = headOf(chain, value.to);
  const from = headOf(chain, value.from);
  const given = trusted.headsOf(origin, to.size);
  trusted.confirmChain(chain);
  for (const head of [from, to]) refuseOtherRoot(given, head);
  if (!provesConsistency(from, to, value.proof))
    throw new Found(
      'root-differs',
      `nothing shows that the log of ${to.size} entries begins with that of ${from.size}`,
    );
  const digest = hash('sha256', sealedText, 'buffer');
  const sealed = openNote(value.seal, chain.newest);
  if (!sealed.ok || sealed.text !== formatSeal({ kind: 'consistency', origin, size: to.size, digest }))
    throw new Found('seal-differs', 'the file is not what was sealed');
  const witnessedUpTo = Math.max(
    0,
    ...given.map(({ size }) => size).filter(size => size === from.size || size === to.size),
  );
  return {
    ok: true,
    level: witnessedUpTo > 0 ? 'witnessed' : trusted.level === 'intact' ? 'intact' : 'signed',
    origin,
    rehearsal,
    size: to.size,
    entries: 0,
    withheld: 0,
    rootHash: to.rootHash.toString('hex'),
    checkpoint: value.to,
    verifierKey,
    signedUpTo: to.size,
    witnessedUpTo,
    extends: from.size,
    ...trusted.unused(origin),
  };
}

function headOf(chain: KeyChain, note: string): Checkpoint {
  const head = chain.openCheckpoint(note);
  if (head) return head;
  throw new Found('checkpoint-differs', 'a checkpoint in it is not one of this log and its keys');
}
