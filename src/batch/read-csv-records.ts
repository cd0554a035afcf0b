/**
 * The records of a CSV file, in RFC 4180 and the liberties that people and Limpet take with it. A record that cannot be
 * read is a value with its reason, and the next line begins a new one: one quote too many never eats the rest of a file.
 */
import { parse } from 'csv-parse/sync';
import { readTextLines } from './read-text-lines.ts';

export type CsvRecord =
  /** `line`: 1-based, where it begins. */
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly bad: string };

const LINE_LIMIT_BYTES = 1_000_000;
/** A quoted cell may have line breaks in it; more than these are a quote that was forgotten. */
const MOST_LINES = 50;

interface Pending {
  readonly line: number;
  readonly text: string;
}

/** Rejects with the file system's error. */
export async function* readCsvRecords(file: string): AsyncGenerator<CsvRecord> {
  const waiting: Pending[] = [];
  for await (const line of readTextLines(file, LINE_LIMIT_BYTES)) {
    if ('tooLong' in line) {
      yield* settle(waiting, true);
      yield { line: line.number, bad: `the line is longer than ${LINE_LIMIT_BYTES} bytes` };
      continue;
    }
    waiting.push({ line: line.number, text: line.text });
    yield* settle(waiting, false);
  }
  yield* settle(waiting, true);
}

/** Takes off what is a record or can be none; leaves lines whose open quote may still be closed, unless these are all. */
function* settle(waiting: Pending[], areAll: boolean): Generator<CsvRecord> {
  while (waiting.length > 0) {
    const found = firstRecord(waiting);
    const mayBeClosed = !areAll && waiting.length < MOST_LINES && sizeOf(waiting) < LINE_LIMIT_BYTES;
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
): { readonly cells: readonly string[]; readonly lines: number } | 'open' | 'broken' {
  for (let count = 1; count <= lines.length; count++) {
    const cells = cellsOf(lines.slice(0, count));
    if (cells === 'broken') return cells;
    if (cells !== 'open') return { cells, lines: count };
  }
  return 'open';
}

/** None for an empty line; `open`: a quote is not closed; `broken`: no further line can mend it. */
function cellsOf(lines: readonly Pending[]): string[] | 'open' | 'broken' {
  const text = lines.map(line => line.text).join('\n');
  // Most lines of most files.
  if (!text.includes('"')) return text === '' ? [] : text.split(',').map(cell => cell.trimStart());
  try {
    const records: string[][] = parse(text, {
      relax_column_count: true,
      // Within one line a stray quote is a character; over several it is a record that swallows its neighbours.
      relax_quotes: lines.length <= 1,
      skip_empty_lines: true,
      record_delimiter: '\n',
      // Limpet writes a blank after the comma, before the quote.
      ltrim: true,
    });
    return records[0] ?? [];
  } catch (error) {
    return (error as { code?: unknown }).code === 'CSV_QUOTE_NOT_CLOSED' ? 'open' : 'broken';
  }
}

function sizeOf(lines: readonly Pending[]): number {
  return lines.reduce((sum, { text }) => sum + text.length, 0);
}
