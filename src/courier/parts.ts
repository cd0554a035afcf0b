/**
 * What a courier carries, as one file or several: bytes behind a line that says which letter they are of, which part of how
 * many, how long the part is, and its SHA-256. So a file that is cut short, missing, swapped or damaged is named before
 * anything is believed of it; whether the whole is what a station signed, only the letter says (`letter.ts`). Names of
 * files mean nothing. Everything read here is untrusted.
 *
 *     keyline courier 1 <bundle|receipt> <id> <part>/<parts> <bytes> <SHA-256, hex>
 */
import { createHash } from 'node:crypto';
import { CourierError } from './errors.ts';
import { limits } from './limits.ts';

export type LetterKind = 'bundle' | 'receipt';

export interface Carried {
  readonly kind: LetterKind;
  /** UUID of the letter. */
  readonly id: string;
  readonly bytes: Buffer;
}

export interface PartFile {
  /** For messages only. */
  readonly name: string;
  readonly bytes: Buffer;
}

const headLine =
  /^keyline courier 1 (bundle|receipt) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) ([1-9]\d{0,2})\/([1-9]\d{0,2}) (0|[1-9]\d{0,8}) ([0-9a-f]{64})\n/;
/** More than a head line ever has. */
const mostHeadBytes = 192;
export const leastPartBytes = 4096;

/** @param mostBytes of one file, with its head line @throws CourierError `courier-part-size` */
export function splitIntoParts(
  { kind, id, bytes }: Carried,
  mostBytes: number = Number.MAX_SAFE_INTEGER,
): Buffer[] {
  const room = mostBytes - mostHeadBytes;
  const parts = Math.max(1, Math.ceil(bytes.length / Math.max(room, 1)));
  if (mostBytes < leastPartBytes || parts > limits.parts)
    throw new CourierError('courier-part-size', `${bytes.length} bytes do not go into files of ${mostBytes}`);
  return Array.from({ length: parts }, (_, at) => {
    const part = bytes.subarray(at * room, (at + 1) * room);
    const head = `keyline courier 1 ${kind} ${id} ${at + 1}/${parts} ${part.length} ${digestOf(part)}\n`;
    return Buffer.concat([Buffer.from(head), part]);
  });
}

/** Files of one letter, in any order; the same part twice is no fault. @throws CourierError */
export function joinParts(files: readonly PartFile[]): Carried {
  const read = files.map(readPart);
  const first = read[0];
  if (!first) throw new CourierError('courier-part-missing', 'no file was named');
  const bytes: (Buffer | undefined)[] = Array(first.parts).fill(undefined);
  for (const part of read) {
    if (part.kind !== first.kind || part.id !== first.id || part.parts !== first.parts)
      throw new CourierError(
        'courier-part-foreign',
        `${part.name} is part ${part.part} of ${part.parts} of ${part.kind} ${part.id}, ${first.name} is of ${first.kind} ${first.id}`,
      );
    if (bytes[part.part - 1]?.equals(part.bytes) === false)
      throw new CourierError(
        'courier-damaged',
        `${part.name}: part ${part.part} is there twice, with different content`,
      );
    bytes[part.part - 1] = part.bytes;
  }
  const missing = bytes.flatMap((part, at) => (part ? [] : [at + 1]));
  if (missing.length > 0)
    throw new CourierError(
      'courier-part-missing',
      `${first.kind} ${first.id} has ${first.parts} parts; missing: ${missing.slice(0, 20).join(', ')}`,
    );
  const whole = bytes as Buffer[];
  if (whole.reduce((sum, part) => sum + part.length, 0) > limits.bytes)
    throw new CourierError('courier-too-large', `more than ${limits.bytes} bytes`);
  return { kind: first.kind, id: first.id, bytes: Buffer.concat(whole) };
}

interface Part extends Carried {
  readonly name: string;
  readonly part: number;
  readonly parts: number;
}

function readPart({ name, bytes: file }: PartFile): Part {
  const [head = '', kind, id = '', part, parts, length, digest] =
    headLine.exec(file.subarray(0, mostHeadBytes).toString('latin1')) ?? [];
  if (head === '') {
    const begun = 'keyline courier 1 ';
    const start = file.subarray(0, begun.length).toString('latin1');
    // A file of zeros is what a stick that was pulled out too early leaves of a name that it has noted already.
    const cut = file.length < mostHeadBytes && (begun.startsWith(start) || start === begun);
    const zeros = file.length > 0 && file.subarray(0, mostHeadBytes).every(byte => byte === 0);
    if (cut || zeros) throw new CourierError('courier-cut-short', `${name} has no whole first line`);
    if (isRewritten(file))
      throw new CourierError('courier-damaged', `${name} was written anew as text; copy the file as it is`);
    throw new CourierError('courier-unreadable', `${name} does not begin as a courier file does`);
  }
  if (Number(part) > Number(parts))
    throw new CourierError('courier-unreadable', `${name} is part ${part} of ${parts}`);
  const bytes = file.subarray(head.length);
  if (bytes.length < Number(length))
    throw new CourierError('courier-cut-short', `${name} has ${bytes.length} of ${length} bytes`);
  if (bytes.length > Number(length) || digestOf(bytes) !== digest)
    throw new CourierError('courier-damaged', `${name}, part ${part} of ${parts}, is not what was written`);
  return { name, kind: kind as LetterKind, id, part: Number(part), parts: Number(parts), bytes };
}

/** An editor or a transfer as text gave it another encoding, a mark at its beginning or other line ends. */
function isRewritten(file: Buffer): boolean {
  const head = file.subarray(0, 2 * mostHeadBytes + 3).toString('latin1');
  return headLine.test(head.replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '').replaceAll(/[\0\r]/g, ''));
}

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
