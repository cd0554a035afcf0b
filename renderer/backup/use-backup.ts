/** The station's backups as they are now, asked for as often as they change, and what is asked of them. */
import { useCallback, useMemo, useRef, useState } from 'react';
import type { BackupAnswer, BackupRefusalCode, BackupView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { useFollowed } from '../parts/use-followed.ts';

export type BackupFailed = { readonly code: BackupRefusalCode } | { readonly error: unknown };

export interface BackupHand {
  /** Undefined until the station answered first. */
  readonly backup: BackupView | undefined;
  readonly failure: BackupFailed | undefined;
  /** Work runs, or an act is on its way. */
  readonly busy: boolean;
  readonly make: () => void;
  readonly verify: (name: string) => void;
  readonly stop: () => void;
}

const isRunning = ({ work }: BackupView): boolean => work?.state === 'running';

export function useBackup(session: Session, lost: boolean): BackupHand {
  const [failure, setFailure] = useState<BackupFailed>();
  const [acting, setActing] = useState(false);
  const refused = useRef(false);
  const read = useCallback(async () => {
    const answer = await session.readBackups();
    if (answer.ok === refused.current) {
      refused.current = !answer.ok;
      setFailure(answer.ok ? undefined : { code: answer.code });
    }
    return answer.ok ? answer.backup : undefined;
  }, [session]);
  const { view: backup, become } = useFollowed(read, isRunning, lost, acting);

  const act = useCallback(
    async (call: () => Promise<BackupAnswer>) => {
      setActing(true);
      setFailure(undefined);
      try {
        const answer = await call();
        if (answer.ok) become(answer.backup);
        else setFailure({ code: answer.code });
      } catch (error) {
        setFailure({ error });
      } finally {
        setActing(false);
      }
    },
    [become],
  );
  return useMemo(
    () => ({
      backup,
      failure,
      busy: acting || (backup !== undefined && isRunning(backup)),
      make: () => void act(() => session.makeBackup()),
      verify: (name: string) => void act(() => session.verifyBackup({ name })),
      stop: () => void act(() => session.stopBackup()),
    }),
    [backup, failure, acting, act, session],
  );
}
