/** The report file of a batch; refused where it would replace a file of the station itself. */
import path from 'node:path';
import type { StationCore } from '../open-core.ts';
import { ReportFile } from './report-file.ts';
import { refuseStationFile } from './station-files.ts';

export type { ReportFile } from './report-file.ts';

/** @throws StationError `export-over-station`, and the file system's error */
export function openReport<Column extends string>(
  core: StationCore,
  file: string,
  columns: readonly Column[],
): ReportFile<Column> {
  const place = path.resolve(file);
  refuseStationFile(core.directory, place);
  return new ReportFile(place, columns);
}
