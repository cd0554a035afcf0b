/**
 * What the kiosk needs of a station, and all that src/api may ask of it: look, listen, scan, start, stop, clear,
 * and the outbox's desk.
 * Expected refusals are values with a code that the screens have words for; anything thrown is a fault of the station.
 */
import type { QueueDesk } from './queue-desk.ts';
import type { SerialRefusalCode } from './verdict.ts';
import type { LiveEvent, StationView } from './views.ts';

/** `choose-fixture`: more than one fixture is free and none was named; `running`: every fixture asked for is at work. */
export type ScanRefusalCode =
  | SerialRefusalCode
  | 'choose-fixture'
  | 'already-in-fixture'
  | 'unknown-fixture'
  | 'running';

export type ScanAnswer =
  /** The fixture that now holds the serial. */
  | { readonly ok: true; readonly fixture: string }
  /** `fixture`: the one that the refusal is about, e.g. where that serial already is. */
  | { readonly ok: false; readonly code: ScanRefusalCode; readonly fixture?: string };

export type StartAnswer =
  /** How many harvests began. */
  | { readonly ok: true; readonly started: number }
  | { readonly ok: false; readonly code: 'nothing-armed' | 'unknown-fixture' | 'running' };

export type StopAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'unknown-fixture' | 'not-running' };

export type ClearAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'unknown-fixture' | 'running' };

export interface KioskStation {
  /** The outbox, and decisions on it. */
  readonly queue: QueueDesk;
  /** The whole picture as it is now. Cheap: called for each client that joins and after a client fell behind. */
  view(): StationView;
  /**
   * Calls the listener, in order and synchronously, for every change after this call; returns the way out.
   * A listener that throws must not reach the station: listeners here never throw.
   */
  subscribe(listener: (event: LiveEvent) => void): () => void;
  /** Arms a fixture with the scanned or typed serial; `fixture` (its id) where a person chose one. */
  scan(input: { readonly text: string; readonly fixture?: string }): ScanAnswer | Promise<ScanAnswer>;
  /** Starts one fixture, or every armed one. Returns when they have begun, not when they end. */
  start(input: { readonly fixture?: string }): StartAnswer | Promise<StartAnswer>;
  /** Cancels a running harvest; returns when it was asked to end. */
  stop(input: { readonly fixture: string }): StopAnswer | Promise<StopAnswer>;
  /** Takes the serial or the verdict off a fixture that is not running. */
  clear(input: { readonly fixture: string }): ClearAnswer | Promise<ClearAnswer>;
}
