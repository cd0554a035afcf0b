/** A whole text file of bounded size. A pipe or a device is refused before it is opened: it might never end. */
import { readFileSync, statSync } from 'node:fs';

/** Throws as `node:fs` does, or an Error that says what is wrong. */
export function readSmallFile(file: string, mostBytes: number): string {
  const facts = statSync(file);
  if (!facts.isFile()) throw new Error('it is not a file');
  if (facts.size > mostBytes) throw new Error(`it has ${facts.size} bytes, at most ${mostBytes} are read`);
  return readFileSync(file, 'utf8');
}
