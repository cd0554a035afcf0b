/**
 * The audit log at the screen (rules A2, A3, A4, S1): what it is, a checkpoint now, exports, passports and certificates into the
 * folders that the configuration names, and verification. Who may is asked for each; the work is done by a thread
 * (`audit-thread.ts`), one at a time for the station, and all its windows see it. A path never comes from a window.
 */
import { statedCheckpoint } from '../../audit/checkpoint.ts';
import { authorize } from '../access/authorize.ts';
import type { Hands } from '../access/hands.ts';
import { needsFirstSupervisor } from '../access/manage-people.ts';
import { datedName } from '../clock/dated-name.ts';
import { answering } from '../kiosk/desk-answer.ts';
import type { StationCore } from '../open-core.ts';
import { AskedThread } from '../thread/asked-thread.ts';
import type { AuditAsk, AuditProgress, AuditThreadData, Said } from './audit-thread.ts';
import type {
  AuditAnswer,
  AuditDesk,
  AuditOrder,
  AuditRefusal,
  AuditResult,
  AuditView,
  AuditWork,
  ExportedFile,
  ExportedFilesAnswer,
  OutsideState,
} from './audit-view.ts';
import { exportFolder, exportFolderNames } from './export-folders.ts';

/** Built, the thread is a file beside the one that this is in. */
const threadFile = import.meta.url.endsWith('.ts') ? './audit-thread.ts' : './audit-work.cjs';
const answers = answering<never>();
/** The folder outside is looked at so often at most while somebody looks. */
const LOOK_OUTSIDE_EVERY_MS = 30_000;

