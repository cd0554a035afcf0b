/**
 * CSV (RFC 4180) for people and spreadsheets: one row an entry, what is most asked for in columns of its own, the whole
 * entry in one more. UTF-8; with a byte order mark, without which spreadsheets spoil Hangul, or for programs without.
 */
import { toCsvCell } from '../csv-cell.ts';
import type { ExportForm, ExportHead } from './export-form.ts';
import { type CsvColumn, csvColumns, readableCells } from './readable-cells.ts';

export function csvForm(head: ExportHead): ExportForm {
  const rehearsal = head.rehearsal ? 'REHEARSAL' : '';
  const frame = (type: string, json: string) =>
    csvRow({ type, rehearsal, ...(type === 'export-head' ? { time: head.madeAt } : {}), entry: json });
  return {
    begin: (chunk, json) => {
      if (head.byteOrderMark) chunk.text('\uFEFF');
      chunk.ascii(`${csvColumns.join(',')}\r\n`);
      chunk.text(frame('export-head', json));
    },
    entry: (chunk, bytes, leafHash) => {
      const entry = bytes.toString();
      chunk.text(csvRow({ ...readableCells(JSON.parse(entry)), entry, leafHash: leafHash.toString('hex') }));
    },
    withheld: (chunk, from, leafHashes) => {
      for (const [at, hash] of leafHashes.entries())
        chunk.ascii(
          csvRow({ index: `${from + at}`, type: 'withheld', rehearsal, leafHash: hash.toString('hex') }),
        );
    },
    end: (chunk, json) => chunk.text(frame('export-tail', json)),
  };
}

function csvRow(cells: Partial<Record<CsvColumn, string>>): string {
  return `${csvColumns.map(column => toCsvCell(cells[column] ?? '')).join(',')}\r\n`;
}
