/**
 * What one run loads into a TPM: noted before anything is loaded, flushed before the run ends (rule H1). Behind a
 * resource manager, which frees what a closed bridge leaves, nothing is listed and no note is written.
 */
import type { TpmChannel } from '../tpm/command.ts';
import { flushContext } from '../tpm/object-commands.ts';
import { listLoadedHandles } from './own-objects.ts';
import type { RunNote, RunNotes } from './run-notes.ts';

export class LoadedObjects {
  readonly #channel: TpmChannel;
  readonly #notes: RunNotes;
  readonly #bridge: string;
  readonly #harvestId: string;
  readonly #handles = new Set<number>();
  #note: RunNote | undefined;

  constructor(channel: TpmChannel, notes: RunNotes, bridge: string, harvestId: string) {
    this.#channel = channel;
    this.#notes = notes;
    this.#bridge = bridge;
    this.#harvestId = harvestId;
  }

  /** The run's note, where one was written: something may be loaded. */
  get note(): RunNote | undefined {
    return this.#note;
  }

  /** Handles that the TPM gave us and that are not flushed yet. */
  get handles(): ReadonlySet<number> {
    return this.#handles;
  }

  /** Before the first command that loads something; later calls do nothing. Throws TpmError, TctiError. */
  async prepare(): Promise<void> {
    if (this.#note !== undefined || this.#channel.tcti.resourceManaged) return;
    const loaded = await listLoadedHandles(this.#channel);
    // A note that is still there is of a run whose objects could not be flushed: they must not count as found here.
    const earlier = this.#notes.read(this.#bridge);
    const handlesBefore = loaded.filter(handle => earlier?.handlesBefore.includes(handle) ?? true);
    const note = { bridge: this.#bridge, harvestId: this.#harvestId, handlesBefore };
    this.#notes.write(note);
    this.#note = note;
  }

  readonly add = (handle: number): void => {
    this.#handles.add(handle);
  };

  /** A session that the TPM ended by itself. */
  forget(handle: number): void {
    this.#handles.delete(handle);
  }

  async flush(handle: number): Promise<void> {
    await flushContext(this.#channel, handle);
    this.#handles.delete(handle);
  }

  /** At the run's good end. */
  async flushAll(): Promise<void> {
    for (const handle of [...this.#handles].reverse()) await this.flush(handle);
    this.clearNote();
  }

  clearNote(): void {
    if (this.#note !== undefined) this.#notes.clear(this.#bridge, this.#harvestId);
    this.#note = undefined;
  }
}
