/** The CSV form: its rows, and what its readable columns must say by the entry beside them. */
import type { ParsedEntry } from './entry.ts';
import { Found } from './verdict.ts';

type Data = ParsedEntry['data'];

const fromElsewhere: Readonly<Record<string, (entry: ParsedEntry) => unknown>> = {
  index: entry => entry.index,
  time: entry => entry.at,
  type: entry => entry.type,
  rehearsal: entry => (entry.rehearsal ? 'REHEARSAL' : ''),
  person: entry => entry.personId,
  dutSerial: entry => (entry.data.dutSerial as Data | undefined)?.serial,
  certificate: entry => (entry.data.certificate as Data | undefined)?.status,
  tpmManufacturer: entry => (entry.data.tpm as Data | undefined)?.manufacturer,
  tpmFirmware: entry => (entry.data.tpm as Data | undefined)?.firmware,
};

/** Whether a column says anything else than the entry does. */
export function columnsDiffer(entry: ParsedEntry, cells: ReadonlyMap<string, string>): boolean {
  for (const [column, cell] of cells) {
    if (column === 'entry' || column === 'leafHash') continue;
    const from = fromElsewhere[column];
    const value = from ? from(entry) : entry.data[column];
    const text =
      value === undefined || value === null ? '' : Array.isArray(value) ? value.join(' ') : String(value);
    if (cell !== (/^[=+\-@\t\r\n'＝＋－＠]/u.test(text) ? `'${text}` : text)) return true;
  }
  return false;
}

/** Rows that are no entries have nothing but what is expected. */
export function frameDiffers(
  cells: ReadonlyMap<string, string>,
  expected: Readonly<Record<string, string>>,
): boolean {
  return [...cells].some(([column, cell]) => column !== 'entry' && cell !== (expected[column] ?? ''));
}

const cellPattern = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;

/** @returns the rows by column, and where the last one begins */
export function csvRows(text: string): {
  readonly rows: ReadonlyMap<string, string>[];
  readonly tailAt: number;
} {
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  const head = rowAt(text, start);
  const columns = head.cells;
  if (!columns.includes('entry') || !columns.includes('leafHash')) throw new Found('not-an-export');
  const rows: ReadonlyMap<string, string>[] = [];
  let tailAt = head.end;
  for (let at = head.end; at < text.length; ) {
    if (rows.at(-1)?.get('type') === 'export-tail') throw new Found('data-after-end');
    const { cells, end } = rowAt(text, at);
    if (cells.length !== columns.length) throw new Found('malformed');
    rows.push(new Map(columns.map((column, place) => [column, cells[place]!])));
    tailAt = at;
    at = end;
  }
  return { rows, tailAt };
}

function rowAt(text: string, from: number): { readonly cells: string[]; readonly end: number } {
  const cells: string[] = [];
  for (let at = from; ; at += 1) {
    cellPattern.lastIndex = at;
    const [matched = '', quoted, bare = ''] = cellPattern.exec(text) ?? [];
    cells.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    at += matched.length;
    if (text.startsWith('\r\n', at)) return { cells, end: at + 2 };
    if (at >= text.length || text.slice(at) === '\r') throw new Found('truncated');
    if (text[at] !== ',') throw new Found('malformed');
  }
}
