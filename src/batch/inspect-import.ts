/** What a file of endorsement keys is, told from its first characters: form, encoding, delimiter and columns. */
import { stat } from 'node:fs/promises';
import { type ColumnMapping, knownColumns, plainName } from './columns.ts';
import { ImportFormError } from './import-form-error.ts';
import { type Delimiter, readCsvRecords } from './read-csv-records.ts';
import { provisioningLabel } from './read-provisioning-text.ts';
import { readText, type TextFile } from './read-text.ts';
import { detectEncoding, type TextEncoding } from './text-encoding.ts';

export type ImportForm =
  | 'csv'
  | 'limpet-csv'
  | 'keyline-csv'
  | 'json'
  | 'json-lines'
  | 'keyline-json'
  | 'keyline-jsonl'
  | 'provisioning-text';

export interface InspectedImport {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly modifiedAt: number;
  readonly form: ImportForm;
  readonly encoding: TextEncoding;
  /** Of tables alone: this and the next three. */
  readonly delimiter?: Delimiter;
  readonly saysDelimiter?: boolean;
  readonly columns?: readonly string[];
  /** By the columns' names alone. */
  readonly known?: ColumnMapping;
  /** Of Keyline's exports: the log that they show, by their own word. */
  readonly origin?: string;
}

/** @throws ImportFormError where it is no file, cannot be read, or is none of the forms */
export async function inspectImport(file: string): Promise<InspectedImport> {
  try {
    const facts = await stat(file);
    if (facts.isDirectory()) throw new ImportFormError(`${file} is a folder`);
    // A pipe or a device might never end.
    if (!facts.isFile()) throw new ImportFormError(`${file} is not a file`);
    if (facts.size === 0) throw new ImportFormError(`${file} is empty`);
    const encoding = await detectEncoding(file);
    const text: TextFile = { path: file, encoding };
    const base = { file, size: facts.size, modifiedAt: facts.mtimeMs, encoding };
    const head = await firstPiece(text);
    if (head.trim() === '') throw new ImportFormError(`${file} is empty`);
    if (/^\s*[[{]/.test(head)) return { ...base, ...jsonForm(head) };
    if (head.split(/[\r\n]+/).some(line => provisioningLabel.test(line)))
      return { ...base, form: 'provisioning-text' };
    return { ...base, ...(await tableForm(text, head)) };
  } catch (cause) {
    if (cause instanceof ImportFormError) throw cause;
    throw new ImportFormError(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

async function firstPiece(text: TextFile): Promise<string> {
  for await (const piece of readText(text)) if (piece !== '') return piece;
  return '';
}

function jsonForm(head: string): Pick<InspectedImport, 'form' | 'origin'> {
  const [, bracket, line = ''] = /^\s*(\[[\r\n]+)?(.*?),?(?:[\r\n]|$)/s.exec(head) ?? [];
  let first: unknown;
  try {
    first = JSON.parse(line);
  } catch {
    return { form: 'json' };
  }
  if (typeof first !== 'object' || first === null || Array.isArray(first)) return { form: 'json' };
  const { format, origin } = first as Record<string, unknown>;
  if (format === 'keyline-audit-export')
    return {
      form: bracket === undefined ? 'keyline-jsonl' : 'keyline-json',
      ...(typeof origin === 'string' ? { origin: origin.slice(0, 200) } : {}),
    };
  return { form: bracket !== undefined || Object.values(first).some(Array.isArray) ? 'json' : 'json-lines' };
}

async function tableForm(
  file: TextFile,
  head: string,
): Promise<Pick<InspectedImport, 'form' | 'delimiter' | 'saysDelimiter' | 'columns' | 'known' | 'origin'>> {
  const said = /^\s*"?sep=([,;\t])"?\s*(?:[\r\n]|$)/i.exec(head);
  const [first = ''] = head
    .slice(said?.[0].length ?? 0)
    .trimStart()
    .split(/[\r\n]/, 1);
  const delimiter = (said?.[1] as Delimiter | undefined) ?? delimiterOf(first);
  const columns = await headerOf(file, delimiter, said !== null);
  const plain = columns.map(plainName);
  const isExport = plain.includes('leafhash') && plain.includes('verdict') && plain.includes('entry');
  const known: ColumnMapping = { ...knownColumns(columns), ...(isExport && { product: 'product' }) };
  const isLimpet =
    columns.length === 2 && columns[0] === 'Registration Id' && columns[1] === 'Endorsement Key';
  const origin = isExport ? /""origin"":""([^"]{1,200})""/.exec(head.slice(0, 20_000))?.[1] : undefined;
  return {
    form: isExport ? 'keyline-csv' : isLimpet ? 'limpet-csv' : 'csv',
    delimiter,
    saysDelimiter: said !== null,
    columns,
    known,
    ...(origin === undefined ? {} : { origin }),
  };
}

/** The one that gives a column for the key; else the one that cuts most. */
function delimiterOf(header: string): Delimiter {
  const unquoted = header.replaceAll(/"(?:[^"]|"")*"/g, quoted => quoted.replaceAll(/[,;\t]/g, ' '));
  const cut = ([',', ';', '\t'] as const).map(delimiter => ({
    delimiter,
    cells: unquoted.split(delimiter).map(cell => cell.replaceAll('"', '').trim()),
  }));
  const withKey = cut.find(({ cells }) => cells.length > 1 && knownColumns(cells).ek !== undefined);
  return (withKey ?? cut.toSorted((one, other) => other.cells.length - one.cells.length)[0]!).delimiter;
}

async function headerOf(
  file: TextFile,
  delimiter: Delimiter,
  saysDelimiter: boolean,
): Promise<readonly string[]> {
  let before = saysDelimiter ? 1 : 0;
  for await (const records of readCsvRecords(file, delimiter))
    for (const record of records) {
      if (before > 0) before -= 1;
      else if ('bad' in record)
        throw new ImportFormError(`the header line of ${file.path} cannot be read: ${record.bad}`);
      else return record.cells.map(cell => cell.trim());
    }
  throw new ImportFormError(`${file.path} has no header line`);
}
