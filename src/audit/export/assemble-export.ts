/**
 * Puts an export together as a stream of bytes, in flat memory: head, every entry in order (or its leaf hash where it
 * is not selected), and a last line with the signed checkpoint and the seal. On the way it grows the tree, and signs
 * nothing where the stored rows do not fit their hashes or a checkpoint that was signed before.
 */
import { createHash, type Hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { signCheckpoint } from '../checkpoint.ts';
import { AuditError } from '../errors.ts';
import { KeyChain } from '../key-chain.ts';
import { KnownHeads } from '../known-heads.ts';
import { leafHash, MerkleTree } from '../merkle.ts';
import { formatSeal } from '../seal.ts';
import { signNote } from '../signed-note.ts';
import type { StationKey } from '../station-key.ts';
import { ChunkBuilder } from './chunk-builder.ts';
import { csvForm } from './csv-form.ts';
import type { ExportForm, ExportHead } from './export-form.ts';
import { jsonForm } from './json-form.ts';
import { jsonlForm } from './jsonl-form.ts';
import { isSelected, isWholeLog, type Selection, type StatedSelection, stateSelection } from './selection.ts';

/** The log as the ledger has it. */
export interface ExportSource {
  readonly origin: string;
  readonly rehearsal: boolean;
  /** Number of entries to cover. */
  readonly size: number;
  /** Entries 0 to size - 1, in order; without bytes where they rest elsewhere and are not selected. */
  readonly entries: Iterable<{ readonly entry: Buffer | undefined; readonly leaf_hash: Buffer }>;
  /** Signed notes made before; the log must extend each of them. */
  readonly checkpoints: readonly string[];
  /** Notes by which one key took the place of another, first one first. */
  readonly rotations?: readonly string[] | undefined;
}

/** The forms that carry the log itself. */
export const exportFormats = ['csv', 'jsonl', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOrder {
  readonly format: ExportFormat;
  /** Version of Keyline that writes. */
  readonly keyline: string;
  /** CSV only: whether it begins with one, without which spreadsheets spoil Hangul. Default: true. */
  readonly byteOrderMark?: boolean | undefined;
  readonly selection: Selection;
  /** Epoch milliseconds. */
  readonly madeAt: number;
  readonly key: StationKey;
}

export interface ExportResult {
  /** Entries shown, and entries that stand as a hash. */
  readonly entries: number;
  readonly withheld: number;
  readonly size: number;
  readonly rootHash: Buffer;
  /** The signed note, to be kept in the ledger and outside it (rule A2). */
  readonly checkpoint: string;
  readonly verifierKey: string;
}

const hashesPerLine = 256;

/**
 * Yields the file's bytes in chunks; returns what was written.
 * @param onProgress told before each chunk how many entries it takes the file to
 */
export function* assembleExport(
  source: ExportSource,
  order: ExportOrder,
  onProgress?: (done: number) => void,
): Generator<Buffer, ExportResult, undefined> {
  const { origin, rehearsal, size } = source;
  const { key } = order;
  const filter = stateSelection(order.selection);
  const madeAt = new Date(order.madeAt).toISOString();
  const { keyline, byteOrderMark = true } = order;
  const form = formOf(order.format, { madeAt, rehearsal, byteOrderMark });
  const digest = createHash('sha256');
  const chunk = new ChunkBuilder();

  const head = { filter, format: 'keyline-audit-export', keyline, madeAt, origin, rehearsal, size, v: 1 };
  form.begin(chunk, canonicalize(head)!);
  const heads = signedHeads(source, key);
  const tree = new MerkleTree();
  const lines = new EntryLines(form, filter, chunk);
  refuseContradiction(heads, tree);
  for (const { entry, leaf_hash } of source.entries) {
    if (entry && !leafHash(entry).equals(leaf_hash)) {
      throw new AuditError('log-damaged', `entry ${tree.size} does not fit its leaf hash`);
    }
    lines.add(tree.size, entry, leaf_hash);
    tree.append(leaf_hash);
    refuseContradiction(heads, tree);
    if (!chunk.isFull) continue;
    onProgress?.(tree.size);
    yield digested(chunk.take(), digest);
  }
  lines.end(tree.size);
  if (tree.size !== size) {
    throw new AuditError('log-damaged', `the log has ${tree.size} entries where it had ${size}`);
  }
  onProgress?.(size);
  yield digested(chunk.take(), digest);

  const rootHash = tree.root();
  const checkpoint = signCheckpoint(key, { origin, size, rootHash });
  const seal = signNote(formatSeal({ kind: 'export', origin, size, digest: digest.digest() }), key);
  const rotations = source.rotations?.length ? { rotations: source.rotations } : {};
  form.end(chunk, canonicalize({ checkpoint, ...rotations, seal, verifierKey: key.verifierKey })!);
  yield chunk.take();
  const { shown } = lines;
  return { entries: shown, withheld: size - shown, size, rootHash, checkpoint, verifierKey: key.verifierKey };
}

function formOf(format: ExportFormat, head: ExportHead): ExportForm {
  switch (format) {
    case 'csv':
      return csvForm(head);
    case 'jsonl':
      return jsonlForm;
    case 'json':
      return jsonForm;
  }
}

/** The lines of entries that come in order: each shown, or, with those beside it that are not selected, as its leaf hash. */
class EntryLines {
  shown = 0;
  readonly #form: ExportForm;
  readonly #filter: StatedSelection;
  readonly #whole: boolean;
  readonly #chunk: ChunkBuilder;
  #withheld: Buffer[] = [];

  constructor(form: ExportForm, filter: StatedSelection, chunk: ChunkBuilder) {
    this.#form = form;
    this.#filter = filter;
    this.#whole = isWholeLog(filter);
    this.#chunk = chunk;
  }

  add(index: number, entry: Buffer | undefined, leafHash: Buffer): void {
    const selected = entry && (this.#whole || isSelected(this.#filter, JSON.parse(entry.toString())));
    if (selected || this.#withheld.length === hashesPerLine) this.end(index);
    if (selected) {
      this.#form.entry(this.#chunk, entry, leafHash);
      this.shown += 1;
    } else this.#withheld.push(leafHash);
  }

  /** @param size entries so far */
  end(size: number): void {
    if (this.#withheld.length === 0) return;
    this.#form.withheld(this.#chunk, size - this.#withheld.length, this.#withheld);
    this.#withheld = [];
  }
}

function digested(bytes: Buffer, digest: Hash): Buffer {
  digest.update(bytes);
  return bytes;
}

/** The heads that this station has signed for this log before. */
function signedHeads({ checkpoints, origin, size, rotations }: ExportSource, key: StationKey): KnownHeads {
  const chain = KeyChain.of(origin, key.verifierKey, rotations);
  const heads = checkpoints.map(note => {
    const checkpoint = chain.openCheckpoint(note);
    if (!checkpoint) throw new AuditError('log-damaged', 'a stored checkpoint is not one of this log');
    return checkpoint;
  });
  // A checkpoint made while this export ran covers more than it does.
  return new KnownHeads(heads.filter(head => head.size <= size));
}

function refuseContradiction(heads: KnownHeads, tree: MerkleTree): void {
  const head = heads.contradicted(tree);
  if (!head) return;
  throw new AuditError(
    'log-damaged',
    `the entries before ${head.size} are not those that were signed; ${heads.agreed} of them still are`,
  );
}
