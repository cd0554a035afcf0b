/** What the steps of one run share. */
import type { TpmChannel } from '../tpm/command.ts';
import type { EndorsementAuthorization } from './endorsement-authorization.ts';
import type { WarningCode } from './finding.ts';
import type { LoadedObjects } from './loaded-objects.ts';
import type { RunNotes } from './run-notes.ts';

export interface HarvestRun {
  readonly channel: TpmChannel;
  readonly harvestId: string;
  readonly notes: RunNotes;
  /** The bridge's name in `notes`. */
  readonly noteKey: string;
  readonly loaded: LoadedObjects;
  readonly endorsement: EndorsementAuthorization;
  /** TPM_PT_NV_BUFFER_MAX, once the TPM has named it. */
  nvBufferMax: number | undefined;
  readonly warnings: Set<WarningCode>;
  /** A second channel for cleaning up, when the first one broke: for so many milliseconds, deaf to the run's cancel. */
  reopen(wholeMs: number): Promise<TpmChannel>;
}
