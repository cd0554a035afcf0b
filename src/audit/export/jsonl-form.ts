/** JSON lines: each line one RFC 8785 object, the entries' stored bytes verbatim inside. README.md has the whole form. */
import type { ExportForm } from './export-form.ts';

export const jsonlForm: ExportForm = {
  begin: head => `${head}\n`,
  entry: (bytes, leafHash) => `{"entry":${bytes.toString()},"leafHash":"${leafHash.toString('hex')}"}\n`,
  withheld: (from, leafHashes) =>
    `{"index":${from},"withheld":[${leafHashes.map(hash => `"${hash.toString('hex')}"`).join(',')}]}\n`,
  end: tail => `${tail}\n`,
};
