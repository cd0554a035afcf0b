/** JSON lines: each line one RFC 8785 object, the entries' stored bytes verbatim inside. README.md has the whole form. */
import type { ExportForm } from './export-form.ts';

/** @param lineEnd what stands behind each object, in ASCII */
export const jsonLines = (lineEnd: string): ExportForm => ({
  begin: (chunk, head) => chunk.text(head + lineEnd),
  entry: (chunk, bytes, leafHash) => {
    chunk.ascii('{"entry":');
    chunk.bytes(bytes);
    chunk.ascii(`,"leafHash":"${leafHash.toString('hex')}"}${lineEnd}`);
  },
  withheld: (chunk, from, leafHashes) => {
    const hashes = leafHashes.map(hash => `"${hash.toString('hex')}"`).join(',');
    chunk.ascii(`{"index":${from},"withheld":[${hashes}]}${lineEnd}`);
  },
  end: (chunk, tail) => chunk.text(tail + lineEnd),
});

export const jsonlForm: ExportForm = jsonLines('\n');
