/**
 * What the kiosk needs of a station, and all that src/api may ask of it: look, listen, scan, start, stop, clear;
 * and, at a window, who is there, the people and the outbox's desk.
 * Expected refusals are values with a code that the screens have words for; anything thrown is a fault of the station.
 */
import type { LabelFaultCode } from '../../enrollment/device-label.ts';
import type { Claim } from '../access/sign-in.ts';
import type { SerialRefusalCode } from '../attempt/verdict.ts';
import type { AuditDesk } from '../audit-desk/audit-view.ts';
import type { BackupDesk } from '../backup/backup-view.ts';
import type { BatchDesk } from '../batch-import/batch-view.ts';
import type { DeviceActs } from '../devices/device-acts.ts';
import type { LiveEvent, StationView } from '../views.ts';
import type { DeviceDesk } from './device-desk.ts';
import type { DrainControl } from './drain-control.ts';
import type { LastAttempt } from './last-attempts.ts';
import type { LeaveAct, LeaveAnswer } from './leave-kiosk.ts';
import type { PasswordDesk } from './password-desk.ts';
import type { PeopleDesk, PeopleRefusalCode, PinAnswer } from './people-desk.ts';
import type { QueueDesk } from './queue-desk.ts';
import type { SettingsDesk } from './settings-view.ts';
import type { VerdictDesk } from './verdict-desk.ts';
import type { WorkOrderDesk } from './work-order-desk.ts';

/**
 * `choose-fixture`: more than one fixture is free and none was named; `running`: every fixture asked for is at work;
 * `badge-scanned`: somebody's badge, `work-order-scanned`: an order's number; neither is ever taken for a serial.
 * `work-order-product`: the product of the station's order is configured no more.
 */
export type ScanRefusalCode =
  | SerialRefusalCode
  | LabelFaultCode
  | 'choose-fixture'
  | 'already-in-fixture'
  | 'unknown-fixture'
  | 'badge-scanned'
  /** The fixture has to be checked with a reference unit first. */
  | 'golden-check-due'
  | 'work-order-scanned'
  | 'work-order-product'
  | 'running';

export type ScanAnswer =
  /** The fixture that now holds the serial. */
  | { readonly ok: true; readonly fixture: string }
  /** `fixture`: the one that the refusal is about, e.g. where that serial already is. */
  | { readonly ok: false; readonly code: ScanRefusalCode; readonly fixture?: string };

export type StartAnswer =
  /** How many harvests began. */
  | { readonly ok: true; readonly started: number }
  | {
      readonly ok: false;
      readonly code: 'nothing-armed' | 'unknown-fixture' | 'running' | 'golden-check-due';
    };

export type StopAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'unknown-fixture' | 'not-running' };

export type ClearAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'unknown-fixture' | 'running' };

/** A badge alone, or an id or badge with its PIN. */
export type SignInInput =
  | { readonly badge: string; readonly pin?: undefined }
  | (Claim & { readonly pin: string });

/** `not-a-badge`: this plant's badges begin otherwise. */
export type SignInRefusalCode = 'sign-in-locked' | 'not-a-badge' | PeopleRefusalCode;

export type SignInAnswer =
  /** The secret by which this window finds its sign-in again. */
  | { readonly ok: true; readonly resume: string }
  /** `waitMs`: until the next PIN is looked at; with `sign-in-locked` alone. */
  | { readonly ok: false; readonly code: SignInRefusalCode; readonly waitMs?: number };

/** What every window shows and does, whoever stands there. */
interface Fixtures {
  /** The whole picture as it is now. Cheap: called for each client that joins and after a client fell behind. */
  view(): StationView;
  /**
   * Calls the listener, in order and synchronously, for every change after this call; returns the way out.
   * A listener that throws must not reach the station: listeners here never throw.
   */
  subscribe(listener: (event: LiveEvent) => void): () => void;
  /** Arms a fixture with the scanned or typed serial; `fixture` (its id) where a person chose one. */
  scan(
    input: { readonly text: string; readonly fixture?: string },
    personId?: string,
  ): ScanAnswer | Promise<ScanAnswer>;
  /** Starts one fixture, or every armed one. Returns when they have begun, not when they end. */
  start(input: { readonly fixture?: string }, personId?: string): StartAnswer | Promise<StartAnswer>;
  /** Cancels a running harvest; returns when it was asked to end. */
  stop(input: { readonly fixture: string }): StopAnswer | Promise<StopAnswer>;
  /** Takes the serial or the verdict off a fixture that is not running. */
  clear(input: { readonly fixture: string }): ClearAnswer | Promise<ClearAnswer>;
}

/**
 * The station at one window. While it is locked, whatever does something throws StationError `sign-in-needed`, but for
 * the ways to sign in.
 */
export interface KioskWindow extends Fixtures {
  /** The outbox, and decisions on it. */
  readonly queue: QueueDesk;
  readonly drain: DrainControl;
  readonly people: PeopleDesk;
  readonly passwords: PasswordDesk;
  /** Refused duplicates, and decisions on them. */
  readonly verdicts: VerdictDesk;
  readonly settings: SettingsDesk;
  readonly workOrders: WorkOrderDesk;
  /** A file of keys on its way into the ledger. */
  readonly batch: BatchDesk;
  /** The audit log, its exports and their verification. */
  readonly audit: AuditDesk;
  /** Copies of the station, and going on from one. */
  readonly backups: BackupDesk;
  /** What can be done to one of them. */
  readonly deviceActs: DeviceActs;
  /** All devices that the ledger knows. */
  readonly devices: DeviceDesk;
  /** At all fixtures, newest first. */
  lastAttempts(input: { readonly limit: number }): readonly LastAttempt[] | Promise<readonly LastAttempt[]>;
  /** In place of whoever was signed in here. */
  signIn(input: SignInInput): Promise<SignInAnswer>;
  /** Finds the sign-in of before a reload; false where it has ended. */
  resume(input: { readonly secret: string }): { readonly ok: boolean };
  /** Ends the sign-in; what runs goes on. */
  lock(): void;
  /** A hand was at the window: the time until it locks begins anew. */
  stay(): void;
  /** Over the kiosk's own window, while there is no supervisor; signs them in. */
  addFirstSupervisor(input: {
    readonly id: string;
    readonly name: string;
    readonly pin: string;
    readonly badge?: string | undefined;
  }): Promise<SignInAnswer>;
  /** Of who is signed in, who shows it with the PIN of before. */
  setOwnPin(input: { readonly pin: string; readonly newPin: string }): Promise<PinAnswer>;
  /** Staff end the kiosk: the window's host, and the station with it. */
  leaveKiosk(input: LeaveAct): Promise<LeaveAnswer>;
  close(): void;
}

/** The station itself acts for whoever owns its account; `personId`: the random id of who stands at the window. */
export interface KioskStation extends Fixtures {
  /**
   * `own`: the window that the host of this station opened itself, and none that came over a network.
   * `end`: ends that host and its window, once staff asked for it there.
   */
  openWindow(setting: { readonly own: boolean; readonly end?: (() => void) | undefined }): KioskWindow;
}
