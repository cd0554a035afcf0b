/**
 * A look at the TPM behind a bridge, for people who set up a line; nothing of the device is recorded. Where a hierarchy's
 * password was used for it, the audit says so, and who gave it.
 */
import { randomUUID } from 'node:crypto';
import { type PasswordUse, readTpmReport, type TpmReport } from '../../harvest/tpm-report.ts';
import { parseTctiConf } from '../../tcti/tcti-conf.ts';
import type { FixtureConfiguration } from '../configuration/configuration.ts';
import { dataDirectoryAt } from '../data-directory.ts';
import type { StationCore } from '../open-core.ts';
import { deadlinesOf } from './fixture-deadlines.ts';
import type { GivenPassword } from './hierarchy-password.ts';
import { runNotesOf } from './run-notes.ts';
import { commandLineSshAccess, sshAccessOf } from './ssh-access.ts';

export { formatTpmReportAsLimpet, type TpmReport } from '../../harvest/tpm-report.ts';

export interface TpmLook {
  /** TCTI conf string. */
  readonly bridge: string;
  /** Where the host keys of `ssh:` bridges are kept. */
  readonly dataDirectory: string;
  readonly signal?: AbortSignal;
}

/** Needs no station. Rejects with TctiError, TpmError. */
export async function readTpm({ bridge, dataDirectory, signal }: TpmLook): Promise<TpmReport> {
  const ssh = commandLineSshAccess(dataDirectoryAt(dataDirectory));
  return readTpmReport({ bridge: parseTctiConf(bridge), signal, ssh });
}

export interface StationLook {
  /** TCTI conf string. */
  readonly bridge: string;
  /** Whose deadlines and way to sign in count. */
  readonly fixture?: FixtureConfiguration | undefined;
  /** For a TPM whose endorsement hierarchy has one, to make its key where none is stored; the caller's to wipe. */
  readonly hierarchyPassword?: GivenPassword | undefined;
  readonly signal?: AbortSignal;
}

/** As a harvest at this place would see it. Rejects with TctiError, TpmError. */
export async function readTpmAt(core: StationCore, look: StationLook): Promise<TpmReport> {
  const { fixture, hierarchyPassword: given, signal } = look;
  const bridge = parseTctiConf(look.bridge);
  let use: PasswordUse | undefined;
  const used = (now: PasswordUse) => {
    use = now;
  };
  try {
    return await readTpmReport({
      bridge,
      signal,
      ssh: sshAccessOf(core, fixture?.id),
      deadlines: fixture && deadlinesOf(fixture),
      key: given && {
        hierarchyPassword: given.password,
        harvestId: randomUUID(),
        runNotes: runNotesOf(core),
        used,
      },
    });
  } finally {
    if (given && use)
      recordUse(core, given.personId, { use, fixture: fixture?.id ?? null, bridge: bridge.name });
  }
}

function recordUse(
  core: StationCore,
  personId: string,
  data: { readonly use: PasswordUse; readonly fixture: string | null; readonly bridge: string },
): void {
  core.ledger.transaction(() => {
    core.audit.append(core.identity, personId, { type: 'hierarchy-password', data });
  });
}
