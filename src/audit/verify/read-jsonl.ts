/** The JSON lines form, line by line. An entry's bytes are cut out of the line as they stand, never parsed and rebuilt. */
import { type ExportPart, hashOf, headOf, tailOf, textOf } from './export-part.ts';
import type { Line } from './read-chunks.ts';
import { Found } from './verdict.ts';

const entryStart = Buffer.from('{"entry":');
const hashStart = Buffer.from(',"leafHash":"');
const entryEnd = Buffer.from('"}');
const hashDigits = 64;
const withheldLine = /^\{"index":(0|[1-9][0-9]*),"withheld":\["([0-9a-f",]+)"\]\}$/;

/** How the lines of an export begin; a file whose first one does not is something else. */
const beginnings = ['{"filter":', '{"entry":', '{"index":', '{"checkpoint":'].map(text => Buffer.from(text));

/** @param first whether it is the first one of the file's objects */
export function readJsonlLine({ number, bytes }: Line, first: boolean = number === 1): ExportPart {
  if (first && !beginnings.some(begin => bytes.subarray(0, begin.length).equals(begin)))
    throw new Found('not-an-export', 'this does not begin as an audit export does', { line: number });
  if (bytes.at(-1) !== 0x0a) throw new Found('truncated', 'the file ends within a line', { line: number });
  const content = bytes.subarray(0, -1);
  if (content.subarray(0, entryStart.length).equals(entryStart)) return entryPart(content, number);
  const text = textOf(content, number);
  if (text.startsWith('{"checkpoint":')) return { kind: 'tail', tail: tailOf(text, number), line: number };
  if (text.startsWith('{"index":')) return withheldPart(text, number);
  const head = headOf(text);
  if (head) return { kind: 'head', head, line: number };
  throw new Found('malformed', 'this is not a line of an audit export', { line: number });
}

function entryPart(content: Buffer, line: number): ExportPart {
  const digits = content.length - entryEnd.length - hashDigits;
  const end = digits - hashStart.length;
  const leafHash = hashOf(content.toString('latin1', digits, digits + hashDigits));
  const framed =
    end > entryStart.length &&
    content.subarray(end, digits).equals(hashStart) &&
    content.subarray(-entryEnd.length).equals(entryEnd);
  if (!framed || !leafHash) throw new Found('malformed', 'the line of this entry is broken', { line });
  return { kind: 'entry', bytes: content.subarray(entryStart.length, end), leafHash, line };
}

function withheldPart(text: string, line: number): ExportPart {
  const [, index, list = ''] = withheldLine.exec(text) ?? [];
  const leafHashes = list.split('","').map(hashOf);
  if (!leafHashes.every(hash => hash !== undefined))
    throw new Found('malformed', 'a leaf hash is broken', { line });
  return { kind: 'withheld', index: Number(index), leafHashes, line };
}
