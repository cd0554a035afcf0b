/** A look at the TPM behind a bridge, for people who set up a line; nothing is recorded. */
import { readTpmReport, type TpmReport } from '../harvest/tpm-report.ts';
import { parseTctiConf } from '../tcti/tcti-conf.ts';
import { dataDirectoryAt } from './data-directory.ts';
import { commandLineSshAccess } from './ssh-access.ts';

export { formatTpmReportAsLimpet, type TpmReport } from '../harvest/tpm-report.ts';

export interface TpmLook {
  /** TCTI conf string. */
  readonly bridge: string;
  /** Where the host keys of `ssh:` bridges are kept. */
  readonly dataDirectory: string;
  readonly signal?: AbortSignal;
}

/** Rejects with TctiError, TpmError. */
export async function readTpm({ bridge, dataDirectory, signal }: TpmLook): Promise<TpmReport> {
  const ssh = commandLineSshAccess(dataDirectoryAt(dataDirectory));
  return readTpmReport({ bridge: parseTctiConf(bridge), signal, ssh });
}