/** The audit's work of a station; `desk` gives it to one window. */
export class StationAudit {
  readonly #core: StationCore;
  readonly #thread: AskedThread<AuditAsk, AuditProgress>;
  #work: AuditWork | undefined;
  #outside: OutsideState | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(core: StationCore) {
    this.#core = core;
    this.#thread = new AskedThread({
      file: new URL(threadFile, import.meta.url),
      data: { dataDirectory: core.directory.path } satisfies AuditThreadData,
      onProgress: ({ done, all }: AuditProgress) => {
        if (this.#work?.state === 'running') this.#work = { ...this.#work, done, all };
      },
      refusal: (said: Said) => new Refused(said),
    });
  }

  desk(hands: Hands): AuditDesk {
    const viewed = (work: (account: string) => void) =>
      this.#act(hands, (account): AuditAnswer => {
        work(account);
        return { ok: true, audit: this.#view() };
      });
    return {
      read: () => viewed(() => this.#lookOutside()),
      run: order => viewed(account => this.#run(order, account)),
      stop: () => viewed(() => this.#stop()),
      files: ({ folder }) => this.#act(hands, () => this.#files(folder)),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#thread.end();
  }

  #view(): AuditView {
    const { ledger, identity, rehearsal, configuration } = this.#core;
    const { origin, logId, verifierKey } = identity;
    const latest = ledger.checkpoints.latest(logId);
    const head = latest && statedCheckpoint(latest.note);
    return {
      origin,
      rehearsal,
      size: ledger.audit.size(logId),
      verifierKey,
      ...(latest &&
        head && {
          checkpoint: {
            size: head.size,
            rootHash: head.rootHash.toString('hex'),
            madeAt: latest.made_at,
            note: latest.note,
          },
        }),
      ...(this.#outside && { outside: this.#outside }),
      folders: exportFolderNames(configuration),
      ...(this.#work && { work: this.#work }),
    };
  }

  async #act<Answer>(
    hands: Hands,
    work: (account: string) => Answer | Promise<Answer>,
  ): Promise<Answer | AuditRefusal> {
    return answers(async () => {
      const actor = await hands.actor();
      const nobodySignsIn = actor.proof === 'account' && needsFirstSupervisor(this.#core);
      const account = nobodySignsIn ? actor.account : authorize(this.#core, 'work-on-audit', actor);
      try {
        return await work(account);
      } catch (error) {
        if (error instanceof Refused && 'refusal' in error.said)
          return { ok: false, code: error.said.refusal };
        if (error instanceof Busy) return { ok: false, code: 'audit-busy' };
        throw error;
      }
    });
  }

  #run(order: AuditOrder, account: string): void {
    if (this.#work?.state === 'running') throw new Busy();
    const place = 'folder' in order ? this.#place(order.folder) : '';
    const ask = { kind: 'run', order, place, name: this.#nameFor(order), account } as const;
    const work: AuditWork = { state: 'running', order };
    this.#work = work;
    this.#thread.ask(ask).then(
      result => this.#end(order, { state: 'done', result: result as AuditResult }),
      error => this.#end(order, endOf(error)),
    );
  }

  #end(order: AuditOrder, end: Omit<AuditWork, 'order'>): void {
    // One that was stopped with its thread has its end already.
    if (this.#work?.order !== order || this.#work.state !== 'running') return;
    this.#work = { order, ...end };
    this.#lookedAt = Number.NEGATIVE_INFINITY;
    if (!this.#closed) this.#lookOutside();
  }

  /** What writes stops by itself and leaves nothing half; what only reads ends with its thread. */
  #stop(): void {
    if (this.#work?.state !== 'running') return;
    const { order } = this.#work;
    if (order.kind !== 'verify-ledger' && order.kind !== 'verify-file') {
      this.#thread.stop();
      return;
    }
    this.#work = { order, state: 'stopped' };
    void this.#thread.end();
  }

  async #files(folder: string): Promise<ExportedFilesAnswer> {
    const found = await this.#thread.ask({ kind: 'files', place: this.#place(folder) });
    return { ok: true, ...(found as { files: readonly ExportedFile[]; more: boolean }) };
  }

  /** In the background: the answer is in the next view. */
  #lookOutside(): void {
    const now = performance.now();
    if (now - this.#lookedAt < LOOK_OUTSIDE_EVERY_MS) return;
    this.#lookedAt = now;
    this.#thread.ask({ kind: 'outside' }).then(
      seen => {
        this.#outside = seen as OutsideState;
      },
      // The thread ended: the next look begins it again.
      () => {
        this.#lookedAt = Number.NEGATIVE_INFINITY;
      },
    );
  }

  #place(name: string): string {
    const { configuration, directory } = this.#core;
    const place = exportFolder(configuration, directory.path, name);
    if (place === undefined) throw new Refused({ refusal: 'export-folder-unknown' });
    return place;
  }

  /** Two files of one station never have the same name, nor those of two stations on one stick. */
  #nameFor(order: AuditOrder): string {
    const { clock, configuration, ledger } = this.#core;
    const { at } = clock.read();
    const { name } = configuration.station;
    switch (order.kind) {
      case 'export':
        return datedName(isLog(order.format) ? 'log' : order.format, at, name);
      case 'passport':
        return datedName('passport', at, ledger.devices.get(order.device)?.serial ?? order.device);
      case 'certificate':
        return datedName('certificate', at, order.workOrder);
      default:
        return '';
    }
  }
}

function endOf(error: unknown): Omit<AuditWork, 'order'> {
  if (!(error instanceof Refused))
    return { state: 'failed', failure: { code: 'failed', detail: (error as Error).message } };
  const { said } = error;
  if ('stopped' in said) return { state: 'stopped' };
  return 'fault' in said
    ? { state: 'failed', failure: { code: said.fault, detail: said.detail } }
    : { state: 'failed', failure: { code: 'export-unreadable', detail: said.refusal } };
}

const isLog = (format: string): boolean => ['csv', 'jsonl', 'json'].includes(format);

class Busy extends Error {}

class Refused extends Error {
  readonly said: Said;
  constructor(said: Said) {
    super('refused');
    this.said = said;
  }
}
