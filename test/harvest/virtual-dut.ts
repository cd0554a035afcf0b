/** A virtual DUT for tests: a real swtpm on a copy of a state that is manufactured once a file. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSwtpmState } from '../../scripts/virtual-dut/make-swtpm-state.ts';
import { type Swtpm, startSwtpm } from '../../scripts/virtual-dut/start-swtpm.ts';

/**
 * `certified` = EK persisted, certificate in NV; `unpersisted` = certificate only; `blank-persisted` = EK only;
 * `blank` = neither.
 */
export type DutKind = 'certified' | 'unpersisted' | 'blank-persisted' | 'blank';

export interface VirtualDut extends Swtpm {
  /** A folder of its own, gone with the shelf. */
  readonly folder: string;
  /** Power off and on: transient objects are gone, stored state stays. */
  powerCycle(): Promise<VirtualDut>;
}

export class DutShelf {
  readonly #folder: Promise<string> = mkdtemp(join(tmpdir(), 'keyline-dut-'));
  readonly #made = new Map<DutKind, Promise<string>>();
  readonly #running = new Set<Swtpm>();
  #count = 0;

  /** A DUT of its own: what a test does to it harms no other. All of one kind have the same EK. */
  async take(kind: DutKind, startup: 'clear' | 'none' = 'clear'): Promise<VirtualDut> {
    const stateDir = join(await this.#folder, `dut-${++this.#count}`);
    await cp(await this.#state(kind), stateDir, { recursive: true });
    return this.#start(stateDir, startup);
  }

  async powerOff(): Promise<void> {
    await Promise.all([...this.#running].map(swtpm => swtpm.stop()));
    this.#running.clear();
  }

  async clear(): Promise<void> {
    await this.powerOff();
    await rm(await this.#folder, { recursive: true, force: true });
  }

  async #start(stateDir: string, startup: 'clear' | 'none'): Promise<VirtualDut> {
    const swtpm = await startSwtpm({ stateDir, startup });
    this.#running.add(swtpm);
    const powerCycle = async () => {
      await swtpm.stop();
      this.#running.delete(swtpm);
      return this.#start(stateDir, startup);
    };
    return { ...swtpm, folder: stateDir, powerCycle };
  }

  #state(kind: DutKind): Promise<string> {
    const made = this.#made.get(kind) ?? this.#make(kind);
    this.#made.set(kind, made);
    return made;
  }

  async #make(kind: DutKind): Promise<string> {
    const folder = await this.#folder;
    const stateDir = join(folder, kind);
    const ek = kind === 'certified' || kind === 'blank-persisted' ? 'persisted' : 'derivable';
    await makeSwtpmState(stateDir, kind.startsWith('blank') ? { ek } : { ek, caDir: join(folder, 'ca') });
    return stateDir;
  }
}
