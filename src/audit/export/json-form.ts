/** One JSON document: an array whose elements are the lines of the JSON lines form, each on a line of its own. */
import type { ExportForm } from './export-form.ts';
import { jsonlForm } from './jsonl-form.ts';

const asElement = (line: string): string => `${line.slice(0, -1)},\n`;

export const jsonForm: ExportForm = {
  begin: head => `[\n${asElement(jsonlForm.begin(head))}`,
  entry: (bytes, leafHash) => asElement(jsonlForm.entry(bytes, leafHash)),
  withheld: (from, leafHashes) => asElement(jsonlForm.withheld(from, leafHashes)),
  end: tail => `${tail}\n]\n`,
};
