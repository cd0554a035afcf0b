/**
 * Takes an export line by line, in order, and ends in a verdict. Of lines that were read before (`read-entries.ts`) and found right
 * by themselves, only the place is judged here.
 */
import { parseCheckpoint } from '../checkpoint.ts';
import { hashLength } from '../merkle.ts';
import { formatSeal } from '../seal.ts';
import { type NoteVerifier, openNote } from '../signed-note.ts';
import type { ExportPart, Head, Tail } from './export-part.ts';
import { LogJudge } from './judge-log.ts';
import { KeysInLog, keyChainOf } from './keys-in-log.ts';
import { type Line, longestLine } from './read-chunks.ts';
import { CsvRows } from './read-csv.ts';
import { type EntryFrame, type ReadLines, unsure } from './read-entries.ts';
import { JsonElements } from './read-json.ts';
import { readJsonlLine } from './read-jsonl.ts';
import { compareColumns } from './readable-columns.ts';
import { type EntryFacts, scanEntry } from './scan-entry.ts';
import { SealedBytes } from './sealed-bytes.ts';
import { isSelected } from './selected.ts';
import type { Trusted } from './trust.ts';
import { Found, type Verified } from './verdict.ts';

type Form = 'csv' | 'jsonl' | 'json';

function formOf(firstLine: Buffer): Form {
  if (CsvRows.begins(firstLine)) return 'csv';
  return JsonElements.begins(firstLine) ? 'json' : 'jsonl';
}

export class JudgeExport {
  readonly #trusted: Trusted;
  readonly #digest = new SealedBytes();
  readonly #csv = new CsvRows();
  readonly #json = new JsonElements();
  readonly #keys = new KeysInLog();
  #form: Form = 'jsonl';
  #open: { readonly head: Head; readonly log: LogJudge } | undefined;
  #verified: Verified | undefined;
  #lines = 0;
  #entries = 0;
  #withheld = 0;
  /** An entry was not in its place: all that is still asked is whether it comes later. */
  #gap: Found | undefined;

  constructor(trusted: Trusted) {
    this.#trusted = trusted;
  }

