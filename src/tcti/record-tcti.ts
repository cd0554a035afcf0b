/**
 * Records what goes over a bridge into a transcript (`transcript.ts`), line by line, each on the disk before the answer
 * goes on: a crash leaves what was done. The file is new and its owner's alone. A disk that fails ends the recording and
 * never the run. What a command means is not known here: `rules` says what is new in each run and what must not be kept.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { TctiError, type TctiErrorCode } from './errors.ts';
import type { OpenOptions, Tcti, TransmitOptions } from './tcti.ts';
import type { TctiConf } from './tcti-conf.ts';
import { type Exchange, formatLine, type Opening, type TranscriptHeader } from './transcript.ts';

export interface RecordingRules {
  /** Bytes of a command that are new in each run, [from, to). */
  freshBytes(command: Uint8Array): readonly [number, number] | undefined;
  /** The command without what must not be kept, and its name; undefined where all of it may be. */
  redactCommand(
    command: Uint8Array,
  ): { readonly command: Uint8Array; readonly redactedCommand: string } | undefined;
  /** The same of the response. */
  redact(
    command: Uint8Array,
    response: Uint8Array,
  ): { readonly response: Uint8Array; readonly redacted: string } | undefined;
}

export class Recorder {
  readonly #file: FileHandle;
  readonly #rules: RecordingRules;
  readonly #begun = performance.now();
  #connections = 0;
  #fault: Error | undefined;

  private constructor(file: FileHandle, rules: RecordingRules) {
    this.#file = file;
    this.#rules = rules;
  }

  /** Rejects with the file system's error, `EEXIST` where the file is there already. */
  static async create(
    path: string,
    head: Pick<TranscriptHeader, 'bridge' | 'withPassword'>,
    rules: RecordingRules,
  ): Promise<Recorder> {
    const recorder = new Recorder(await open(path, 'wx', 0o600), rules);
    const madeAt = new Date().toISOString();
    await recorder.#write(formatLine({ format: 'keyline-transcript', version: 1, ...head, madeAt }));
    return recorder;
  }

  /** What ended the recording before the run, if anything did. */
  get fault(): Error | undefined {
    return this.#fault;
  }

  /** Opens bridges as `openTcti` does, and records them. */
  recording(
    openTcti: (conf: TctiConf, options: OpenOptions) => Promise<Tcti>,
  ): (conf: TctiConf, options: OpenOptions) => Promise<Tcti> {
    return async (conf, options) => {
      this.#connections += 1;
      const connection = this.#connections;
      const at = this.#now();
      const timed = () => ({ connection, at, ms: round(this.#now() - at) });
      try {
        const tcti = await openTcti(conf, options);
        const { resourceManaged, answer } = tcti;
        await this.#line({ ...timed(), resourceManaged, ...(answer === undefined ? {} : { answer }) });
        return this.#wrap(tcti, connection);
      } catch (error) {
        if (error instanceof TctiError) await this.#line({ ...timed(), error: error.code });
        throw error;
      }
    };
  }

  /** Never rejects. */
  async close(): Promise<void> {
    await this.#file.close().catch(fault => this.#give(fault));
  }

  #wrap(tcti: Tcti, connection: number): Tcti {
    return {
      name: tcti.name,
      resourceManaged: tcti.resourceManaged,
      answer: tcti.answer,
      transmit: (command, options) => this.#transmit(tcti, connection, command, options),
      close: () => tcti.close(),
    };
  }

  async #transmit(
    tcti: Tcti,
    connection: number,
    command: Uint8Array,
    options: TransmitOptions,
  ): Promise<Uint8Array> {
    const at = this.#now();
    const fresh = this.#rules.freshBytes(command);
    const kept = this.#rules.redactCommand(command) ?? { command };
    const line = (
      ending: { response: Uint8Array; redacted?: string } | { error: TctiErrorCode },
    ): Exchange => ({
      connection,
      at,
      ms: round(this.#now() - at),
      ...kept,
      ...(fresh === undefined ? {} : { fresh }),
      ...ending,
    });
    try {
      const response = await tcti.transmit(command, options);
      await this.#line(line(this.#rules.redact(command, response) ?? { response }));
      return response;
    } catch (error) {
      if (error instanceof TctiError) await this.#line(line({ error: error.code }));
      throw error;
    }
  }

  #line(line: Opening | Exchange): Promise<void> {
    return this.#write(formatLine(line));
  }

  async #write(text: string): Promise<void> {
    if (this.#fault !== undefined) return;
    try {
      await this.#file.appendFile(text);
      await this.#file.datasync();
    } catch (fault) {
      this.#give(fault as Error);
    }
  }

  #give(fault: Error): void {
    this.#fault ??= fault;
  }

  #now(): number {
    return round(performance.now() - this.#begun);
  }
}

/** To microseconds: what is finer is noise. */
function round(ms: number): number {
  return Math.max(0, Math.round(ms * 1000) / 1000);
}
