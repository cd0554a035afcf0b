/** The report file that a batch command was asked for; refused where it would replace a file of the station itself. */
import path from 'node:path';
import { ReportFile } from '../batch/write-report.ts';
import type { StationCore } from '../station/open-core.ts';
import { refuseStationFile } from '../station/station-files.ts';
import { UsageError } from './usage-error.ts';

export function openReport<Column extends string>(
  core: StationCore,
  file: string,
  columns: readonly Column[],
): ReportFile<Column> {
  const place = path.resolve(file);
  refuseStationFile(core.directory, place);
  try {
    return new ReportFile(place, columns);
  } catch (error) {
    throw new UsageError(`the report cannot be written: ${(error as Error).message}`);
  }
}
