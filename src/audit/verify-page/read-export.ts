/** An export of any form as its parts: head, entries and leaf hashes in their order, tail, and the text that is sealed. */
import { type Bytes, canonicalObject, fromHex } from './bytes.ts';
import { csvRows, frameDiffers } from './csv.ts';
import { Found } from './verdict.ts';

export type Part =
  | {
      readonly kind: 'entry';
      readonly text: string;
      readonly leaf: Bytes;
      readonly cells?: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'withheld'; readonly index: number; readonly leaf: Bytes };

export interface Head {
  readonly madeAt: string;
  readonly origin: string;
  readonly size: number;
  readonly rehearsal: boolean;
  readonly filter: Readonly<Record<string, string>>;
}

export interface ReadExport {
  readonly head: Head;
  readonly parts: readonly Part[];
  readonly tail: {
    readonly checkpoint: string;
    readonly rotations?: readonly string[];
    readonly seal: string;
    readonly verifierKey: string;
  };
  readonly sealed: string;
}

export function readExport(text: string): ReadExport {
  if (text.startsWith('\uFEFF') || text.startsWith('index,')) return readCsv(text);
  if (!text.startsWith('{"filter":')) {
    if (!text.startsWith('[\n{"filter":')) throw new Found('not-an-export');
    return readArray(text);
  }
  return readLines(text, text);
}

/** The lines of the JSON lines form as elements of one array. */
function readArray(text: string): ReadExport {
  if (!text.endsWith('\n]\n')) throw new Found(/\n\]\n[\s\S]/.test(text) ? 'data-after-end' : 'truncated');
  const elements = text.slice(2, -2);
  const lines = elements.slice(0, -1).split('\n');
  const whole = lines.every((line, at) => line.endsWith(',') === at < lines.length - 1);
  if (!whole) throw new Found('malformed');
  return readLines(lines.map(line => `${line.replace(/,$/, '')}\n`).join(''), text.slice(0, -2));
}

/** @param file what the tail's line ends */
function readLines(text: string, file: string): ReadExport {
  if (!text.endsWith('\n')) throw new Found('truncated');
  const lines = text.slice(0, -1).split('\n');
  const tailLine = lines.at(-1)!;
  if (!tailLine.startsWith('{"checkpoint":')) {
    throw new Found(lines.some(line => line.startsWith('{"checkpoint":')) ? 'data-after-end' : 'truncated');
  }
  return {
    head: headOf(lines[0]!),
    parts: lines.slice(1, -1).flatMap(partsOf),
    tail: tailOf(tailLine),
    sealed: file.slice(0, file.length - tailLine.length - 1),
  };
}

function partsOf(line: string): Part[] {
  const [, entry, hash = ''] = /^\{"entry":([\s\S]*),"leafHash":"([0-9a-f]{64})"\}$/.exec(line) ?? [];
  if (entry !== undefined) return [{ kind: 'entry', text: entry, leaf: fromHex(hash)! }];
  const { index, withheld } = canonicalObject(line) ?? {};
  if (typeof index !== 'number' || !Array.isArray(withheld)) throw new Found('malformed');
  return withheld.map((text, at) => ({ kind: 'withheld', index: index + at, leaf: leafOf(text) }));
}

function leafOf(text: unknown): Bytes {
  const leaf = typeof text === 'string' ? fromHex(text) : undefined;
  if (leaf?.length !== 32) throw new Found('malformed');
  return leaf;
}

function readCsv(text: string): ReadExport {
  const { rows, tailAt } = csvRows(text);
  const [first, ...rest] = rows;
  const last = rest.pop();
  if (first?.get('type') !== 'export-head') throw new Found('not-an-export');
  if (last?.get('type') !== 'export-tail') {
    throw new Found(rest.some(row => row.get('type') === 'export-tail') ? 'data-after-end' : 'truncated');
  }
  const parts = rest.map((cells): Part => {
    const leaf = leafOf(cells.get('leafHash'));
    if (cells.get('type') === 'withheld')
      return { kind: 'withheld', index: Number(cells.get('index')), leaf };
    return { kind: 'entry', text: cells.get('entry')!, leaf, cells };
  });
  const head = headOf(first.get('entry')!);
  const rehearsal = head.rehearsal ? 'REHEARSAL' : '';
  if (frameDiffers(first, { type: 'export-head', time: head.madeAt, rehearsal }))
    throw new Found('columns-changed');
  if (frameDiffers(last, { type: 'export-tail', rehearsal })) throw new Found('columns-changed');
  return { head, parts, tail: tailOf(last.get('entry')!), sealed: text.slice(0, tailAt) };
}

function headOf(text: string): Head {
  const head = canonicalObject(text);
  if (head?.format !== 'keyline-audit-export' || head.v !== 1) throw new Found('malformed');
  const { origin, size, rehearsal, filter, madeAt } = head;
  if (
    typeof origin !== 'string' ||
    typeof size !== 'number' ||
    typeof rehearsal !== 'boolean' ||
    typeof madeAt !== 'string'
  )
    throw new Found('malformed');
  return { origin, size, rehearsal, madeAt, filter: filter as Head['filter'] };
}

function tailOf(text: string): ReadExport['tail'] {
  const tail = canonicalObject(text);
  const { rotations = [], ...texts } = tail ?? {};
  const known = Object.keys(texts).sort().join() === 'checkpoint,seal,verifierKey';
  const isText = (value: unknown) => typeof value === 'string';
  if (!known || !Object.values(texts).every(isText) || !Array.isArray(rotations) || !rotations.every(isText))
    throw new Found('malformed');
  return tail as unknown as ReadExport['tail'];
}
