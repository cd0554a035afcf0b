/**
 * Staff end the kiosk at its own window. Nothing may be under test then: a run that is cut off says nothing of its device.
 * What waits in the outbox stays in the ledger. An act with its evidence in one transaction (rules A1, S1); while nobody
 * signs in, it is open to whoever stands there. Expected refusals are values with a code; anything thrown is a fault.
 */
import type { Hands, OneTimeSignIn } from '../access/hands.ts';
import { needsFirstSupervisor } from '../access/manage-people.ts';
import type { AccessRefusalCode } from '../access/refusals.ts';
import { allowed, reasonOf } from '../act.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { answering } from './desk-answer.ts';

/** `tests-running`: stop them or let them end; `not-endable`: this window's host cannot end, or did not open the window. */
export type LeaveRefusalCode =
  | AccessRefusalCode
  | 'sign-in-key-missing'
  | 'reason-invalid'
  | 'tests-running'
  | 'not-endable';
export type LeaveAnswer = { readonly ok: true } | { readonly ok: false; readonly code: LeaveRefusalCode };

export interface LeaveAct {
  /** Asked for as soon as people sign in; until then it may be empty. */
  readonly reason: string;
  /** Who does it, where it is not who is signed in. */
  readonly by?: OneTimeSignIn;
}

export interface KioskToLeave {
  /** How many fixtures test now. */
  readonly running: () => number;
  /** Ends the host, window and all; undefined where this window must not or its host cannot. */
  readonly end: (() => void) | undefined;
}

const answer = answering('reason-invalid');

/** The host ends once the answer is on its way. */
export async function leaveKiosk(
  core: StationCore,
  hands: Hands,
  kiosk: KioskToLeave,
  { reason, by }: LeaveAct,
): Promise<LeaveAnswer> {
  const { end } = kiosk;
  if (!end) return { ok: false, code: 'not-endable' };
  return answer<LeaveAnswer>(async () => {
    const who = await hands.actor(by);
    if (kiosk.running() > 0) return { ok: false, code: 'tests-running' };
    core.ledger.transaction(() => {
      const isOpen = needsFirstSupervisor(core);
      const act = { who, reason: isOpen && reason.trim() === '' ? '' : reasonOf(reason) };
      const account = isOpen ? hands.account() : allowed(core, 'leave-kiosk', act).account;
      const personId = personOf(core.ledger, account, core.clock.read().at);
      const because = act.reason === '' ? {} : { because: act.reason };
      core.audit.append(core.identity, personId, { type: 'kiosk', data: { change: 'ended', ...because } });
    });
    setImmediate(end);
    return { ok: true };
  });
}
