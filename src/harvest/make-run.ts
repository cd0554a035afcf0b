/** The steps' common ground for one run at one bridge: what it loads, its notes, its password, its way back to the TPM. */
import type { SshAccess } from '../tcti/ssh-access.ts';
import type { TctiConf } from '../tcti/tcti-conf.ts';
import type { TpmChannel } from '../tpm/command.ts';
import { HierarchyPassword } from '../tpm/hierarchy-password.ts';
import {
  EndorsementAuthorization,
  type EndorsementPassword,
  type PasswordUse,
} from './endorsement-authorization.ts';
import type { WarningCode } from './finding.ts';
import type { HarvestRun } from './harvest-run.ts';
import { LoadedObjects } from './loaded-objects.ts';
import { type OpenTcti, openChannel } from './open-channel.ts';
import { noteKeyOf, type RunNotes } from './run-notes.ts';

export interface RunSetting {
  readonly bridge: TctiConf;
  readonly harvestId: string;
  readonly runNotes: RunNotes;
  /** A supervisor's, for a TPM whose endorsement hierarchy has one; wiped where the TPM refuses it. */
  readonly hierarchyPassword?: HierarchyPassword | undefined;
  /** How to sign in at the DUT; an `ssh:` bridge needs it. */
  readonly ssh?: SshAccess | undefined;
  /** Another way to open bridges than the real carriers, for tests. */
  readonly open?: OpenTcti | undefined;
}

export interface RunReport {
  readonly warnings: Set<WarningCode>;
  /** Is told what became of the password, each time that it was sent. */
  readonly used: (use: PasswordUse) => void;
}

export function makeRun(setting: RunSetting, channel: TpmChannel, report: RunReport): HarvestRun {
  const { bridge, harvestId, runNotes, open, ssh } = setting;
  const noteKey = noteKeyOf(bridge);
  const loaded = new LoadedObjects(channel, runNotes, noteKey, harvestId);
  return {
    channel,
    harvestId,
    notes: runNotes,
    noteKey,
    nvBufferMax: undefined,
    loaded,
    endorsement: new EndorsementAuthorization(channel, loaded, passwordFor(setting, channel, report.used)),
    warnings: report.warnings,
    reopen: wholeMs => {
      const deadlines = { connectMs: wholeMs, commandMs: wholeMs, createPrimaryMs: wholeMs, wholeMs };
      return openChannel({ bridge, deadlines, open, ssh });
    },
  };
}

/** A replay stands in for the password of the recorded run, which it needs no more than its answers do. */
function passwordFor(
  { hierarchyPassword, bridge }: RunSetting,
  { tcti }: TpmChannel,
  used: (use: PasswordUse) => void,
): EndorsementPassword | undefined {
  const isReplay = bridge.name === 'replay';
  const standIn = tcti.withPassword ? HierarchyPassword.of('replayed') : undefined;
  const password = isReplay ? standIn : hierarchyPassword;
  return password && { password, verifies: !isReplay, used };
}
