/**
 * Batch enrollment at the screen (rules A4, H6, S1): a file comes piece by piece from a window, is looked at, judged in a dry
 * run and imported, each by somebody whose role includes it, and none of it on this thread. The station has one batch at a
 * time; all its windows see it. A path never comes from a window.
 */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { authorize } from '../access/authorize.ts';
import type { Hands } from '../access/hands.ts';
import { needsFirstSupervisor } from '../access/manage-people.ts';
import { datedName } from '../clock/dated-name.ts';
import { productOf } from '../configuration/load-configuration.ts';
import { refusing } from '../kiosk/desk-answer.ts';
import type { StationCore } from '../open-core.ts';
import { BatchRunner, UnusableFile } from './batch-runner.ts';
import type {
  BatchAnswer,
  BatchDesk,
  BatchPiece,
  BatchRefusalCode,
  BatchSetting,
  BatchView,
} from './batch-view.ts';

const SPOOL_FILE = 'import-upload';
const REPORTS_FOLDER = 'reports';
/** A million devices with long lines. */
const LARGEST_FILE = 1024 * 1024 * 1024;

type Kept = Omit<BatchView, 'products'>;

/** The batch of a station; `desk` gives it to one window. */
export class StationBatch {
  readonly #core: StationCore;
  readonly #spool: string;
  readonly #runner: BatchRunner;
  #kept: Kept = { state: 'empty' };
  #said: BatchSetting = {};
  #receiving: number | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(core: StationCore) {
    this.#core = core;
    this.#spool = path.join(core.directory.path, SPOOL_FILE);
    this.#runner = new BatchRunner(core.directory.path, ({ done, counts, made }) => {
      if (isRunning(this.#kept)) this.#kept = { ...this.#kept, done, counts, made };
    });
    // What a killed station left.
    rmSync(this.#spool, { force: true });
  }

