/** The audit log as it is now, asked for as often as it changes, and what is asked of it. */
import { useCallback, useMemo, useRef, useState } from 'react';
import type { AuditAnswer, AuditOrder, AuditRefusalCode, AuditView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { useFollowed } from '../parts/use-followed.ts';

export type AuditFailure = { readonly code: AuditRefusalCode } | { readonly error: unknown };

export interface AuditHand {
  /** Undefined until the station answered first. */
  readonly audit: AuditView | undefined;
  readonly failure: AuditFailure | undefined;
  /** Work runs, or an act is on its way. */
  readonly busy: boolean;
  readonly run: (order: AuditOrder) => void;
  readonly stop: () => void;
}

const isRunning = ({ work }: AuditView): boolean => work?.state === 'running';

export function useAudit(session: Session, lost: boolean): AuditHand {
  const [failure, setFailure] = useState<AuditFailure>();
  const [acting, setActing] = useState(false);
  const refused = useRef(false);
  const read = useCallback(async () => {
    const answer = await session.readAudit();
    if (answer.ok !== refused.current) return answer.ok ? answer.audit : undefined;
    refused.current = !answer.ok;
    setFailure(answer.ok ? undefined : { code: answer.code });
    return answer.ok ? answer.audit : undefined;
  }, [session]);
  const { view: audit, become } = useFollowed(read, isRunning, lost, acting);

  const act = useCallback(
    async (call: () => Promise<AuditAnswer>) => {
      setActing(true);
      setFailure(undefined);
      try {
        const answer = await call();
        if (answer.ok) become(answer.audit);
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
      audit,
      failure,
      busy: acting || (audit !== undefined && isRunning(audit)),
      run: (order: AuditOrder) => void act(() => session.runAudit(order)),
      stop: () => void act(() => session.stopAudit()),
    }),
    [audit, failure, acting, act, session],
  );
}
