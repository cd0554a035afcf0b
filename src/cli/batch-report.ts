/** The report file that a batch command was asked for. */
import { StationError } from '../station/errors.ts';
import { openReport, type ReportFile } from '../station/export/open-report.ts';
import type { StationCore } from '../station/open-core.ts';
import type { ExitCode } from './exit-code.ts';
import { type Output, reportFailure } from './output.ts';
import { UsageError } from './usage-error.ts';

/** Undefined where none was asked for. */
export function batchReport<Column extends string>(
  core: StationCore,
  file: string | undefined,
  columns: readonly Column[],
): ReportFile<Column> | undefined {
  if (file === undefined) return undefined;
  try {
    return openReport(core, file, columns);
  } catch (error) {
    if (error instanceof StationError) throw error;
    throw new UsageError(`the report cannot be written: ${(error as Error).message}`);
  }
}

/** Tells where the report could not be written: the batch itself is done. @returns undefined where it could, or none was asked for */
export function endReport<Column extends string>(
  output: Output,
  report: ReportFile<Column> | undefined,
): ExitCode | undefined {
  try {
    report?.end();
    return undefined;
  } catch (error) {
    return reportFailure(output, error);
  }
}
