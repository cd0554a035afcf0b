/**
 * Text that a spreadsheet shows and never computes (rule A4): where a cell would begin as a formula, or as the mark
 * itself, an apostrophe goes before it. One leading apostrophe off gives the text back, whatever it was.
 */
const dangerous = /^[=+\-@\t\r\n'＝＋－＠]/u;

export function toSpreadsheetCell(text: string): string {
  return dangerous.test(text) ? `'${text}` : text;
}

export function fromSpreadsheetCell(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}