  /** What entries can be looked at by, once the head was read; undefined where the form has more to them than the entry. */
  get frame(): EntryFrame | undefined {
    if (!this.#open || this.#form === 'csv') return undefined;
    const { origin, rehearsal, filter } = this.#open.head;
    return { form: this.#form, origin, rehearsal, filter };
  }

  /** The next lines of the file. @throws Found at the first problem */
  take({ bytes, ends, indexes, leafHashes }: ReadLines): void {
    let start = 0;
    let sealed = 0;
    let hash = 0;
    for (let at = 0; at < ends.length; at += 1) {
      const end = ends[at]!;
      const index = indexes[at]!;
      this.#lines += 1;
      const leaf = index === unsure ? undefined : leafHashes.subarray(hash, hash + hashLength);
      if (leaf) hash += hashLength;
      if (!leaf || !this.#sure(index, leaf)) {
        if (sealed < start) this.#digest.update(bytes.subarray(sealed, start));
        sealed = end;
        this.#line({ number: this.#lines, bytes: bytes.subarray(start, end) });
      }
      start = end;
    }
    if (sealed < start) this.#digest.update(bytes.subarray(sealed, start));
  }

  /** @returns whether that is all there is to say of this line */
  #sure(index: number, leaf: Buffer): boolean {
    if (!this.#open || this.#gap || this.#verified) return false;
    try {
      this.#open.log.sure(index, leaf, { line: this.#lines });
      this.#entries += 1;
    } catch (error) {
      this.#missing(error);
    }
    return true;
  }

  #line(line: Line): void {
    if (line.bytes.length > longestLine) {
      const problem = line.number === 1 ? 'not-an-export' : 'malformed';
      throw new Found(problem, 'a line has no end', { line: line.number });
    }
    if (line.number === 1) this.#form = formOf(line.bytes);
    if (this.#gap) {
      this.#lookFor(this.#gap, line);
      return;
    }
    if (this.#verified) {
      if (this.#form === 'json') {
        this.#json.close(line);
        return;
      }
      throw new Found('data-after-end', 'something stands after the last line', { line: line.number });
    }
    const part = this.#read(line);
    if (part?.kind === 'tail') this.#tail(part.tail);
    else this.#digest.update(line.bytes);
    if (part) this.#take(part);
  }

  /** @throws Found where the export has no end */
  verdict(): Verified {
    if (this.#gap) throw this.#gap;
    this.#csv.end();
    if (this.#verified && this.#form === 'json') this.#json.end();
    if (this.#verified) return this.#verified;
    if (!this.#open) throw new Found('not-an-export', 'this is not an audit export');
    const { next } = this.#open.log;
    throw new Found(
      'truncated',
      `the file ends after ${next} of ${this.#open.head.size} entries, without its last line`,
      {
        index: next,
      },
    );
  }

  #read(line: Line): ExportPart | undefined {
    switch (this.#form) {
      case 'csv':
        return this.#csv.read(line);
      case 'json':
        return this.#json.read(line);
      case 'jsonl':
        return readJsonlLine(line);
    }
  }

  #take(part: ExportPart): void {
    if (part.kind === 'tail') return;
    if (part.kind === 'head') {
      if (this.#open) throw new Found('malformed', 'a second head', { line: part.line });
      const { origin, rehearsal, size } = part.head;
      const log = new LogJudge({ origin, rehearsal, size }, this.#trusted.headsOf(origin, size));
      this.#open = { head: part.head, log };
      return;
    }
    const { head, log } = this.#opened(part.line);
    const place = { line: part.line };
    try {
      if (part.kind === 'entry') {
        const entry = log.entry(part.bytes, part.leafHash, place);
        this.#keys.take(entry);
        if (part.cells) compareColumns(entry, part.cells, part.line);
        refuseUnselected(head, entry, part.line);
        this.#entries += 1;
        return;
      }
      if (Object.keys(head.filter).length === 0) {
        throw new Found('withheld-unexpected', 'an entry is left out of an export of all entries', {
          index: log.next,
          ...place,
        });
      }
      for (const [at, hash] of part.leafHashes.entries()) log.withheld(part.index + at, hash, place);
      this.#withheld += part.leafHashes.length;
    } catch (error) {
      this.#missing(error);
    }
  }

  /** Whether the entry that is missing comes later is still asked; anything else is the end. */
  #missing(error: unknown): void {
    if (!(error instanceof Found && error.problem.problem === 'entry-missing')) throw error;
    this.#gap = error;
  }

  #tail(tail: Tail): void {
    const { head, log } = this.#opened();
    const chain = keyChainOf(head.origin, tail.verifierKey, tail.rotations);
    const verifier = chain.newest;
    this.#trusted.confirmChain(chain);
    this.#keys.compare(chain, this.#withheld > 0);
    const rootHash = log.finish();
    const checkpoint = parseCheckpoint(opened(tail.checkpoint, chain.verifierFor(head.size), 'checkpoint'));
    if (checkpoint?.origin !== head.origin || checkpoint.size !== head.size) {
      throw new Found('checkpoint-differs', 'the signed checkpoint is not that of this export');
    }
    if (!checkpoint.rootHash.equals(rootHash)) {
      throw new Found(
        'root-differs',
        'the entries fit their hashes, but they are not those that were signed',
        {
          index: this.#trusted.witnessedUpTo,
        },
      );
    }
    const seal = formatSeal({
      kind: 'export',
      origin: head.origin,
      size: head.size,
      digest: this.#digest.digest(),
    });
    if (opened(tail.seal, verifier, 'seal') !== seal) {
      throw new Found(
        'seal-differs',
        'something outside of the entries was changed: the head, or how a line is written',
      );
    }
    this.#verified = {
      ok: true,
      level: this.#trusted.level,
      origin: head.origin,
      rehearsal: head.rehearsal,
      size: head.size,
      entries: this.#entries,
      withheld: this.#withheld,
      rootHash: rootHash.toString('hex'),
      checkpoint: tail.checkpoint,
      verifierKey: tail.verifierKey,
      signedUpTo: head.size,
      witnessedUpTo: this.#trusted.witnessedUpTo,
      ...this.#trusted.unused(head.origin),
    };
  }

  #opened(line?: number): { readonly head: Head; readonly log: LogJudge } {
    if (!this.#open)
      throw new Found('malformed', 'the head of the export is missing', line === undefined ? {} : { line });
    return this.#open;
  }

  /** Throws once the missing entry turns up further down. */
  #lookFor(gap: Found, line: Line): void {
    let part: ExportPart | undefined;
    try {
      part = this.#read(line);
    } catch (error) {
      if (error instanceof Found) return;
      throw error;
    }
    const { index } = gap.problem;
    if (part?.kind !== 'entry' || index === undefined || scanEntry(part.bytes)?.index !== index) return;
    throw new Found('entry-reordered', `entry ${index} is not in its place, it stands further down`, {
      index,
      line: part.line,
    });
  }
}

function opened(note: string, verifier: NoteVerifier, what: string): string {
  const result = openNote(note, verifier);
  if (result.ok) return result.text;
  throw new Found(
    'signature-wrong',
    `the signature of the ${what} is not one of the key in the file (${result.why})`,
  );
}

function refuseUnselected({ filter }: Head, entry: EntryFacts, line: number): void {
  if (!isSelected(filter, entry)) {
    throw new Found(
      'entry-not-selected',
      `entry ${entry.index} is none of those that the head says are shown`,
      {
        index: entry.index,
        line,
      },
    );
  }
}
