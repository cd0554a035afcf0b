/**
 * The records of a CSV file, in RFC 4180 and the liberties that people and Limpet take with it. A record that cannot be
 * read is a value with its reason, and the next line begins a new one: one quote too many never eats the rest of a file.
 */
import { parse } from 'csv-parse/sync';
import type { TextFile } from './read-text.ts';
import { longestLine, readTextLines } from './read-text-lines.ts';

export type CsvRecord =
  /** `line`: 1-based, where it begins. */
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly bad: string };

export type Delimiter = ',' | ';' | '\t';

/** A quoted cell may have line breaks in it; more than these are a quote that was forgotten. */
const MOST_LINES = 50;

interface Pending {
  readonly line: number;
  readonly text: string;
}

/** The records of one piece of the file at a time; rejects with the file system's error. */
export async function* readCsvRecords(
  file: TextFile,
  delimiter: Delimiter,
): AsyncGenerator<readonly CsvRecord[]> {
  const waiting: Pending[] = [];
  for await (const lines of readTextLines(file)) {
    const records: CsvRecord[] = [];
    for (const line of lines) {
      if ('tooLong' in line) {
        records.push(...settle(waiting, delimiter, true));
        records.push({ line: line.number, bad: `the line is longer than ${longestLine} characters` });
        continue;
      }
      waiting.push({ line: line.number, text: line.text });
      records.push(...settle(waiting, delimiter, false));
    }
    yield records;
  }
  yield [...settle(waiting, delimiter, true)];
}

/** Takes off what is a record or can be none; leaves lines whose open quote may still be closed, unless these are all. */
function* settle(waiting: Pending[], delimiter: Delimiter, areAll: boolean): Generator<CsvRecord> {
  while (waiting.length > 0) {
    const found = firstRecord(waiting, delimiter);
    const mayBeClosed = !areAll && waiting.length < MOST_LINES && sizeOf(waiting) < longestLine;
    if (found === 'open' && mayBeClosed) return;
    const { line } = waiting[0]!;
    if (typeof found === 'string') {
      waiting.shift();
      yield { line, bad: 'a quote is not closed, or stands where none may' };
    } else {
      waiting.splice(0, found.lines);
      if (found.cells.length > 0) yield { line, cells: found.cells };
    }
  }
}

function firstRecord(
  lines: readonly Pending[],
  delimiter: Delimiter,
): { readonly cells: readonly string[]; readonly lines: number } | 'open' | 'broken' {
  for (let count = 1; count <= lines.length; count++) {
    const cells = cellsOf(lines.slice(0, count), delimiter);
    if (cells === 'broken') return cells;
    if (cells !== 'open') return { cells, lines: count };
  }
  return 'open';
}

/** None for an empty line; `open`: a quote is not closed; `broken`: no further line can mend it. */
function cellsOf(lines: readonly Pending[], delimiter: Delimiter): string[] | 'open' | 'broken' {
  const text = lines.map(line => line.text).join('\n');
  // Most lines of most files.
  if (!text.includes('"')) return text === '' ? [] : text.split(delimiter).map(cell => cell.trimStart());
  const plain = plainlyQuoted(text, delimiter);
  if (plain) return plain;
  try {
    const records: string[][] = parse(text, {
      delimiter,
      relax_column_count: true,
      // Within one line a stray quote is a character; over several it is a record that swallows its neighbours.
      relax_quotes: lines.length <= 1,
      skip_empty_lines: true,
      record_delimiter: '\n',
      // Limpet writes a blank after the comma, before the quote.
      ltrim: delimiter !== '\t',
    });
    return records[0] ?? [];
  } catch (error) {
    return (error as { code?: unknown }).code === 'CSV_QUOTE_NOT_CLOSED' ? 'open' : 'broken';
  }
}

const plainCell: Readonly<Record<Delimiter, RegExp>> = {
  ',': / *(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y,
  ';': / *(?:"((?:[^"]|"")*)"|([^";]*))(;|$)/y,
  '\t': / *(?:"((?:[^"]|"")*)"|([^"\t]*))(\t|$)/y,
};
/** An expression's backtracking grows with a cell; longer lines are the parser's. */
const LONGEST_PLAIN = 10_000;

/** A record in which quotes stand around whole cells only, as Limpet and exports write them: a parser costs ten times as much. */
function plainlyQuoted(text: string, delimiter: Delimiter): string[] | undefined {
  if (text.length > LONGEST_PLAIN) return undefined;
  const cell = plainCell[delimiter];
  const cells: string[] = [];
  cell.lastIndex = 0;
  for (;;) {
    const found = cell.exec(text);
    if (!found) return undefined;
    cells.push(found[1] === undefined ? found[2]! : found[1].replaceAll('""', '"'));
    if (found[3] === '') return cells;
  }
}

function sizeOf(lines: readonly Pending[]): number {
  return lines.reduce((sum, { text }) => sum + text.length, 0);
}
