/**
 * Which column was which in tables with this header, as somebody said it once (`import-columns.json` in the data
 * directory): the next file of the same maker needs no words. Where the file cannot be read or written, people are asked
 * again and nothing else changes.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { type ColumnMapping, plainName } from '../../batch/columns.ts';
import type { DataDirectory } from '../data-directory.ts';
import { replaceFile } from '../export/write-once.ts';

export { type ColumnMapping, importFields, parseMapping } from '../../batch/columns.ts';

const FILE = 'import-columns.json';
const MOST_REMEMBERED = 200;

const column = z.string().min(1).max(200).optional();
const remembered = z.array(
  z.strictObject({
    header: z.string(),
    mapping: z.strictObject({
      serial: column,
      ek: column,
      registrationId: column,
      workOrder: column,
      product: column,
    }),
  }),
);

/** The names in their order. */
const shapeOf = (columns: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify(columns.map(plainName)))
    .digest('hex');

export function rememberedColumns(
  directory: DataDirectory,
  columns: readonly string[],
): ColumnMapping | undefined {
  const shape = shapeOf(columns);
  const found = readAll(directory).find(({ header }) => header === shape)?.mapping;
  return found && (JSON.parse(JSON.stringify(found)) as ColumnMapping);
}

export function rememberColumns(
  directory: DataDirectory,
  columns: readonly string[],
  mapping: ColumnMapping,
): void {
  const shape = shapeOf(columns);
  const others = readAll(directory).filter(({ header }) => header !== shape);
  const all = [{ header: shape, mapping }, ...others].slice(0, MOST_REMEMBERED);
  try {
    replaceFile(directory.path, FILE, `${JSON.stringify(all, undefined, 2)}\n`);
  } catch {
    // A full disk shows where it matters.
  }
}

function readAll(directory: DataDirectory): z.infer<typeof remembered> {
  try {
    return remembered.parse(JSON.parse(readFileSync(path.join(directory.path, FILE), 'utf8')));
  } catch {
    return [];
  }
}
