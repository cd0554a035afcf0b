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
  const { signal, readBack, onProgress } = options;
  let result: ExportResult | undefined;
  const chunks = function* () {
    result = yield* assembleExport(source, order, done => onProgress?.(done, source.size));
  };
  const seen = await writeAtomically(path, chunks(), { signal, readBack });
  return { ...result!, readBack: seen };
}
