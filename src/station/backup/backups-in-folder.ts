/**
 * The backups in the configured folder as somebody last saw them there, and what verifying one anew came to since the station was
 * started. A thread looks: a disk that does not answer holds up nobody.
 */
import path from 'node:path';
import type { StationCore } from '../open-core.ts';
import type { AskedThread } from '../thread/asked-thread.ts';
import { SaidByThread } from './ask-backup-thread.ts';
import type { BackupFailure, BackupRow, BackupView } from './backup-view.ts';
import type { BackupAsk, BackupFolder, BackupProgress } from './backup-work-thread.ts';
import { backupFolder } from './scheduled-backup.ts';

/** Looked at so often at most while somebody looks. */
const LOOK_EVERY_MS = 15_000;

export class BackupsInFolder {
  readonly #core: StationCore;
  readonly #thread: AskedThread<BackupAsk, BackupProgress>;
  readonly #checked = new Map<string, NonNullable<BackupRow['checked']>>();
  #seen: BackupFolder | { readonly unreadable: string } | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(core: StationCore, thread: AskedThread<BackupAsk, BackupProgress>) {
    this.#core = core;
    this.#thread = thread;
  }

  view(): Pick<BackupView, 'folder' | 'backups' | 'sameDisk' | 'unreadable'> {
    const folder = backupFolder(this.#core);
    if (folder === undefined) return {};
    if (!this.#seen || 'unreadable' in this.#seen) return { folder, ...this.#seen };
    const { backups, sameDisk } = this.#seen;
    return {
      folder,
      sameDisk,
      backups: backups.map(row => {
        const checked = this.#checked.get(row.name);
        return checked ? { ...row, checked } : row;
      }),
    };
  }

  /** In the background: what is seen is in the next view. */
  look(): void {
    const folder = backupFolder(this.#core);
    const now = performance.now();
    if (folder === undefined || now - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = now;
    const ask = { kind: 'list', folder, stationId: this.#core.identity.stationId } as const;
    this.#thread.ask(ask).then(
      seen => {
        this.#seen = seen as BackupFolder;
      },
      error => {
        if (error instanceof SaidByThread)
          this.#seen = { unreadable: 'stopped' in error.said ? '' : error.said.detail };
        // The thread ended: the next look begins it again.
        else this.#lookedAt = Number.NEGATIVE_INFINITY;
      },
    );
  }

  /** Something there has changed. */
  lookAnew(): void {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
    this.look();
  }

  /** Where one lies that the last look found. */
  placeOf(name: string): string | undefined {
    const { folder, backups = [] } = this.view();
    return folder !== undefined && backups.some(row => row.name === name)
      ? path.join(folder, name)
      : undefined;
  }

  noteWhole(name: string): void {
    this.#checked.set(name, { at: this.#core.clock.read().at });
  }

  /** Of what says something of the backup itself. */
  noteFault(name: string, { code, detail }: BackupFailure): void {
    if (code === 'backup-damaged' || code === 'backup-unreadable')
      this.#checked.set(name, { at: this.#core.clock.read().at, fault: detail });
  }
}
