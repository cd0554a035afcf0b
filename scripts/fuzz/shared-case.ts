/** The case that is running, in memory that the judge can read when the thread that runs it can say nothing any more. */
import type { FuzzCase } from './fuzz-case.ts';

const HEADER = 8;
const MOST_BYTES = 16 * 1024 * 1024;

export function makeSharedCase(): SharedArrayBuffer {
  return new SharedArrayBuffer(MOST_BYTES);
}

export function showCase(shared: SharedArrayBuffer, { kind, input }: FuzzCase): void {
  const text = Buffer.from(`${kind}\n${Buffer.from(input).toString('base64')}`);
  new Uint8Array(shared, HEADER).set(text.subarray(0, MOST_BYTES - HEADER));
  const numbers = new Int32Array(shared, 0, 2);
  Atomics.store(numbers, 1, Math.min(text.length, MOST_BYTES - HEADER));
  Atomics.add(numbers, 0, 1);
}

/** Changes with each case. */
export function caseNumber(shared: SharedArrayBuffer): number {
  return Atomics.load(new Int32Array(shared, 0, 2), 0);
}

/** Undefined before the first case. */
export function shownCase(shared: SharedArrayBuffer): FuzzCase | undefined {
  const length = Atomics.load(new Int32Array(shared, 0, 2), 1);
  if (length === 0) return undefined;
  const text = Buffer.from(new Uint8Array(shared, HEADER, length)).toString();
  const end = text.indexOf('\n');
  return { kind: text.slice(0, end), input: Buffer.from(text.slice(end + 1), 'base64') };
}
