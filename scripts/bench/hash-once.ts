/**
 * The hashes alone that verifying an export in JSON lines cannot do without, in one thread and a process of its own: that of the
 * file, those of the entries and of the tree. Argument: file. Prints `OnceResult`.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { leafHash, MerkleTree } from '../../src/audit/merkle.ts';
import { peakMemoryMiB } from './peak-memory.ts';
import type { OnceResult } from './verify-rate.ts';

const entryStart = Buffer.from('{"entry":');
/** Bytes behind the entry in its line. */
const afterEntry = ',"leafHash":""}\n'.length + 64;

const [file] = process.argv.slice(2) as [string];
const begun = performance.now();
const digest = createHash('sha256');
const tree = new MerkleTree();
let rest: Buffer = Buffer.alloc(0);
for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
  digest.update(chunk);
  const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
  let start = 0;
  for (let end = bytes.indexOf(0x0a) + 1; end > 0; end = bytes.indexOf(0x0a, start) + 1) {
    // Head and tail begin otherwise.
    if (bytes[start + 2] === entryStart[2] && bytes[start + 3] === entryStart[3])
      tree.append(leafHash(bytes.subarray(start + entryStart.length, end - afterEntry)));
    start = end;
  }
  rest = bytes.subarray(start);
}
digest.digest();
const rootHash = tree.root().toString('hex');
const ms = performance.now() - begun;
console.log(JSON.stringify({ ms, peakMiB: peakMemoryMiB(), rootHash } satisfies OnceResult));
