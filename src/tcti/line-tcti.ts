/**
 * The promises of every carrier (tcti.ts), kept in one place: a command is one whole frame, one command is in flight,
 * every wait ends by its deadline or the caller's signal, and a line that failed once is closed and never used again,
 * because a late answer would be taken for the next one. A carrier only has to move one command and one response.
 */
import { type EndReason, errorOf, TctiError } from './errors.ts';
import { checkCommand } from './frame.ts';
import type { RemoteAnswer, Tcti, TctiName, TransmitOptions } from './tcti.ts';

/** One open way to a TPM. `exchange` is never called while another one is pending, nor after a failure. */
export interface Line {
  /** Sends one command and resolves with one checked response; rejects with TctiError. May stay pending for ever. */
  exchange(command: Uint8Array): Promise<Uint8Array>;
  /** Lets go of everything; called once; ends by itself in short time and never rejects. */
  close(): Promise<void>;
}

export class LineTcti implements Tcti {
  readonly name: TctiName;
  readonly resourceManaged: boolean;
  readonly answer: RemoteAnswer | undefined;
  readonly #line: Line;
  #ended: EndReason | undefined;
  /** Ends the command in flight with an error. */
  #endCommand: ((error: TctiError) => void) | undefined;
  #closing: Promise<void> | undefined;
  /** Of the command in flight, or of the last one. */
  #deadline = { endsAt: 0, deadlineMs: 0 };
  /** Strikes at the deadline or before. */
  #clock: { readonly strikesAt: number; readonly timer: NodeJS.Timeout } | undefined;

  constructor(name: TctiName, resourceManaged: boolean, line: Line, answer?: RemoteAnswer) {
    this.name = name;
    this.resourceManaged = resourceManaged;
    this.#line = line;
    this.answer = answer;
  }

  async transmit(command: Uint8Array, options: TransmitOptions): Promise<Uint8Array> {
    checkCommand(command);
    if (this.#ended !== undefined)
      throw new TctiError(this.#ended.code, this.#ended.message, { cause: this.#ended });
    if (this.#endCommand !== undefined)
      throw new TctiError('busy', `A command is in flight on this ${this.name} bridge already`);
    if (options.signal?.aborted) throw new TctiError('cancelled', 'Cancelled before the command was sent');
    return await this.#exchange(command, options);
  }

  close(): Promise<void> {
    return this.#end({ code: 'closed', message: `This ${this.name} bridge is closed` });
  }

  #exchange(command: Uint8Array, { deadlineMs, signal }: TransmitOptions): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#watch(deadlineMs);
      const cancel = () => this.#end(new TctiError('cancelled', 'Cancelled while the device was working'));
      signal?.addEventListener('abort', cancel, { once: true });
      const settle = () => {
        signal?.removeEventListener('abort', cancel);
        this.#endCommand = undefined;
      };
      this.#endCommand = error => {
        settle();
        reject(error);
      };
      this.#line.exchange(command).then(
        response => {
          if (this.#ended !== undefined) return;
          settle();
          resolve(response);
        },
        error => this.#end(error),
      );
    });
  }

  /**
   * From now on for the command in flight. The clock of an earlier command runs on until it strikes or the line ends: a
   * harvest has a dozen commands, and setting one for each would cost more than anything else about them.
   */
  #watch(deadlineMs: number): void {
    const endsAt = performance.now() + deadlineMs;
    this.#deadline = { endsAt, deadlineMs };
    if (this.#clock !== undefined && this.#clock.strikesAt <= endsAt) return;
    this.#setClock(endsAt, deadlineMs);
  }

  #setClock(strikesAt: number, afterMs: number): void {
    clearTimeout(this.#clock?.timer);
    this.#clock = { strikesAt, timer: setTimeout(() => this.#strike(), afterMs) };
  }

  #strike(): void {
    this.#clock = undefined;
    if (this.#endCommand === undefined) return;
    const { endsAt, deadlineMs } = this.#deadline;
    const left = endsAt - performance.now();
    if (left > 0) this.#setClock(endsAt, left);
    else void this.#end(new TctiError('timeout', `No whole response within ${Math.round(deadlineMs)} ms`));
  }

  /** The first reason counts: it ends the command in flight and the line with it. */
  #end(reason: EndReason): Promise<void> {
    if (this.#closing === undefined) {
      this.#ended = reason;
      clearTimeout(this.#clock?.timer);
      this.#closing = this.#line.close();
      this.#endCommand?.(errorOf(reason));
    }
    return this.#closing;
  }
}
