/** Judges a consistency proof: both checkpoints by the keys of their time, the hashes between them, the rest by the seal. */
import { canonical, canonicalObject, fromBase64, toHex, utf8 } from './bytes.ts';
import { type KeyChain, openCheckpoint, readKeyChain } from './key-chain.ts';
import { type Checkpoint, openNote, sealText } from './note.ts';
import { provesConsistency } from './tree.ts';
import { type Given, givenHeads, levelOf, refuseOther } from './trusted.ts';
import { Found, type Proved } from './verdict.ts';

interface Consistency {
  readonly from: string;
  readonly to: string;
  readonly origin: string;
  readonly proof: readonly string[];
  readonly rehearsal: boolean;
  readonly rotations?: readonly string[];
  readonly seal: string;
  readonly verifierKey: string;
}

const memberNames = 'format,from,keyline,madeAt,origin,proof,rehearsal,seal,to,v,verifierKey';

export const beginsAsConsistency = (text: string): boolean =>
  text.startsWith('{"format":"keyline-consistency-proof"');

export async function judgeConsistency(text: string, given: Given): Promise<Proved> {
  if (!text.endsWith('\n')) throw new Found('truncated');
  const json = canonicalObject(text.slice(0, -1));
  if (json?.v !== 1) throw new Found('malformed');
  const { rotations: _, ...named } = json;
  if (Object.keys(named).sort().join() !== memberNames) throw new Found('malformed');
  const { seal, ...sealed } = json as unknown as Consistency;
  const { origin, rotations, rehearsal, verifierKey } = sealed;
  const chain = await readKeyChain(origin, verifierKey, rotations);
  const to = await headOf(chain, sealed.to);
  const from = await headOf(chain, sealed.from);
  const heads = await givenHeads(given, chain);
  const own = heads.flatMap(head => {
    const same = [from, to].find(({ size }) => size === head.size);
    if (same) refuseOther(head, same);
    return same ? [same.size] : [];
  });
  const proof = sealed.proof.map(fromBase64);
  const isProved = proof.every(hash => hash !== undefined) && (await provesConsistency(from, to, proof));
  if (!isProved) throw new Found('root-differs');
  const opened = await openNote(seal, chain.newest);
  if (opened !== (await sealText('consistency', origin, to.size, utf8(canonical(sealed)))))
    throw new Found('seal-differs');
  const witnessedUpTo = Math.max(0, ...own);
  return {
    ok: true,
    kind: 'consistency',
    level: witnessedUpTo > 0 ? 'witnessed' : levelOf(given) === 'intact' ? 'intact' : 'signed',
    origin,
    rehearsal,
    size: to.size,
    entries: 0,
    withheld: 0,
    root: toHex(to.root),
    key: chain.newest.text,
    witnessedUpTo,
    extends: from.size,
  };
}

async function headOf(chain: KeyChain, note: string): Promise<Checkpoint> {
  const head = await openCheckpoint(chain, note);
  if (head?.origin !== chain.newest.name) throw new Found('checkpoint-differs');
  return head;
}
