/** The audit log as it is now, asked for as often as it changes, and what is asked of it. */
import { useCallback } from 'react';
import type { AuditOrder, AuditRefusalCode, AuditView } from '../../src/api/contract.ts';
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

const viewOf = ({ audit }: { readonly audit: AuditView }) => audit;
const isRunning = ({ work }: AuditView): boolean => work?.state === 'running';

export function useAudit(session: Session, lost: boolean): AuditHand {
  const ask = useCallback(() => session.readAudit(), [session]);
  const { view: audit, failure, busy, act } = useActed(ask, viewOf, isRunning, lost);
  return {
    audit,
    failure,
    busy,
    run: order => void act(() => session.runAudit(order)),
    stop: () => void act(() => session.stopAudit()),
  };
}
