/**
 * Reads a file of endorsement keys for batch enrollment, row by row and in flat memory where the form allows it:
 * Keyline CSV (a header with at least `endorsementKey`; also Keyline's own audit export), Limpet `-enrollmentinfo -csv`
 * (a blank after each comma) and `-json`. Everything in it is untrusted; a bad row is a value and never ends the file.
 */
import { open, stat } from 'node:fs/promises';
import { z } from 'zod';
import { fromSpreadsheetCell } from '../audit/spreadsheet-cell.ts';
import { readCsvRecords } from './read-csv-records.ts';

export type ImportForm = 'keyline-csv' | 'limpet-csv' | 'limpet-json';

export interface ImportRow {
  /** 1-based line of the file, or 1-based item of a JSON array. */
  readonly row: number;
  readonly serial: string | null;
  /** As the file has it; compared with the derived one, never taken (rule H3). */
  readonly registrationId: string | null;
  /** As the file has it: base64 of TPM2B_PUBLIC, not yet checked. */
  readonly endorsementKey: string;
  /** From an export of a rehearsal: no real device (rule S5). */
  readonly rehearsal: boolean;
}

export type ImportItem =
  | { readonly kind: 'row'; readonly row: ImportRow }
  | { readonly kind: 'bad'; readonly row: number; readonly detail: string }
  /** Rows of an audit export that are no devices (log entries, failed attempts). */
  | { readonly kind: 'passed-over'; readonly row: number };

/** The file as a whole is none of the known forms. */
export class ImportFormError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ImportFormError';
  }
}

const JSON_LIMIT_BYTES = 256 * 1024 * 1024;

export async function* readImport(file: string): AsyncGenerator<ImportItem> {
  let size: number;
  let head: string;
  try {
    const facts = await stat(file);
    // A pipe or a device might never end.
    if (!facts.isFile()) throw new ImportFormError(`${file} is not a file`);
    size = facts.size;
    head = await firstCharacters(file);
  } catch (cause) {
    if (cause instanceof ImportFormError) throw cause;
    throw new ImportFormError(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  if (head.trim() === '') throw new ImportFormError(`${file} is empty`);
  if (/^\s*[[{]/.test(head)) yield* readLimpetJson(file, size);
  else yield* readCsv(file);
}

async function firstCharacters(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (bytes.includes(0)) throw new ImportFormError(`${file} is not UTF-8 text (it holds zero bytes)`);
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } finally {
    await handle.close();
  }
}

/** Header names as people and tools write them. */
const columnOf = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/g, '');

async function* readCsv(file: string): AsyncGenerator<ImportItem> {
  let columns: readonly string[] | undefined;
  for await (const record of readCsvRecords(file)) {
    if ('bad' in record) {
      if (!columns) throw new ImportFormError(`the header line of ${file} cannot be read: ${record.bad}`);
      yield { kind: 'bad', row: record.line, detail: record.bad };
    } else if (columns) yield rowOf(columns, record.cells, record.line);
    else columns = headerOf(record.cells, file);
  }
  if (!columns) throw new ImportFormError(`${file} has no header line`);
}

function headerOf(cells: readonly string[], file: string): readonly string[] {
  const columns = cells.map(columnOf);
  if (!columns.includes('endorsementkey'))
    throw new ImportFormError(`${file} has no column "endorsementKey" in its first line`);
  // Which of two is meant, nobody can know.
  const twice = cells.filter((_, at) => columns[at] !== '' && columns.indexOf(columns[at]!) !== at);
  if (twice.length > 0)
    throw new ImportFormError(
      `${file} has more than one column ${twice.map(name => JSON.stringify(name.slice(0, 40))).join(', ')}`,
    );
  return columns;
}

function rowOf(columns: readonly string[], record: readonly string[], row: number): ImportItem {
  // Only an audit export has leaf hashes. It holds other entries too, and marks cells against spreadsheets.
  const exported = columns.includes('leafhash');
  const cell = (name: string): string | null => {
    const at = columns.indexOf(name);
    const text = at < 0 ? '' : (record[at] ?? '');
    if (text === '') return null;
    return exported ? fromSpreadsheetCell(text) : text;
  };
  if (exported && cell('verdict') !== 'passed') return { kind: 'passed-over', row };
  if (record.length > columns.length)
    return { kind: 'bad', row, detail: `more cells (${record.length}) than the header (${columns.length})` };
  const endorsementKey = cell('endorsementkey');
  if (endorsementKey === null) return { kind: 'bad', row, detail: 'no endorsement key in this row' };
  return {
    kind: 'row',
    row: {
      row,
      serial: cell('serial') ?? cell('serialnumber'),
      registrationId: cell('registrationid'),
      endorsementKey: endorsementKey.trim(),
      rehearsal: exported && cell('rehearsal') !== null,
    },
  };
}

const limpetItem = z.object({
  registrationId: z.string().max(200).optional(),
  serial: z.string().max(1000).optional(),
  attestation: z.object({
    type: z.literal('tpm'),
    tpm: z.object({ endorsementKey: z.string().max(20_000) }),
  }),
});

async function* readLimpetJson(file: string, size: number): AsyncGenerator<ImportItem> {
  if (size > JSON_LIMIT_BYTES)
    throw new ImportFormError(
      `${file} is larger than ${JSON_LIMIT_BYTES} bytes; use CSV for so many devices`,
    );
  const handle = await open(file, 'r');
  let json: unknown;
  try {
    json = JSON.parse((await handle.readFile('utf8')).replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new ImportFormError(`${file} is not JSON: ${(cause as Error).message}`, { cause });
  } finally {
    await handle.close();
  }
  const items: readonly unknown[] = Array.isArray(json) ? json : [json];
  for (const [index, item] of items.entries()) {
    const parsed = limpetItem.safeParse(item);
    if (!parsed.success) {
      yield { kind: 'bad', row: index + 1, detail: z.prettifyError(parsed.error).replaceAll('\n', '; ') };
      continue;
    }
    yield {
      kind: 'row',
      row: {
        row: index + 1,
        serial: parsed.data.serial ?? null,
        registrationId: parsed.data.registrationId ?? null,
        endorsementKey: parsed.data.attestation.tpm.endorsementKey,
        rehearsal: false,
      },
    };
  }
}
