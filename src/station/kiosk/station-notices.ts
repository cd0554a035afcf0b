/** What is wrong with the station itself, at the edge of every screen: a fault that stops its work, its clock (rule O7), its backups (rule S4). */
import { isDeepStrictEqual } from 'node:util';
import type { BackupTrouble } from '../backup/backup-view.ts';
import { backupTrouble } from '../backup/examine-backups.ts';
import { isWrong } from '../clock/station-clock.ts';
import { describeFailure } from '../failure.ts';
import type { StationCore } from '../open-core.ts';
import type { StationView } from '../views.ts';
import type { LiveEvents } from './live-events.ts';

export class StationNotices {
  readonly #core: StationCore;
  readonly #events: LiveEvents;
  #fault: string | undefined;
  #clockAheadMs: number | undefined;
  #backup: BackupTrouble | undefined;

  constructor(core: StationCore, events: LiveEvents) {
    this.#core = core;
    this.#events = events;
    this.#backup = backupTrouble(core);
  }

  view(): Pick<StationView, 'fault' | 'clockAheadMs' | 'backup'> {
    return {
      ...(this.#backup && { backup: this.#backup }),
      ...(this.#clockAheadMs === undefined ? {} : { clockAheadMs: this.#clockAheadMs }),
      ...(this.#fault === undefined ? {} : { fault: this.#fault }),
    };
  }

  failed(error: unknown): void {
    this.setFault(describeFailure(error).code);
  }

  /** Undefined: there is none any more. */
  setFault(fault: string | undefined): void {
    if (fault === this.#fault) return;
    this.#fault = fault;
    this.#events.tell({ kind: 'fault', fault: fault ?? null });
  }

  /** To the minute: what a person sets a clock by, and no event for every answer of DPS. */
  lookAtClock(): void {
    const ahead = this.#core.clock.aheadMs();
    const wrong = isWrong(ahead) ? Math.round(ahead / 60_000) * 60_000 : undefined;
    if (wrong === this.#clockAheadMs) return;
    this.#clockAheadMs = wrong;
    this.#events.tell({ kind: 'clock', aheadMs: wrong ?? null });
  }

  lookAtBackups(): void {
    const trouble = backupTrouble(this.#core);
    if (isDeepStrictEqual(trouble, this.#backup)) return;
    this.#backup = trouble;
    this.#events.tell({ kind: 'backup', trouble: trouble ?? null });
  }
}
