/** The windows that are open at the kiosk, their sign-ins, and the desks that all of them share. */
import { WindowSignIns } from '../access/window-sign-ins.ts';
import { giveHierarchyPassword } from '../attempt/hierarchy-password.ts';
import { StationAudit } from '../audit-desk/audit-desk.ts';
import { type BackupSetting, StationBackups } from '../backup/station-backups.ts';
import { StationBatch } from '../batch-import/batch-desk.ts';
import type { StationCore } from '../open-core.ts';
import { StationDevices } from './device-desk.ts';
import type { FixtureActs } from './fixture-acts.ts';
import type { FixtureBoard } from './fixture-board.ts';
import type { FixturePasswords } from './fixture-passwords.ts';
import type { KioskDrain } from './kiosk-drain.ts';
import type { KioskWindow } from './kiosk-station.ts';
import { WindowAtKiosk, type WindowSetting } from './kiosk-window.ts';

export interface KioskParts {
  readonly station: WindowSetting['station'];
  readonly board: FixtureBoard;
  readonly acts: FixtureActs;
  readonly passwords: FixturePasswords;
  readonly drain: KioskDrain;
  readonly restore: BackupSetting['restore'];
  /** A backup was made, or was not. */
  readonly backedUp: () => void;
  /** Something was written that all windows should know of. */
  readonly written: () => void;
}

export class KioskWindows {
  readonly #core: StationCore;
  readonly #parts: KioskParts;
  readonly #devices: StationDevices;
  readonly #batch: StationBatch;
  readonly #audit: StationAudit;
  readonly #backups: StationBackups;
  readonly #signIns: WindowSignIns;
  readonly #windows = new Set<WindowAtKiosk>();

  constructor(core: StationCore, parts: KioskParts) {
    this.#core = core;
    this.#parts = parts;
    this.#devices = new StationDevices(core);
    this.#batch = new StationBatch(core);
    this.#audit = new StationAudit(core);
    this.#backups = new StationBackups(core, {
      running: () => this.#running(),
      restore: parts.restore,
      onEnd: parts.backedUp,
    });
    this.#signIns = new WindowSignIns(core.configuration.station.lockMinutes * 60_000);
  }

  open({ own, end }: { readonly own: boolean; readonly end?: () => void }): KioskWindow {
    const { station, board, acts, passwords, drain, written } = this.#parts;
    const window: WindowAtKiosk = new WindowAtKiosk({
      core: this.#core,
      station,
      signIns: this.#signIns,
      own,
      leaving: {
        running: () => this.#running(),
        end: own ? end : undefined,
      },
      written,
      devices: this.#devices,
      batch: this.#batch,
      audit: this.#audit,
      backups: this.#backups,
      passwords: {
        fixture: id => board.view(id),
        forget: id => passwords.forget(id),
        keep: (id, text, who, signIn) => {
          const given = giveHierarchyPassword(this.#core, text, who);
          passwords.keep(id, given, listener => signIn.onEnd(listener));
        },
        testAgain: (id, personId) => acts.testAgain(id, personId),
      },
      board,
      drain: {
        reach: () => drain.reach(),
        history: now => drain.history(now),
        tryNow: () => drain.tryNow(),
        changed: written,
      },
      closed: () => this.#windows.delete(window),
    });
    this.#windows.add(window);
    return window;
  }

  lockAfter(minutes: number): void {
    this.#signIns.lockAfter(minutes * 60_000);
  }

  /** The ledger changed: each looks whether it still knows who stands there. */
  look(): void {
    for (const window of this.#windows) window.look();
  }

  /** Whoever is signed in no longer is. */
  endSignIns(): void {
    this.#signIns.endAll();
  }

  /** What goes on at the desks ends. */
  async close(): Promise<void> {
    await this.#devices.close();
    await this.#batch.close();
    await this.#audit.close();
    await this.#backups.close();
  }

  #running(): number {
    return this.#parts.board.views().filter(({ state }) => state === 'running').length;
  }
}
