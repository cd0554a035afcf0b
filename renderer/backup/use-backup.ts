/** The station's backups as they are now, asked for as often as they change, and what is asked of them. */
import { useCallback, useMemo } from 'react';
import type { BackupAnswer, BackupRefusalCode, BackupView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { type ActFailure, useActed } from '../parts/use-acted.ts';

export interface BackupHand {
  /** Undefined until the station answered first. */
  readonly backup: BackupView | undefined;
  readonly failure: ActFailure<BackupRefusalCode> | undefined;
  /** Work runs, or an act is on its way. */
  readonly busy: boolean;
  readonly make: () => void;
  readonly verify: (name: string) => void;
  readonly stop: () => void;
}

const isRunning = ({ work }: BackupView): boolean => work?.state === 'running';

const seen = (answer: BackupAnswer) => (answer.ok ? { ok: true as const, view: answer.backup } : answer);

export function useBackup(session: Session, lost: boolean): BackupHand {
  const ask = useCallback(async () => seen(await session.readBackups()), [session]);
  const { view: backup, failure, busy, act } = useActed(ask, isRunning, lost);
  return useMemo(
    () => ({
      backup,
      failure,
      busy,
      make: () => void act(async () => seen(await session.makeBackup())),
      verify: (name: string) => void act(async () => seen(await session.verifyBackup({ name }))),
      stop: () => void act(async () => seen(await session.stopBackup())),
    }),
    [backup, failure, busy, act, session],
  );
}
