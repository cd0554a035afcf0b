/** A cell of RFC 4180 text that a spreadsheet shows and never computes: quoted only where it must be. */
import { toSpreadsheetCell } from './spreadsheet-cell.ts';

export function toCsvCell(text: string): string {
  const cell = toSpreadsheetCell(text);
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
