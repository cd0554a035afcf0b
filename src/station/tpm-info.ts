/** A look at the TPM behind a bridge, for people who set up a line; nothing is recorded. */
import { readTpmReport, type TpmReport } from '../harvest/tpm-report.ts';
import { parseTctiConf } from '../tcti/tcti-conf.ts';

export { formatTpmReportAsLimpet, type TpmReport } from '../harvest/tpm-report.ts';

/** @param bridge TCTI conf string. Rejects with TctiError, TpmError. */
export function readTpm(bridge: string, signal?: AbortSignal): Promise<TpmReport> {
  return readTpmReport({ bridge: parseTctiConf(bridge), signal });
}
