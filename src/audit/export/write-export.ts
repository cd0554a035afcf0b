/** An export as a file: whole or not at all. */
import type { ReadBack } from '../read-back.ts';
import { writeAtomically } from '../write-atomically.ts';
import { assembleExport, type ExportOrder, type ExportResult, type ExportSource } from './assemble-export.ts';

export interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
  /** Read the file from its medium again before it gets its name. */
  readonly readBack?: boolean | undefined;
  /** Told now and then how many entries are done. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

export type WrittenExport = ExportResult & { readonly readBack: ReadBack | undefined };

/**
 * @throws AuditError `export-full`, `export-unwritable`, `export-medium-gone`, `export-differs`, `export-stopped`, or `log-damaged` where nothing may be signed;
 *   no file is left behind
 */
export async function writeExport(
  source: ExportSource,
  order: ExportOrder,
  path: string,
  options: WriteOptions = {},
): Promise<WrittenExport> {
  let done = 0;
  let result: ExportResult | undefined;
  const counted = function* () {
    for (const row of source.entries) {
      yield row;
      done += 1;
    }
  };
  const chunks = function* () {
    const assembled = assembleExport({ ...source, entries: counted() }, order);
    for (;;) {
      const next = assembled.next();
      if (next.done) {
        result = next.value;
        return;
      }
      options.onProgress?.(done, source.size);
      yield next.value;
    }
  };
  const { signal, readBack } = options;
  const seen = await writeAtomically(path, chunks(), { signal, readBack });
  return { ...result!, readBack: seen };
}
