/** One change to an export: a bit, a byte run, a row or the tail. Every export that differs must be found to. */
import type { Random } from '../fuzz/random.ts';

export interface Tampered {
  /** What was done, for the report. */
  readonly what: string;
  readonly bytes: Buffer;
}

type Way = (bytes: Buffer, random: Random) => Tampered;

const ways: readonly Way[] = [
  (bytes, random) => {
    const at = random.below(bytes.length);
    const bit = random.below(8);
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1 << bit;
    return { what: `bit ${bit} of byte ${at}`, bytes: changed };
  },
  (bytes, random) => {
    const at = random.below(bytes.length);
    const count = 1 + random.below(40);
    return {
      what: `${count} bytes cut out at ${at}`,
      bytes: Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + count)]),
    };
  },
  (bytes, random) => {
    const at = random.below(bytes.length + 1);
    const put = random.bytes(1 + random.below(6));
    return {
      what: `${put.length} bytes put in at ${at}`,
      bytes: Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at)]),
    };
  },
  (bytes, random) => {
    const end = random.below(bytes.length);
    return { what: `cut off at ${end}`, bytes: bytes.subarray(0, end) };
  },
  (bytes, random) => {
    const rows = linesOf(bytes);
    const at = random.below(rows.length);
    return { what: `line ${at} left out`, bytes: Buffer.concat(rows.toSpliced(at, 1)) };
  },
  (bytes, random) => {
    const rows = linesOf(bytes);
    const at = random.below(rows.length);
    const to = random.below(rows.length);
    return { what: `line ${at} again at ${to}`, bytes: Buffer.concat(rows.toSpliced(to, 0, rows[at]!)) };
  },
  (bytes, random) => {
    const rows = linesOf(bytes);
    const [a, b] = [random.below(rows.length), random.below(rows.length)];
    return {
      what: `lines ${a} and ${b} changed places`,
      bytes: Buffer.concat(rows.with(a, rows[b]!).with(b, rows[a]!)),
    };
  },
  (bytes, random) => {
    const digit = [...bytes.keys()].filter(at => bytes[at]! >= 0x30 && bytes[at]! <= 0x39);
    const at = random.pick(digit);
    const changed = Buffer.from(bytes);
    changed[at] = 0x30 + ((changed[at]! - 0x30 + 1 + random.below(9)) % 10);
    return { what: `another digit at ${at}`, bytes: changed };
  },
];

/** A change that makes a difference. */
export function tamperExport(bytes: Buffer, random: Random): Tampered {
  for (;;) {
    const tampered = random.pick(ways)(bytes, random);
    if (!tampered.bytes.equals(bytes)) return tampered;
  }
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(0x0a, from);
    const to = end < 0 ? bytes.length : end + 1;
    lines.push(bytes.subarray(from, to));
    from = to;
  }
  return lines;
}
