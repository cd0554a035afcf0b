/**
 * Reads a file of endorsement keys for batch enrollment, row by row and in flat memory, in any of the forms that
 * README.md lists. Everything in it is untrusted; a bad row is a value and never ends the file. What cannot be cut into
 * rows is an ImportFormError, also in the middle: read a file to its end once before anything of it is applied.
 */
import type { ColumnMapping } from './columns.ts';
import type { ImportItem } from './import-item.ts';
import { type InspectedImport, inspectImport } from './inspect-import.ts';
import { deviceObject, exportLine, readJsonLines, readJsonList } from './read-objects.ts';
import { readProvisioningText } from './read-provisioning-text.ts';
import { readTable } from './read-table.ts';
import type { TextFile } from './read-text.ts';

export { ImportFormError } from './import-form-error.ts';
export type { ImportItem, ImportRow } from './import-item.ts';

export interface ReadOptions {
  /** Counts before what the columns' names say. */
  readonly mapping?: ColumnMapping | undefined;
  /** Called with the bytes read so far. */
  readonly onRead?: ((bytes: number) => void) | undefined;
}

/** Row by row. */
export async function* readImport(file: string, options: ReadOptions = {}): AsyncGenerator<ImportItem> {
  for await (const items of readItems(await inspectImport(file), options)) yield* items;
}

/** As many at a time as a piece of the file holds. */
export function readItems(
  inspected: InspectedImport,
  { mapping, onRead }: ReadOptions = {},
): AsyncGenerator<readonly ImportItem[]> {
  const { form, encoding, delimiter = ',', saysDelimiter = false, known } = inspected;
  const file: TextFile = { path: inspected.file, encoding, onRead };
  switch (form) {
    case 'csv':
    case 'limpet-csv':
    case 'keyline-csv':
      return readTable(
        file,
        { delimiter, saysDelimiter, isExport: form === 'keyline-csv' },
        { ...known, ...mapping },
      );
    case 'json':
      return readJsonList(file, deviceObject(mapping ?? {}));
    case 'json-lines':
      return readJsonLines(file, deviceObject(mapping ?? {}));
    case 'keyline-json':
      return readJsonList(file, exportLine);
    case 'keyline-jsonl':
      return readJsonLines(file, exportLine);
    case 'provisioning-text':
      return readProvisioningText(file);
  }
}
