/**
 * Verifies a checkpoint by itself: whether the given key signed it. It carries no key and shows no entry, and that it extends
 * another one can be told from a consistency proof only (RFC 6962 section 2.1.2), never from the two.
 */
import { readFile } from 'node:fs/promises';
import { statedCheckpoint } from '../checkpoint.ts';
import { openNote } from '../signed-note.ts';
import { reading } from './reading.ts';
import { refuseOtherRoot, type Trust, Trusted } from './trust.ts';
import { Found, type Verdict, verdictOf } from './verdict.ts';

/** Bytes. */
export const largestCheckpoint = 64 * 1024;

/**
 * @param others notes that were given along with it as evidence: of one log and one size, they must have one root
 * @throws AuditError where the file cannot be read, or the given key or a given checkpoint is none
 */
export async function verifyCheckpoint(
  file: string,
  trust: Trust = {},
  others: readonly string[] = [],
): Promise<Verdict> {
  const trusted = new Trusted(trust);
  const note = await reading(file, () => readFile(file, 'utf8'));
  return verdictOf(async () => {
    const head = statedCheckpoint(note);
    if (!head) throw new Found('not-an-export', 'this is no checkpoint');
    const { origin, size } = head;
    const { verifier, verifierKey } = trusted;
    if (!verifier || verifierKey === undefined)
      throw new Found('key-missing', 'a checkpoint carries no key, so nothing can be said of it without one');
    const opened = openNote(note, verifier);
    if (!opened.ok)
      throw new Found(
        opened.why === 'not-signed-by-key' ? 'key-differs' : 'signature-wrong',
        `the given key did not sign this checkpoint (${opened.why}); where the key was exchanged since, a consistency proof leads from one to the other`,
      );
    const given = trusted.headsOf(origin, size);
    const beside = others.flatMap(other => statedCheckpoint(other) ?? []);
    refuseOtherRoot([...given, ...beside.filter(other => other.origin === origin)], head);
    const witnessed = given.some(other => other.size === size);
    return {
      ok: true,
      level: witnessed ? 'witnessed' : 'signed',
      origin,
      size,
      entries: 0,
      withheld: 0,
      rootHash: head.rootHash.toString('hex'),
      checkpoint: note,
      verifierKey,
      signedUpTo: size,
      witnessedUpTo: witnessed ? size : 0,
      isCheckpoint: true,
      ...trusted.unused(origin),
    };
  });
}
