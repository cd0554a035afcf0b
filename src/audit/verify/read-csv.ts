/** The CSV form, row by row: RFC 4180 without any of its liberties, so that a row has one way to be written. */
import { type ExportPart, hashOf, headOf, tailOf, textOf } from './export-part.ts';
import { type Line, longestLine } from './read-chunks.ts';
import { readableColumns, rehearsalMark } from './readable-columns.ts';
import { Found } from './verdict.ts';

const allColumns = [...readableColumns.keys(), 'entry', 'leafHash'];
/** The columns of every release; all but the newest are there to be read. */
const columnSets: readonly (readonly string[])[] = [
  allColumns,
  allColumns.filter(name => name !== 'dutSerial'),
];
const byteOrderMark = '\uFEFF';
const quote = 0x22;

/** Puts lines together to rows: a quoted cell may have line breaks in it. */
export class CsvRows {
  readonly #pending: Buffer[] = [];
  #quotes = 0;
  #length = 0;
  #line = 0;
  #columns: readonly string[] = allColumns;

  /** Whether a file that begins with this line is meant to be of this form. */
  static begins(line: Buffer): boolean {
    return ['\uFEFF', 'index,'].some(begin =>
      line.subarray(0, Buffer.byteLength(begin)).equals(Buffer.from(begin)),
    );
  }

  /** @returns the part that ends with this line, if any */
  read({ number, bytes }: Line): ExportPart | undefined {
    if (number === 1) {
      const text = textOf(bytes, number);
      const names = text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text;
      const columns = columnSets.find(set => names === `${set.join(',')}\r\n`);
      if (!columns) {
        throw new Found('not-an-export', 'the first line has not the columns of an audit export', {
          line: number,
        });
      }
      this.#columns = columns;
      return undefined;
    }
    if (this.#pending.push(bytes) === 1) this.#line = number;
    this.#quotes += quotesIn(bytes);
    this.#length += bytes.length;
    if (this.#length > longestLine) throw new Found('malformed', 'a row has no end', { line: this.#line });
    if (this.#quotes % 2 === 1) return undefined;
    const row = textOf(Buffer.concat(this.#pending.splice(0)), this.#line);
    this.#quotes = 0;
    this.#length = 0;
    return rowPart(row, this.#columns, this.#line);
  }

  /** @throws Found where the file ends within a row */
  end(): void {
    if (this.#pending.length > 0)
      throw new Found('truncated', 'the file ends within a row', { line: this.#line });
  }
}

/** By index: an iterator, or a search for each, took longer than all else that is done with a row. */
function quotesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] === quote) count += 1;
  return count;
}

function rowPart(row: string, columns: readonly string[], line: number): ExportPart {
  if (!row.endsWith('\r\n')) throw new Found('truncated', 'the row does not end with CR LF', { line });
  const values = cellsOf(row.slice(0, -2));
  if (values?.length !== columns.length) throw new Found('malformed', 'the row is broken', { line });
  const cells = new Map(columns.map((column, at) => [column, values[at]!]));
  const cell = (column: string) => cells.get(column)!;
  const leafHash = hashOf(cell('leafHash'));
  switch (cell('type')) {
    case 'export-head': {
      const head = headOf(cell('entry'));
      if (!head) throw new Found('malformed', 'the head of the export is broken', { line });
      expectOnly(
        cells,
        { time: head.madeAt, ...frame('export-head', head.rehearsal), entry: cell('entry') },
        line,
      );
      return { kind: 'head', head, line };
    }
    case 'export-tail':
      expectOnly(cells, { type: 'export-tail', rehearsal: cell('rehearsal'), entry: cell('entry') }, line);
      return { kind: 'tail', tail: tailOf(cell('entry'), line), line };
    case 'withheld': {
      const index = cell('index');
      if (!leafHash || !/^(0|[1-9][0-9]*)$/.test(index))
        throw new Found('malformed', 'a withheld row is broken', { line });
      const rehearsal = cell('rehearsal');
      expectOnly(cells, { index, type: 'withheld', rehearsal, leafHash: cell('leafHash') }, line);
      return { kind: 'withheld', index: Number(index), leafHashes: [leafHash], line };
    }
    default:
      if (!leafHash) throw new Found('malformed', 'the leaf hash of this row is broken', { line });
      return { kind: 'entry', bytes: Buffer.from(cell('entry')), leafHash, line, cells };
  }
}

const frame = (type: string, rehearsal: boolean) => ({ type, rehearsal: rehearsalMark(rehearsal) });

/** Rows that are no entries have nothing in their other cells. */
function expectOnly(
  cells: ReadonlyMap<string, string>,
  expected: Readonly<Record<string, string>>,
  line: number,
): void {
  for (const [column, value] of cells) {
    if (value !== (expected[column] ?? '')) {
      throw new Found('columns-changed', `column ${column} of this row is not what it must be`, { line });
    }
  }
}

/** The cells of one row; undefined where a quote stands where it may not, or where it need not. */
function cellsOf(row: string): string[] | undefined {
  const cells: string[] = [];
  for (let at = 0; ; at += 1) {
    const isQuoted = row[at] === '"';
    const end = isQuoted ? closingQuote(row, at + 1) : endOfBare(row, at);
    const text = isQuoted ? row.slice(at + 1, end) : row.slice(at, end);
    if (end < 0 || isQuoted !== /[",\r\n]/.test(text)) return undefined;
    cells.push(isQuoted ? text.replaceAll('""', '"') : text);
    at = isQuoted ? end + 1 : end;
    if (at === row.length) return cells;
    if (row[at] !== ',') return undefined;
  }
}

/** @returns where the quote stands that ends the cell, -1 where none does */
function closingQuote(row: string, from: number): number {
  let at = row.indexOf('"', from);
  while (at >= 0 && row[at + 1] === '"') at = row.indexOf('"', at + 2);
  return at;
}

function endOfBare(row: string, from: number): number {
  const comma = row.indexOf(',', from);
  return comma < 0 ? row.length : comma;
}
