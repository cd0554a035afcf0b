/** A look at the TPM of a fixture for whoever sets it up, by the way that a harvest would take to it; nothing is recorded. */
import type { RunFailureCode } from '../../harvest/finding.ts';
import { runFailureOf } from '../../harvest/run-failure.ts';
import { readTpmReport, type TpmReport } from '../../harvest/tpm-report.ts';
import { parseTctiConf } from '../../tcti/tcti-conf.ts';
import { deadlinesOf } from '../attempt/fixture-deadlines.ts';
import { sshAccessOf } from '../attempt/ssh-access.ts';
import type { FixtureConfiguration } from '../configuration/configuration.ts';
import type { StationCore } from '../open-core.ts';

/** What a screen tells of a TPM; all of it is the TPM's own word. */
export interface FoundTpm {
  readonly manufacturer: string;
  readonly vendor: string;
  readonly firmware: string;
  readonly isSimulator: boolean;
  /** Keys at persistent handles that can be endorsement keys, and whether DPS can use what is there. */
  readonly keys: readonly { readonly handle: string; readonly template: string }[];
  readonly certificates: number;
  readonly fit: boolean;
  readonly reasons: readonly string[];
}

export type FixtureTest =
  | { readonly found: true; readonly tpm: FoundTpm; readonly ms: number }
  | {
      readonly found: false;
      /** In the words of a harvest, which have cards. */
      readonly code: RunFailureCode;
      readonly detail: string;
      readonly ms: number;
    };

/** Of the screen's call, which has 10 s. */
const WHOLE_MS = 8_500;

export async function testFixture(core: StationCore, fixture: FixtureConfiguration): Promise<FixtureTest> {
  const begun = performance.now();
  const ms = () => Math.round(performance.now() - begun);
  const late = AbortSignal.timeout(WHOLE_MS);
  try {
    const configuration = { ...core.configuration, fixtures: [fixture] };
    const report = await readTpmReport({
      bridge: parseTctiConf(fixture.bridge),
      deadlines: deadlinesOf(fixture),
      signal: late,
      ssh: sshAccessOf({ ...core, configuration }, fixture.id),
    });
    return { found: true, tpm: foundTpm(report), ms: ms() };
  } catch (error) {
    const failure = runFailureOf(error);
    if (!failure) throw error;
    const code = late.aborted && failure.code === 'cancelled' ? 'bridge-timeout' : failure.code;
    return { found: false, code, detail: failure.detail, ms: ms() };
  }
}

function foundTpm(report: TpmReport): FoundTpm {
  const { tpm, persistentKeys, ekCertificates, dps } = report;
  return {
    manufacturer: tpm.manufacturerName ?? tpm.manufacturer,
    vendor: tpm.vendor.trim(),
    firmware: tpm.firmware,
    isSimulator: tpm.simulator === 'known-simulator',
    keys: persistentKeys.flatMap(({ handle, ekTemplate }) =>
      ekTemplate ? [{ handle, template: ekTemplate }] : [],
    ),
    certificates: ekCertificates.length,
    fit: dps.fit,
    reasons: dps.reasons,
  };
}
