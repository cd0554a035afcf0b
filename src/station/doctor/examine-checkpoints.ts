/** `doctor` on the checkpoints that lie outside the ledger (rule A2): whether they are there, and whether the log extends them. */
import { checkpointFolders } from '../log/checkpoint-folders.ts';
import { type Contradiction, lookOutside } from '../log/outside-checkpoints.ts';
import type { StationCore } from '../open-core.ts';
import type { DoctorFinding } from './doctor-finding.ts';

export function examineCheckpoints(core: StationCore): DoctorFinding[] {
  const names = ['checkpoints', 'witness folder'];
  return checkpointFolders(core).flatMap((folder, at) =>
    folder === undefined ? [] : [examineFolder(core, names[at]!, folder)],
  );
}

function examineFolder(core: StationCore, check: string, folder: string): DoctorFinding {
  const { size, contradictions, fault } = lookOutside(core.ledger, folder);
  const grave = contradictions.find(({ onRecord }) => !onRecord);
  if (grave)
    return {
      check,
      state: 'bad',
      kind: 'ledger',
      found: words(grave),
      remedy: `Stop. Keep the data directory and ${grave.file} as they are, and find out who put another ledger here or changed it.`,
    };
  if (fault !== undefined)
    return {
      check,
      state: 'notice',
      found: fault,
      remedy: `Checkpoints cannot be kept in ${folder}. Mend it.`,
    };
  const [known] = contradictions;
  if (known)
    return {
      check,
      state: 'notice',
      found: words(known),
      remedy: 'The log that followed says so. Ask DPS what else it has: `keyline sync --reconcile`.',
    };
  if (size === null)
    return {
      check,
      state: 'notice',
      found: `none of this log in ${folder}`,
      remedy: 'Make one: `keyline audit checkpoint`. It shows when the newest entries are cut off.',
    };
  const all = core.ledger.audit.size();
  return { check, state: 'good', found: `${folder}: up to entry ${size} of ${all}, and the log extends it` };
}

export function words({ kind, origin, size, outsideSize, file }: Contradiction): string {
  return kind === 'missing'
    ? `${origin} had ${outsideSize} entries by ${file}; this ledger has ${size}, so that ${outsideSize - size} are lost`
    : `the first ${outsideSize} entries of ${origin} are not those that were signed in ${file}`;
}
