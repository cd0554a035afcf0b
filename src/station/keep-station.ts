/**
 * The station as its host keeps it: open, or stopped with a word why (rule S4), or put aside while it goes on from a backup, which
 * needs that nobody has the ledger open. Windows enter whichever it is; when that changes, they are sent away and come back.
 */
import path from 'node:path';
import { reasonOf } from './act.ts';
import type { RestoringHand } from './backup/admit-restore.ts';
import { askBackupThread } from './backup/ask-backup-thread.ts';
import type { BackupAsk, RestoreRecord, StoppedLook } from './backup/backup-work-thread.ts';
import type { RestoreWish } from './backup/station-backups.ts';
import { StationError } from './errors.ts';
import { failureOf, isShut, type KeptState, mayRestore, stopViewOf } from './kept-state.ts';
import type { KioskOptions } from './kiosk/kiosk.ts';
import { KIOSK_ACCOUNT } from './kiosk/kiosk-account.ts';
import type { KioskWindow } from './kiosk/kiosk-station.ts';
import type { CoreOptions } from './open-core.ts';
import { openStation, type Station } from './open-station.ts';
import type { StopDesk, StoppedAnswer, StoppedRestore } from './stop-view.ts';

export type KeepOptions = CoreOptions & Omit<KioskOptions, 'restore'>;

/** `close` once the window has gone. */
export type Entered =
  | { readonly open: true; readonly window: KioskWindow; close(): void }
  | { readonly open: false; readonly stop: StopDesk; close(): void };

interface Window {
  readonly own: boolean;
  readonly end?: (() => void) | undefined;
}

const nothingSeen: StoppedLook = { backups: [], restore: 'nobody' };

export class KeptStation {
  readonly #options: KeepOptions;
  #state: KeptState = { kind: 'opening' };
  #station: StoppedLook['station'];
  readonly #inside = new Set<() => void>();
  readonly #listeners = new Set<() => void>();
  #busy: Promise<void> = Promise.resolve();
  #thread: ReturnType<typeof askBackupThread> | undefined;
  #closed = false;

  private constructor(options: KeepOptions) {
    this.#options = options;
  }

  /** Whatever keeps it from opening; `failure` says. */
  static async open(options: KeepOptions): Promise<KeptStation> {
    const kept = new KeptStation(options);
    await kept.#open();
    return kept;
  }

  /** Undefined while it is stopped. */
  get station(): Station | undefined {
    return this.#state.kind === 'open' ? this.#state.station : undefined;
  }

  /** Why it could not be opened; undefined where nothing keeps it. */
  get failure(): unknown {
    return this.#state.kind === 'stopped' ? this.#state.error : undefined;
  }

  /** @param gone called once when this is no longer what the window entered */
  enter(window: Window, gone: () => void): Entered {
    this.#inside.add(gone);
    const leave = () => void this.#inside.delete(gone);
    if (this.#state.kind === 'open') {
      const opened = this.#state.station.kiosk.openWindow(window);
      return {
        open: true,
        window: opened,
        close: () => {
          leave();
          opened.close();
        },
      };
    }
    const stop = this.#desk(window);
    return {
      open: false,
      stop,
      close: () => {
        leave();
        stop.close();
      },
    };
  }