  desk(hands: Hands): BatchDesk {
    /** One after the other, and each only by whom it is for. */
    const act = (work: (who: { readonly account: string }) => Promise<void> | void) => this.#act(hands, work);
    return {
      read: () => this.view(),
      send: piece => act(() => this.#receive(piece)),
      set: setting => act(() => this.#set(setting)),
      run: ({ dryRun }) => act(({ account }) => this.#run(dryRun, account)),
      stop: () => act(() => this.#runner.stop()),
      rows: question => this.#runner.rows(question),
      save: () => act(() => this.#save()),
      discard: () => act(() => this.#discard()),
    };
  }

  view(): BatchView {
    const { configuration } = this.#core;
    const current = productOf(configuration).name;
    const others = configuration.products.map(({ name }) => name).filter(name => name !== current);
    return { ...this.#kept, products: [current, ...others] };
  }

  async close(): Promise<void> {
    await this.#runner.close();
    this.#drop();
  }

  async #act(
    hands: Hands,
    work: (who: { readonly account: string }) => Promise<void> | void,
  ): Promise<BatchAnswer> {
    const turn = this.#turn.then(async (): Promise<BatchAnswer> => {
      try {
        const actor = await hands.actor();
        const nobodySignsIn = actor.proof === 'account' && needsFirstSupervisor(this.#core);
        await work({
          account: nobodySignsIn ? actor.account : authorize(this.#core, 'import-devices', actor),
        });
        return { ok: true, batch: this.view() };
      } catch (error) {
        if (error instanceof Refused) return { ok: false, code: error.code };
        const { ok, code } = refusal(error);
        return { ok, code };
      }
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #receive({ name, size, at, data }: BatchPiece): Promise<void> | void {
    if (isRunning(this.#kept)) throw new Refused('batch-busy');
    if (size > LARGEST_FILE) throw new Refused('batch-too-large');
    if (at === 0) this.#begin(name, size);
    const received = this.#kept.done ?? 0;
    // Another window's piece, or one that came twice: the file would be neither's.
    if (
      this.#receiving === undefined ||
      name !== this.#kept.name ||
      size !== this.#kept.size ||
      at !== received
    )
      throw new Refused('batch-busy');
    const bytes = Buffer.from(data, 'base64');
    if (received + bytes.length > size) throw new Refused('batch-too-large');
    // A disk that is nearly full takes a part; the piece comes again then, and to the same place.
    for (let written = 0; written < bytes.length; )
      written += writeSync(this.#receiving, bytes, written, bytes.length - written, received + written);
    this.#kept = { ...this.#kept, done: received + bytes.length };
    if (received + bytes.length < size) return;
    closeSync(this.#receiving);
    this.#receiving = undefined;
    return this.#inspect();
  }

  #begin(name: string, size: number): void {
    this.#drop();
    this.#said = {};
    this.#receiving = openSync(this.#spool, 'wx', 0o600);
    this.#kept = { state: 'receiving', name, size, done: 0 };
  }

  async #inspect(): Promise<void> {
    const { name = '', size = 0 } = this.#kept;
    const { mapping, product, workOrder } = this.#said;
    const base = {
      name,
      size,
      ...(product === undefined ? {} : { product }),
      ...(workOrder === undefined ? {} : { workOrder }),
    };
    try {
      const found = await this.#runner.inspect({ file: this.#spool, mapping, product });
      const { file, sample, fault } = found;
      this.#kept = {
        state: 'read',
        ...base,
        file,
        sample,
        ...(fault === undefined ? {} : { fault: this.#told(fault) }),
      };
    } catch (error) {
      if (!(error instanceof UnusableFile)) throw error;
      const { file } = this.#kept;
      this.#kept = { state: 'read', ...base, ...(file && { file }), fault: this.#told(error.message) };
    }
  }

  async #set(setting: BatchSetting): Promise<void> {
    this.#refuseUnlessRead();
    if (setting.product !== undefined) productOf(this.#core.configuration, setting.product);
    this.#said = setting;
    await this.#inspect();
  }

  #run(dryRun: boolean, account: string): void {
    this.#refuseUnlessRead();
    const {
      counts: _counts,
      report: _report,
      fault: _fault,
      stopped: _stopped,
      made: _made,
      ...before
    } = this.#kept;
    this.#kept = { ...before, state: dryRun ? 'checking' : 'importing', done: 0 };
    const end = (more: Partial<Kept>) => {
      this.#kept = { ...this.#kept, state: dryRun ? 'checked' : 'imported', ...more };
    };
    this.#runner.run({ file: this.#spool, dryRun, account, ...this.#said }).then(
      ({ counts, made, stopped }) => end({ counts, made, stopped }),
      error =>
        end({
          stopped: true,
          fault: error instanceof UnusableFile ? this.#told(error.message) : (error as Error).message,
        }),
    );
  }

  async #save(): Promise<void> {
    const { state, name = '' } = this.#kept;
    if (state !== 'checked' && state !== 'imported') throw new Refused('batch-empty');
    const folder = path.join(this.#core.directory.path, REPORTS_FOLDER);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const what = state === 'checked' ? 'check' : 'import';
    const place = path.join(folder, `${datedName(what, this.#core.clock.read().at, name)}.csv`);
    await this.#runner.report(place);
    this.#kept = { ...this.#kept, report: place };
  }

  #discard(): void {
    if (isRunning(this.#kept)) throw new Refused('batch-busy');
    this.#drop();
  }

  #refuseUnlessRead(): void {
    if (isRunning(this.#kept)) throw new Refused('batch-busy');
    if (this.#kept.state === 'empty' || this.#kept.state === 'receiving') throw new Refused('batch-empty');
  }

  #drop(): void {
    if (this.#receiving !== undefined) closeSync(this.#receiving);
    this.#receiving = undefined;
    rmSync(this.#spool, { force: true });
    this.#kept = { state: 'empty' };
  }

  /** In the words of whoever gave the file, who knows it by another name. */
  #told(message: string): string {
    return message.replaceAll(this.#spool, this.#kept.name ?? '');
  }
}

const refusal = refusing<never>();

class Refused extends Error {
  readonly code: BatchRefusalCode;
  constructor(code: BatchRefusalCode) {
    super(code);
    this.code = code;
  }
}

const isRunning = ({ state }: Kept): boolean => state === 'checking' || state === 'importing';
