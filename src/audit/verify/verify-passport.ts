/**
 * Verifies a device's passport (rule A3): each entry against the signed checkpoint by its inclusion proof, each earlier log
 * against the checkpoint that the next one cites, all that the passport says of the device against the entries, and every
 * other byte against the seal. A passport proves what the log says of one device; that nothing else was written of it is
 * the station's word.
 */
import { hash } from 'node:crypto';
import { type Checkpoint, parseCheckpoint } from '../checkpoint.ts';
import type { KeyChain } from '../key-chain.ts';
import { leafHash } from '../merkle.ts';
import { provesInclusion } from '../merkle-proof.ts';
import { formatSeal } from '../seal.ts';
import { openNote } from '../signed-note.ts';
import { keyChainOf } from './keys-in-log.ts';
import { comparePassport } from './passport-content.ts';
import { type Passport, type PassportLog, readPassport } from './passport-file.ts';
import { type EntryFacts, scanEntry } from './scan-entry.ts';
import type { SealedObject } from './sealed-object.ts';
import { refuseOtherRoot, type Trust, Trusted } from './trust.ts';
import { Found, type Verdict, type Verified, verdictOf } from './verdict.ts';

/** @throws AuditError where the file cannot be read, or the given key or a given checkpoint is none */
export async function verifyPassport(file: string, trust: Trust = {}): Promise<Verdict> {
  const trusted = new Trusted(trust);
  return verdictOf(async () => judgePassport(await readPassport(file), trusted));
}

/** @throws Found */
export function judgePassport(
  { value: passport, sealedText }: SealedObject<Passport>,
  trusted: Trusted,
): Verified {
  const { logs, rehearsal } = passport;
  const current = logs.at(-1)!;
  const { origin, size, verifierKey, checkpoint } = current;
  const chain = chainOf(current);
  const given = trusted.headsOf(origin, size);
  trusted.confirmChain(chain);
  const head = headOf(current);
  refuseOtherRoot(given, head);
  const entries = logs.flatMap((log, at) => {
    const read = entriesOf(log, rehearsal);
    const before = logs[at - 1];
    if (before) refuseUncited(before, read);
    return read;
  });
  comparePassport(passport, entries);
  const digest = hash('sha256', sealedText, 'buffer');
  const opened = openNote(passport.seal, chain.newest);
  if (!opened.ok || opened.text !== formatSeal({ kind: 'passport', origin, size, digest }))
    throw new Found(
      'seal-differs',
      'the passport is not what was sealed: something was changed, added or left out',
    );
  const witnessed = given.some(other => other.size === size);
  return {
    ok: true,
    level: witnessed ? 'witnessed' : trusted.level === 'intact' ? 'intact' : 'signed',
    origin,
    rehearsal,
    size,
    entries: entries.length,
    withheld: 0,
    rootHash: head.rootHash.toString('hex'),
    checkpoint,
    verifierKey,
    signedUpTo: size,
    witnessedUpTo: witnessed ? size : 0,
    ...trusted.unused(origin),
    passport: {
      serial: passport.device.serial,
      registrationId: passport.device.registrationId,
      ekSha256: passport.device.ekSha256,
      claims: passport.claims,
    },
  };
}

const chainOf = ({ origin, verifierKey, rotations }: PassportLog): KeyChain =>
  keyChainOf(origin, verifierKey, rotations);

function headOf(log: PassportLog): Checkpoint {
  const { checkpoint, origin, size } = log;
  const opened = openNote(checkpoint, chainOf(log).verifierFor(size));
  if (!opened.ok)
    throw new Found(
      'signature-wrong',
      `the signature of the checkpoint is not one of the key (${opened.why})`,
    );
  const head = parseCheckpoint(opened.text);
  if (head?.origin === origin && head.size === size) return head;
  throw new Found('checkpoint-differs', 'the signed checkpoint is not that of this passport');
}

function entriesOf(log: PassportLog, rehearsal: boolean): EntryFacts[] {
  const head = headOf(log);
  let last = -1;
  return log.entries.map(({ entry: text, index, proof }) => {
    const at = { index };
    const bytes = Buffer.from(text);
    if (!provesInclusion(leafHash(bytes), index, log.size, proof, head.rootHash))
      throw new Found('entry-changed', `entry ${index} is not the one that stands in the signed tree`, at);
    const entry = scanEntry(bytes);
    if (!entry) throw new Found('entry-malformed', `entry ${index} is not an RFC 8785 audit entry`, at);
    if (entry.origin !== log.origin || entry.rehearsal !== rehearsal || entry.index !== index)
      throw new Found(
        'entry-of-another-log',
        `entry ${index} says it is ${entry.index} of ${entry.origin}`,
        at,
      );
    if (index === last) throw new Found('entry-doubled', `entry ${index} stands here twice`, at);
    if (index < last) throw new Found('entry-reordered', `entry ${index} is not in its place`, at);
    last = index;
    return entry;
  });
}

/** An earlier log is believed because the first entry of the next one, which is proved, names its checkpoint. */
function refuseUncited(before: PassportLog, entries: readonly EntryFacts[]): void {
  const first = entries.find(({ index }) => index === 0);
  if (first?.data.previousCheckpoint === before.checkpoint) return;
  throw new Found(
    'checkpoint-differs',
    `no entry names the checkpoint of ${before.origin} that is given here`,
  );
}
