/**
 * Puts an export together as a stream of bytes, in flat memory: head, every entry in order (or its leaf hash where it
 * is not selected), and a last line with the signed checkpoint and the seal. On the way it grows the tree, and signs
 * nothing where the stored rows do not fit their hashes or a checkpoint that was signed before.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { parseCheckpoint, signCheckpoint } from '../checkpoint.ts';
import { AuditError } from '../errors.ts';
import { KnownHeads } from '../known-heads.ts';
import { leafHash, MerkleTree } from '../merkle.ts';
import { formatSeal } from '../seal.ts';
import { openNote, parseVerifierKey, signNote } from '../signed-note.ts';
import type { StationKey } from '../station-key.ts';
import { csvForm } from './csv-form.ts';
import type { ExportForm } from './export-form.ts';
import { jsonlForm } from './jsonl-form.ts';
import { isSelected, isWholeLog, type Selection, stateSelection } from './selection.ts';

/** The log as the ledger has it. */
export interface ExportSource {
  readonly origin: string;
  readonly rehearsal: boolean;
  /** Number of entries to cover. */
  readonly size: number;
  /** Entries 0 to size - 1, in order. */
  readonly entries: Iterable<{ readonly entry: Buffer; readonly leaf_hash: Buffer }>;
  /** Signed notes made before; the log must extend each of them. */
  readonly checkpoints: readonly string[];
}

export type ExportFormat = 'csv' | 'jsonl';

export interface ExportOrder {
  readonly format: ExportFormat;
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

const bytesPerChunk = 256 * 1024;
const hashesPerLine = 256;

/** Yields the file's bytes in chunks; returns what was written. */
export function* assembleExport(
  source: ExportSource,
  order: ExportOrder,
): Generator<Buffer, ExportResult, undefined> {
  const { origin, rehearsal, size } = source;
  const { key } = order;
  const selection = stateSelection(order.selection);
  const madeAt = new Date(order.madeAt).toISOString();
  const form: ExportForm = order.format === 'csv' ? csvForm({ madeAt, rehearsal }) : jsonlForm;
  const digest = createHash('sha256');
  let shown = 0;

  const pieces = function* (): Generator<string, MerkleTree, undefined> {
    const tree = new MerkleTree();
    const heads = signedHeads(source, key);
    const withheld: Buffer[] = [];
    const flushWithheld = () =>
      withheld.length === 0 ? '' : form.withheld(tree.size - withheld.length, withheld.splice(0));
    yield form.begin(
      canonicalize({
        filter: selection,
        format: 'keyline-audit-export',
        madeAt,
        origin,
        rehearsal,
        size,
        v: 1,
      })!,
    );
    refuseContradiction(heads, tree);
    for (const { entry, leaf_hash } of source.entries) {
      if (!leafHash(entry).equals(leaf_hash)) {
        throw new AuditError('log-damaged', `entry ${tree.size} does not fit its leaf hash`);
      }
      if (isWholeLog(selection) || isSelected(selection, JSON.parse(entry.toString()))) {
        yield flushWithheld();
        yield form.entry(entry, leaf_hash);
        shown += 1;
        tree.append(leaf_hash);
      } else {
        tree.append(leaf_hash);
        if (withheld.push(leaf_hash) === hashesPerLine) yield flushWithheld();
      }
      refuseContradiction(heads, tree);
    }
    yield flushWithheld();
    if (tree.size !== size || heads.ahead.length > 0) {
      throw new AuditError('log-damaged', `the log ends after ${tree.size} entries, a signed one has more`);
    }
    return tree;
  };

  const tree = yield* inChunks(pieces(), chunk => digest.update(chunk));
  const rootHash = tree.root();
  const checkpoint = signCheckpoint(key, { origin, size, rootHash });
  const seal = signNote(formatSeal({ origin, size, digest: digest.digest() }), key);
  yield Buffer.from(form.end(canonicalize({ checkpoint, seal, verifierKey: key.verifierKey })!));
  return { entries: shown, withheld: size - shown, size, rootHash, checkpoint, verifierKey: key.verifierKey };
}

function* inChunks<Result>(
  pieces: Generator<string, Result, undefined>,
  seen: (chunk: Buffer) => void,
): Generator<Buffer, Result, undefined> {
  let text: string[] = [];
  let length = 0;
  const flush = () => {
    const chunk = Buffer.from(text.join(''));
    seen(chunk);
    text = [];
    length = 0;
    return chunk;
  };
  for (;;) {
    const next = pieces.next();
    if (next.done) {
      yield flush();
      return next.value;
    }
    text.push(next.value);
    length += next.value.length;
    if (length >= bytesPerChunk) yield flush();
  }
}

/** The heads that this station has signed for this log before. */
function signedHeads({ checkpoints, origin, size }: ExportSource, key: StationKey): KnownHeads {
  const verifier = parseVerifierKey(key.verifierKey)!;
  const heads = checkpoints.map(note => {
    const opened = openNote(note, verifier);
    const checkpoint = opened.ok ? parseCheckpoint(opened.text) : undefined;
    if (checkpoint?.origin !== origin)
      throw new AuditError('log-damaged', 'a stored checkpoint is not one of this log');
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
