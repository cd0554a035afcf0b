/** Damages good inputs as lines, disks, people and attackers do: mostly a little, so that parsers get far into them. */
import type { Random } from './random.ts';

const LONGEST = 64 * 1024;
/** What sizes, counts and numbers break at. */
const edges = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff];

/** One to four changes; now and then only noise. */
export function mutateBytes(
  random: Random,
  good: Uint8Array,
  others: readonly Uint8Array[] = [good],
): Buffer {
  if (random.onceIn(40)) return random.bytes(random.below(600));
  let bytes: Buffer = Buffer.from(good);
  for (let changes = 1 + random.below(4); changes > 0; changes--) bytes = changeBytes(random, bytes, others);
  return bytes.subarray(0, LONGEST);
}

function changeBytes(random: Random, bytes: Buffer, others: readonly Uint8Array[]): Buffer {
  const at = random.below(bytes.length + 1);
  const to = Math.min(bytes.length, at + 1 + random.below(random.onceIn(4) ? 200 : 8));
  const splice = (middle: Uint8Array, end = to) =>
    Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(end)]);
  switch (random.below(8)) {
    case 0:
      return splice(random.bytes(to - at));
    case 1:
      return splice(Buffer.of((bytes[at] ?? 0) ^ (1 << random.below(8))), at + 1);
    case 2:
      return bytes.subarray(0, at);
    case 3:
      return splice(Buffer.alloc(0));
    case 4:
      return splice(bytes.subarray(at, to), at);
    case 5:
      return splice(random.bytes(random.below(40)), at);
    case 6: {
      const size = random.pick([1, 2, 4]);
      const edge = Buffer.alloc(4);
      edge.writeUInt32BE(random.pick(edges));
      return splice(edge.subarray(4 - size), Math.min(bytes.length, at + size));
    }
    default: {
      const other = random.pick(others);
      const from = random.below(other.length + 1);
      return splice(other.subarray(from, from + random.below(300)));
    }
  }
}

/** What texts break at: syntax of JSON, CSV, base64, notes and conf strings, and the odd parts of Unicode. */
const fragments = [
  ...[
    '"',
    "'",
    ',',
    ':',
    ';',
    '=',
    '{',
    '}',
    '[',
    ']',
    '\\',
    '/',
    '\n',
    '\r\n',
    '\n\n',
    '\t',
    '\0',
    ' ',
    '+',
    '-',
  ],
  ...['null', 'true', '1e999', '-0', '[[[[[[[[', '{"__proto__":{}}', '"constructor"', '\\ud800', '\\u0000'],
  ...[
    '\ufeff',
    '\ud800',
    '\u202e',
    '\u200b',
    'é',
    '한글',
    '😀',
    '— ',
    '=cmd|x',
    '%s%n',
    '../../',
    'a'.repeat(300),
  ],
];

export function mutateText(random: Random, good: string, others: readonly string[] = [good]): string {
  if (random.onceIn(8)) {
    const bytes = mutateBytes(
      random,
      Buffer.from(good),
      others.map(other => Buffer.from(other)),
    );
    return bytes.toString(random.onceIn(2) ? 'utf8' : 'latin1');
  }
  let text = good;
  for (let changes = 1 + random.below(4); changes > 0; changes--) text = changeText(random, text, others);
  return text.slice(0, LONGEST);
}

function changeText(random: Random, text: string, others: readonly string[]): string {
  const at = random.below(text.length + 1);
  const to = at + random.below(random.onceIn(4) ? 200 : 6);
  switch (random.below(5)) {
    case 0:
      return text.slice(0, at) + random.pick(fragments) + text.slice(at);
    case 1:
      return text.slice(0, at) + random.pick(fragments) + text.slice(to);
    case 2:
      return text.slice(0, at) + text.slice(to);
    case 3:
      return text.slice(0, to) + text.slice(at);
    default: {
      const other = random.pick(others);
      const from = random.below(other.length + 1);
      return text.slice(0, at) + other.slice(from, from + random.below(200)) + text.slice(to);
    }
  }
}
