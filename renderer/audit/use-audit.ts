/** The audit log as it is now, asked for as often as it changes, and what is asked of it. */
import { useCallback, useMemo } from 'react';
import type { AuditAnswer, AuditOrder, AuditRefusalCode, AuditView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { type ActFailure, useActed } from '../parts/use-acted.ts';

export type AuditFailure = ActFailure<AuditRefusalCode>;

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

const seen = (answer: AuditAnswer) => (answer.ok ? { ok: true as const, view: answer.audit } : answer);

export function useAudit(session: Session, lost: boolean): AuditHand {
  const ask = useCallback(async () => seen(await session.readAudit()), [session]);
  const { view: audit, failure, busy, act } = useActed(ask, isRunning, lost);
  return useMemo(
    () => ({
      audit,
      failure,
      busy,
      run: (order: AuditOrder) => void act(async () => seen(await session.runAudit(order))),
      stop: () => void act(async () => seen(await session.stopAudit())),
    }),
    [audit, failure, busy, act, session],
  );
}
