/**
 * The drain as a screen works with it: how it goes, hold it back, let it go, try now. Pausing and resuming may bring id and
 * PIN of who does it, as a decision at the desk may. Expected refusals are values with a code; anything thrown is a fault.
 */
import type { Hands, OneTimeSignIn } from '../access/hands.ts';
import type { AccessRefusalCode } from '../access/refusals.ts';
import { reasonOf } from '../act.ts';
import { type DpsReach, type DrainForecast, forecastDrain } from '../drain/drain-forecast.ts';
import { type DrainPause, drainPauseOf, pauseDrain, resumeDrain } from '../drain/pause-drain.ts';
import type { StationCore } from '../open-core.ts';
import { refusing } from './desk-answer.ts';
import type { WaitingPoint } from './waiting-history.ts';

export type { DrainForecast, DrainPause, WaitingPoint };

export interface DrainOutlook {
  /** Of the station's clock, epoch milliseconds: what the times below are to be compared with. */
  readonly at: number;
  /** Over the last hour at most, oldest first; it ends with now. */
  readonly history: readonly WaitingPoint[];
  readonly forecast: DrainForecast;
  readonly paused: DrainPause | null;
  /** Devices in service whose EK certificate is not verified (rule H8). */
  readonly certificateDebt: number;
  /** Of `queued`: what waits behind an entry that a person must decide on, or that is under way. */
  readonly held: number;
}

export type DrainRefusalCode = AccessRefusalCode | 'reason-invalid' | 'sign-in-key-missing';
export interface DrainRefusal {
  readonly ok: false;
  readonly code: DrainRefusalCode;
  readonly detail: string;
}
export type DrainAnswer = { readonly ok: true } | DrainRefusal;

export interface DrainAct {
  readonly reason: string;
  /** Who does it, where it is not who is signed in. */
  readonly by?: OneTimeSignIn;
}

export interface DrainControl {
  outlook(): DrainOutlook | Promise<DrainOutlook>;
  pause(input: DrainAct): Promise<DrainAnswer>;
  resume(input: DrainAct): Promise<DrainAnswer>;
  /** Asks DPS at once instead of at the next step. */
  tryNow(): void | Promise<void>;
}

/** What the control needs of the kiosk that drains. */
export interface DrainAtKiosk {
  readonly reach: () => DpsReach;
  readonly history: (now: WaitingPoint) => readonly WaitingPoint[];
  readonly tryNow: () => void;
  /** The pause began or ended. */
  readonly changed: () => void;
}

const refused = refusing('reason-invalid');

export function drainControl(core: StationCore, hands: Hands, kiosk: DrainAtKiosk): DrainControl {
  const carryOut = async (
    { reason, by }: DrainAct,
    work: typeof pauseDrain | typeof resumeDrain,
  ): Promise<DrainAnswer> => {
    try {
      const act = { who: await hands.actor(by), reason: reasonOf(reason) };
      work(core, act);
      kiosk.changed();
      return { ok: true };
    } catch (error) {
      return refused(error);
    }
  };
  return {
    outlook: () => {
      hands.account();
      const { at } = core.clock.read();
      const forecast = forecastDrain(core, kiosk.reach());
      return {
        at,
        history: kiosk.history({ at, waiting: forecast.waiting }),
        forecast,
        paused: drainPauseOf(core) ?? null,
        certificateDebt: core.ledger.counts.certificateDebt(),
        held: core.ledger.counts.outbox().held,
      };
    },
    pause: input => carryOut(input, pauseDrain),
    resume: input => carryOut(input, resumeDrain),
    tryNow: () => {
      hands.account();
      kiosk.tryNow();
    },
  };
}
