/** Judges an export: each entry by its hash and its place, the tree by the signed checkpoint, all other bytes by the seal. */
import { equal, toHex, utf8 } from './bytes.ts';
import { columnsDiffer } from './csv.ts';
import { parseEntry } from './entry.ts';
import { type KeyChain, openCheckpoint, readKeyChain } from './key-chain.ts';
import { openNote, sealText } from './note.ts';
import { type Head, type Part, type ReadExport, readExport } from './read-export.ts';
import { inBatches, leafHash, rootOf } from './tree.ts';
import { type Given, givenHeads, levelOf, refuseOther } from './trusted.ts';
import { Found, type Proved } from './verdict.ts';

export async function judgeExport(text: string, given: Given): Promise<Proved> {
  const { head, parts, tail, sealed } = readExport(text);
  const shown = await judgeParts(head, parts);
  const chain = await readKeyChain(head.origin, tail.verifierKey, tail.rotations);
  const heads = await givenHeads(given, chain);
  refuseOtherKeys(parts, chain);
  const leaves = parts.map(({ leaf }) => leaf);
  let agreed = 0;
  for (const { size, root } of heads) {
    if (size > leaves.length) throw new Found('rolled-back', leaves.length);
    if (!equal(await rootOf(leaves.slice(0, size)), root)) throw new Found('root-differs', agreed);
    agreed = size;
  }
  const root = await rootOf(leaves);
  const { origin, size } = head;
  const checkpoint = await openCheckpoint(chain, tail.checkpoint);
  if (!checkpoint) throw new Found('signature-wrong');
  refuseOther(checkpoint, { origin, size, root });
  const seal = await openNote(tail.seal, chain.newest);
  if (seal === undefined) throw new Found('signature-wrong');
  if (seal !== (await sealText('export', origin, size, utf8(sealed)))) throw new Found('seal-differs');
  return {
    ok: true,
    kind: 'export',
    level: levelOf(given),
    origin,
    rehearsal: head.rehearsal,
    size,
    entries: shown,
    withheld: parts.length - shown,
    root: toHex(root),
    key: chain.newest.text,
    witnessedUpTo: heads.at(-1)?.size ?? 0,
  };
}

/** @returns how many entries are shown */
async function judgeParts(head: Head, parts: ReadExport['parts']): Promise<number> {
  const hashes = await inBatches(parts, part =>
    part.kind === 'entry' ? leafHash(utf8(part.text)) : Promise.resolve(part.leaf),
  );
  const indexes = parts.map((part, place) => judgePart(head, part, equal(hashes[place]!, part.leaf), place));
  for (const [place, index] of indexes.entries()) if (index !== place) throw misplaced(indexes, place);
  if (indexes.length > head.size) throw new Found('entry-added', head.size);
  if (indexes.length < head.size) throw new Found('entry-missing', indexes.length);
  return parts.filter(({ kind }) => kind === 'entry').length;
}

/** @returns the index that it says it has */
function judgePart(head: Head, part: Part, fits: boolean, place: number): number {
  if (part.kind === 'withheld') {
    if (Object.keys(head.filter).length === 0) throw new Found('withheld-unexpected', place);
    return part.index;
  }
  if (!fits) throw new Found('entry-changed', place);
  const entry = parseEntry(part.text);
  if (!entry) throw new Found('entry-malformed', place);
  if (entry.origin !== head.origin || entry.rehearsal !== head.rehearsal)
    throw new Found('entry-of-another-log', place);
  if (part.cells && columnsDiffer(entry, part.cells)) throw new Found('columns-changed', place);
  const { workOrder, state, since, until } = head.filter;
  const outside =
    (workOrder !== undefined && entry.data.workOrder !== workOrder) ||
    (state !== undefined && entry.data.verdict !== state && entry.data.change !== state) ||
    (since !== undefined && entry.at < since) ||
    (until !== undefined && entry.at >= until);
  if (outside) throw new Found('entry-not-selected', entry.index);
  return entry.index;
}

/** The log was begun with the first key, and each exchange of it stands in its entry, too. */
function refuseOtherKeys(parts: readonly Part[], { reigns }: KeyChain): void {
  const exchanged = new Set(reigns.map(({ since }) => since));
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'withheld') continue;
    const rotates =
      part.text.includes('"type":"key-rotated"') && parseEntry(part.text)?.type === 'key-rotated';
    if (rotates !== exchanged.has(index)) throw new Found('key-not-in-log', index);
    const started = index === 0 ? parseEntry(part.text) : undefined;
    if (started?.type === 'log-started' && started.data.verifierKey !== reigns[0]!.verifier.text)
      throw new Found('key-not-in-log', 0);
  }
}

function misplaced(indexes: readonly number[], place: number): Found {
  const index = indexes[place]!;
  if (index < place) return new Found('entry-doubled', index);
  return new Found(indexes.includes(place, place) ? 'entry-reordered' : 'entry-missing', place);
}
