/** Rows of a CSV file, and of Keyline's own audit export in CSV, whose rows are entries of a log and not all devices. */
import { fromSpreadsheetCell } from '../audit/spreadsheet-cell.ts';
import { type ColumnMapping, type ImportField, placesOf, plainName, refuseDoubledNames } from './columns.ts';
import { ImportFormError } from './import-form-error.ts';
import type { ImportItem } from './import-item.ts';
import { type Delimiter, readCsvRecords } from './read-csv-records.ts';
import type { TextFile } from './read-text.ts';

export interface TableForm {
  readonly delimiter: Delimiter;
  /** The first record is `sep=;`, as Excel has it. */
  readonly saysDelimiter: boolean;
  /** Cells are those of Keyline's audit export. */
  readonly isExport: boolean;
}

export async function* readTable(
  file: TextFile,
  form: TableForm,
  mapping: ColumnMapping,
): AsyncGenerator<readonly ImportItem[]> {
  let rows: TableRows | undefined;
  let before = form.saysDelimiter ? 1 : 0;
  for await (const records of readCsvRecords(file, form.delimiter)) {
    const items: ImportItem[] = [];
    for (const record of records) {
      if (before > 0) before -= 1;
      else if ('bad' in record) {
        if (!rows) throw new ImportFormError(`the header line of ${file.path} cannot be read: ${record.bad}`);
        items.push({ kind: 'bad', row: record.line, detail: record.bad });
      } else if (rows) items.push(rows.item(record.cells, record.line));
      else rows = new TableRows(record.cells, form, mapping, file.path);
    }
    yield items;
  }
  if (!rows) throw new ImportFormError(`${file.path} has no header line`);
}

class TableRows {
  readonly #width: number;
  readonly #isExport: boolean;
  readonly #places: Readonly<Partial<Record<ImportField, number>>>;
  readonly #exported: Readonly<Record<'verdict' | 'rehearsal' | 'change', number>>;

  constructor(header: readonly string[], form: TableForm, mapping: ColumnMapping, file: string) {
    refuseDoubledNames(header, file);
    this.#places = placesOf(header, mapping, file);
    if (this.#places.ek === undefined)
      throw new ImportFormError(
        `${file} has no column "endorsementKey" in its first line; say which one it is (--map ek=COLUMN)`,
      );
    const plain = header.map(plainName);
    const place = (name: string) => plain.indexOf(name);
    this.#width = header.length;
    this.#isExport = form.isExport;
    this.#exported = { verdict: place('verdict'), rehearsal: place('rehearsal'), change: place('change') };
  }

  item(record: readonly string[], row: number): ImportItem {
    const cell = (place: number | undefined): string | null => {
      const text = place === undefined ? '' : (record[place] ?? '');
      if (text === '') return null;
      return this.#isExport ? fromSpreadsheetCell(text) : text;
    };
    if (this.#isExport && cell(this.#exported.verdict) !== 'passed') {
      const retired = cell(this.#exported.change) === 'retired' && cell(this.#places.registrationId);
      return { kind: 'passed-over', row, ...(retired ? { retired } : {}) };
    }
    if (record.length > this.#width)
      return { kind: 'bad', row, detail: `more cells (${record.length}) than the header (${this.#width})` };
    const endorsementKey = cell(this.#places.ek);
    if (endorsementKey === null || endorsementKey.trim() === '')
      return { kind: 'bad', row, detail: 'no endorsement key in this row' };
    return {
      kind: 'row',
      row: {
        row,
        serial: cell(this.#places.serial),
        registrationId: cell(this.#places.registrationId)?.trim() || null,
        endorsementKey: endorsementKey.trim(),
        product: cell(this.#places.product),
        workOrder: cell(this.#places.workOrder),
        rehearsal: this.#isExport && cell(this.#exported.rehearsal) !== null,
      },
    };
  }
}