  /** Ends what goes on; a restore that has begun to put the ledger in its place is waited for. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#thread?.stop();
    await this.#busy;
    await this.#thread?.end();
    const { station } = this;
    this.#state = { kind: 'opening' };
    await station?.close();
  }

  #desk({ own, end }: Window): StopDesk {
    const mine = new Set<() => void>();
    const view = () => stopViewOf(this.#state, this.#station ?? {}, own && end !== undefined);
    return {
      view,
      subscribe: listener => {
        const tell = () => listener(view());
        mine.add(tell);
        this.#listeners.add(tell);
        return () => this.#listeners.delete(tell);
      },
      openAgain: () => {
        if (this.#state.kind !== 'stopped' && this.#state.kind !== 'restored') return notStopped;
        // At once: what is asked in the same moment is about a station that opens.
        this.#become({ kind: 'opening' });
        this.#do(() => this.#open());
        return { ok: true };
      },
      restore: input => this.#restoreStopped(input, own),
      end: () => {
        if (!isShut(this.#state) || !own || !end) return notStopped;
        setImmediate(end);
        return { ok: true };
      },
      close: () => {
        for (const tell of mine) this.#listeners.delete(tell);
      },
    };
  }

  async #open(): Promise<void> {
    this.#become({ kind: 'opening' });
    await this.#thread?.end();
    this.#thread = undefined;
    try {
      const restore = (wish: RestoreWish) => this.#do(() => this.#restoreOpen(wish));
      this.#become({ kind: 'open', station: await openStation({ ...this.#options, restore }) });
    } catch (error) {
      this.#become({ kind: 'stopped', error, look: await this.#look() });
    }
  }

  async #look(): Promise<StoppedLook> {
    try {
      const look = (await this.#ask({ kind: 'look-while-stopped' })) as StoppedLook;
      this.#station = look.station;
      return look;
    } catch {
      // Why it stopped is told; what it has of backups is then for the command line.
      return nothingSeen;
    }
  }

  async #restoreOpen({ place, by }: RestoreWish): Promise<void> {
    if (this.#state.kind !== 'open') return;
    const { station } = this.#state;
    const { language, name } = station.core.configuration.station;
    this.#station = { language, name };
    this.#become({ kind: 'restoring', backup: path.basename(place) });
    await this.#restore(place, { proof: 'allowed', by }, undefined, station);
  }

  #restoreStopped({ name, reason, by }: StoppedRestore, own: boolean): StoppedAnswer {
    const state = this.#state;
    if (state.kind !== 'stopped' || !mayRestore(state.error)) return notStopped;
    const { folder, backups, restore } = state.look;
    if (folder === undefined || !backups.some(row => row.name === name && row.fault === undefined))
      return { ok: false, code: 'backup-unknown' };
    if (by ? restore !== 'pin' : restore !== 'anybody' || !own) return { ok: false, code: 'sign-in-needed' };
    let hand: RestoringHand = { proof: 'none', account: KIOSK_ACCOUNT, reason: reason.trim() };
    try {
      if (by) {
        const { pin, ...claim } = by;
        hand = { proof: 'pin', claim, pin, reason: reasonOf(reason) };
      }
    } catch (error) {
      if (error instanceof StationError && error.code === 'reason-invalid')
        return { ok: false, code: error.code };
      throw error;
    }
    this.#become({ kind: 'restoring', backup: name });
    this.#do(() => this.#restore(path.join(folder, name), hand, state.error));
    return { ok: true };
  }

  /** @param error why the station could not be opened; undefined: it was, and is closed first */
  async #restore(place: string, hand: RestoringHand, error: unknown, open?: Station): Promise<void> {
    const setAsideIntact = error === undefined;
    try {
      await open?.close();
      const report = await this.#ask({ kind: 'restore', place, setAsideIntact, hand });
      this.#become({ kind: 'restored', report: report as RestoreRecord });
    } catch (fault) {
      const restoreFailure = failureOf(fault);
      const look = await this.#look();
      // The backup is in the ledger's place, and that is why it cannot be opened now.
      if (restoreFailure.code === 'restored-unopened') this.#become({ kind: 'stopped', error: fault, look });
      else this.#become({ kind: 'stopped', error, look, restoreFailure });
    }
  }

  /** Of a thread that is there while the station is not. */
  #ask(ask: BackupAsk): Promise<unknown> {
    this.#thread ??= askBackupThread(this.#options.dataDirectory);
    const answer = this.#thread.ask(ask);
    if (this.#closed) this.#thread.stop();
    return answer;
  }

  #do(work: () => Promise<void>): void {
    this.#busy = this.#busy.then(() => (this.#closed ? undefined : work()));
  }

  #become(next: KeptState): void {
    const enters = (this.#state.kind === 'open') !== (next.kind === 'open');
    this.#state = next;
    for (const tell of [...this.#listeners]) tell();
    if (!enters) return;
    const inside = [...this.#inside];
    this.#inside.clear();
    for (const gone of inside) gone();
  }
}

const notStopped = { ok: false, code: 'not-stopped' } as const;
