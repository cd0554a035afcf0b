/**
 * A list of devices to harvest, each with where it is: a table with the columns `bridge` or `fixture`, `serial`, and, where
 * they are wanted, `product` and `workOrder`, in any order, in the encodings and with the delimiters of an import. The file is
 * untrusted: what of it is refused, and why, is for who harvests. Lists of a line or a lot, not of millions: read whole.
 */
import { plainName, refuseDoubledNames } from './columns.ts';
import { ImportFormError } from './import-form-error.ts';
import { inspectImport } from './inspect-import.ts';
import { readCsvRecords } from './read-csv-records.ts';

export interface BridgeRow {
  /** 1-based line of the file. */
  readonly row: number;
  readonly bridge: string | undefined;
  readonly fixture: string | undefined;
  readonly serial: string;
  readonly product: string | undefined;
  readonly workOrder: string | undefined;
}

export type BridgeListItem = BridgeRow | { readonly row: number; readonly bad: string };

const MOST_ROWS = 100_000;

/** @throws ImportFormError where it is no such list */
export async function readBridgeList(path: string): Promise<readonly BridgeListItem[]> {
  const { encoding, delimiter, saysDelimiter, columns } = await inspectImport(path);
  if (!columns || delimiter === undefined) throw new ImportFormError(`${path} is no table`);
  refuseDoubledNames(columns, path);
  const plain = columns.map(plainName);
  const has = (name: string) => plain.includes(name);
  if (!has('serial') || !(has('bridge') || has('fixture')))
    throw new ImportFormError(`${path} needs the columns "serial" and "bridge" or "fixture"`);
  const items: BridgeListItem[] = [];
  let before = saysDelimiter ? 2 : 1;
  for await (const records of readCsvRecords({ path, encoding }, delimiter))
    for (const record of records) {
      if (before > 0) {
        before -= 1;
        continue;
      }
      if (items.length === MOST_ROWS) throw new ImportFormError(`${path} has more than ${MOST_ROWS} rows`);
      items.push('bad' in record ? { row: record.line, bad: record.bad } : rowOf(plain, record));
    }
  return items;
}

function rowOf(
  plain: readonly string[],
  { line, cells }: { readonly line: number; readonly cells: readonly string[] },
): BridgeListItem {
  const cell = (name: string) => cells[plain.indexOf(name)]?.trim() || undefined;
  const [bridge, fixture] = [cell('bridge'), cell('fixture')];
  if (cells.length > plain.length)
    return { row: line, bad: `more cells (${cells.length}) than the header (${plain.length})` };
  if (bridge === undefined && fixture === undefined) return { row: line, bad: 'neither bridge nor fixture' };
  return {
    row: line,
    bridge,
    fixture,
    serial: cell('serial') ?? '',
    product: cell('product'),
    workOrder: cell('workorder'),
  };
}
