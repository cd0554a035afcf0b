/** The station's backups as they are now, asked for as often as they change, and what is asked of them. */
import { useCallback } from 'react';
import type { BackupRefusalCode, BackupView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { type ActFailure, useActed } from '../parts/use-acted.ts';

export interface BackupHand {
  /** Undefined until the station answered first. */
  readonly backup: BackupView | undefined;
  readonly failure: ActFailure<BackupRefusalCode> | undefined;
  /** Work runs, or an act is on its way. */
  readonly busy: boolean;
  /** At once: something was begun elsewhere. */
  readonly look: () => void;
  readonly make: () => void;
  readonly verify: (name: string) => void;
  readonly stop: () => void;
}

const viewOf = ({ backup }: { readonly backup: BackupView }) => backup;
const isRunning = ({ work }: BackupView): boolean => work?.state === 'running';

export function useBackup(session: Session, lost: boolean): BackupHand {
  const ask = useCallback(() => session.readBackups(), [session]);
  const { view: backup, failure, busy, act } = useActed(ask, viewOf, isRunning, lost);
  return {
    backup,
    failure,
    busy,
    look: () => void act(ask),
    make: () => void act(() => session.makeBackup()),
    verify: name => void act(() => session.verifyBackup({ name })),
    stop: () => void act(() => session.stopBackup()),
  };
}
