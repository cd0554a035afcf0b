/**
 * What the readable columns of the CSV form must say, worked out from the entry alone: somebody could change a serial
 * in its column and leave the entry beside it as it was.
 */
import type { EntryFacts } from './scan-entry.ts';
import { Found } from './verdict.ts';

export const rehearsalMark = (rehearsal: boolean): string => (rehearsal ? 'REHEARSAL' : '');

const inData =
  (...path: readonly string[]) =>
  (entry: EntryFacts): string => {
    let value: unknown = entry.data;
    for (const name of path)
      value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
    if (value === undefined || value === null) return '';
    return Array.isArray(value) ? value.join(' ') : `${value}`;
  };

/** Column by column, in the order of the file. */
export const readableColumns: ReadonlyMap<string, (entry: EntryFacts) => string> = new Map([
  ['index', entry => `${entry.index}`],
  ['time', entry => entry.at],
  ['type', entry => entry.type],
  ['rehearsal', entry => rehearsalMark(entry.rehearsal)],
  ['verdict', inData('verdict')],
  ['code', inData('code')],
  ['serial', inData('serial')],
  ['dutSerial', inData('dutSerial', 'serial')],
  ['product', inData('product')],
  ['workOrder', inData('workOrder')],
  ['registrationId', inData('registrationId')],
  ['endorsementKey', inData('endorsementKey')],
  ['ekSha256', inData('ekSha256')],
  ['ekTemplate', inData('ekTemplate')],
  ['certificate', inData('certificate', 'status')],
  ['possession', inData('possession')],
  ['warnings', inData('warnings')],
  ['otherSerial', inData('otherSerial')],
  ['fixture', inData('fixture')],
  ['tpmManufacturer', inData('tpm', 'manufacturer')],
  ['tpmFirmware', inData('tpm', 'firmware')],
  ['change', inData('change')],
  ['reason', inData('reason')],
  ['detail', inData('detail')],
  ['person', entry => entry.personId],
]);

const formulaStarts = new Set(['=', '+', '-', '@', '\t', '\r', '\n', "'", '＝', '＋', '－', '＠']);

/** @throws Found naming the column that disagrees with the entry */
export function compareColumns(entry: EntryFacts, cells: ReadonlyMap<string, string>, line: number): void {
  for (const [column, valueIn] of readableColumns) {
    if (!cells.has(column)) continue;
    const value = valueIn(entry);
    const expected = formulaStarts.has(value.slice(0, 1)) ? `'${value}` : value;
    if (cells.get(column) === expected) continue;
    throw new Found(
      'columns-changed',
      `column ${column} of entry ${entry.index} is not what the entry says`,
      {
        index: entry.index,
        line,
      },
    );
  }
}
