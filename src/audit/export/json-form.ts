/** One JSON document: an array whose elements are the lines of the JSON lines form, each on a line of its own. */
import type { ExportForm } from './export-form.ts';
import { jsonLines } from './jsonl-form.ts';

const elements = jsonLines(',\n');

export const jsonForm: ExportForm = {
  ...elements,
  begin: (chunk, head) => {
    chunk.ascii('[\n');
    elements.begin(chunk, head);
  },
  end: (chunk, tail) => chunk.text(`${tail}\n]\n`),
};
