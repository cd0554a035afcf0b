/**
 * The promises of every carrier (tcti.ts), kept in one place: a command is one whole frame, one command is in flight,
 * every wait ends by its deadline or the caller's signal, and a line that failed once is closed and never used again,
 * because a late answer would be taken for the next one. A carrier only has to move one command and one response.
 */
import { TctiError } from './errors.ts';
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
  #ended: TctiError | undefined;
  /** Ends the command in flight with an error. */
  #endCommand: ((error: TctiError) => void) | undefined;
  #closing: Promise<void> | undefined;

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
    return this.#end(new TctiError('closed', `This ${this.name} bridge is closed`));
  }

  #exchange(command: Uint8Array, { deadlineMs, signal }: TransmitOptions): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#end(new TctiError('timeout', `No whole response within ${Math.round(deadlineMs)} ms`)),
        deadlineMs,
      );
      const cancel = () => this.#end(new TctiError('cancelled', 'Cancelled while the device was working'));
      signal?.addEventListener('abort', cancel, { once: true });
      const settle = () => {
        clearTimeout(timer);
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

  /** The first reason counts: it ends the command in flight and the line with it. */
  #end(reason: TctiError): Promise<void> {
    if (this.#closing === undefined) {
      this.#ended = reason;
      this.#closing = this.#line.close();
      this.#endCommand?.(reason);
    }
    return this.#closing;
  }
}
