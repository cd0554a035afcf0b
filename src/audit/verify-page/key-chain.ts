/** The keys of a log one after the other: each brought in by a note that it and the one before it signed. */
import {
  type Checkpoint,
  noteText,
  openNote,
  parseCheckpoint,
  parseVerifier,
  type Verifier,
} from './note.ts';
import { Found } from './verdict.ts';

interface Reign {
  readonly verifier: Verifier;
  /** Index of the entry that brought it in; -1: the first one. */
  readonly since: number;
}

export interface KeyChain {
  readonly reigns: readonly Reign[];
  readonly newest: Verifier;
}

const pattern = /^keyline key rotation 1\n([^\n]+)\n(0|[1-9][0-9]{0,15})\n([^\n]+)\n([^\n]+)\n$/u;

/** @throws Found where the notes do not lead from key to key, up to the newest */
export async function readKeyChain(
  origin: string,
  newest: string,
  notes: readonly string[] = [],
): Promise<KeyChain> {
  const first = pattern.exec(noteText(notes[0] ?? ''))?.[3] ?? newest;
  const reigns: Reign[] = [{ verifier: await verifierOf(origin, first), since: -1 }];
  for (const note of notes) {
    const text = noteText(note);
    const [, of, digits, from, to = ''] = pattern.exec(text) ?? [];
    const { verifier, since } = reigns.at(-1)!;
    if (of !== origin || from !== verifier.text || Number(digits) <= since)
      throw new Found('signature-wrong');
    const next = { verifier: await verifierOf(origin, to), since: Number(digits) };
    for (const each of [verifier, next.verifier])
      if ((await openNote(note, each)) !== text) throw new Found('signature-wrong');
    reigns.push(next);
  }
  const last = reigns.at(-1)!.verifier;
  if (last.text !== newest) throw new Found('signature-wrong');
  return { reigns, newest: last };
}

/** The text of a checkpoint that the key of its time signed. */
export async function openCheckpoint({ reigns }: KeyChain, note: string): Promise<Checkpoint | undefined> {
  const stated = parseCheckpoint(noteText(note));
  if (!stated) return undefined;
  const { verifier } = reigns.findLast(({ since }) => since < stated.size)!;
  return parseCheckpoint(await openNote(note, verifier));
}

async function verifierOf(origin: string, text: string): Promise<Verifier> {
  const verifier = await parseVerifier(text);
  if (verifier?.name !== origin) throw new Found('signature-wrong');
  return verifier;
}
