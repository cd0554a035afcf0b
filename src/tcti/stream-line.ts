/**
 * A line over a byte stream in each direction: a socket, or the pipes of a child process. What the peer sends is
 * untrusted; bytes that nobody asked for end the line, since they would be taken for the next response.
 */
import type { Readable, Writable } from 'node:stream';
import { type EndReason, errorOf, TctiError } from './errors.ts';
import { FrameReader } from './frame.ts';
import type { Line } from './line-tcti.ts';

/** How commands and responses are wrapped on this stream. */
export interface Framing {
  wrap(command: Uint8Array): Uint8Array;
  /** Takes a fragment, gives the response that it completes; throws TctiError `frame-invalid`. */
  push(fragment: Uint8Array): Uint8Array | undefined;
}

/** Bare TPM frames, as swtpm's data channel and tpm2_send speak. */
export function bareFraming(): Framing {
  const reader = new FrameReader();
  return { wrap: command => command, push: fragment => reader.push(fragment) };
}

export interface StreamParts {
  readonly input: Readable;
  readonly output: Writable;
  readonly framing: Framing;
  /** Resolves with the reason when nothing more can come; whoever opened the streams listens to their events. */
  readonly ending: Promise<EndReason>;
  /** Closes the streams and what is behind them; see `Line.close`. */
  readonly release: () => Promise<void>;
}

interface Pending {
  resolve(response: Uint8Array): void;
  reject(error: TctiError): void;
}

export class StreamLine implements Line {
  readonly #output: Writable;
  readonly #framing: Framing;
  readonly #release: () => Promise<void>;
  #pending: Pending | undefined;
  #ended: EndReason | undefined;

  constructor({ input, output, framing, ending, release }: StreamParts) {
    this.#output = output;
    this.#framing = framing;
    this.#release = release;
    input.on('data', (fragment: Uint8Array) => this.#take(fragment));
    // What goes wrong here shows in `ending`; unheard, the events would end the process.
    for (const stream of [input, output]) stream.on('error', () => {});
    void ending.then(reason => this.#end(reason));
  }

  exchange(command: Uint8Array): Promise<Uint8Array> {
    if (this.#ended !== undefined) return Promise.reject(errorOf(this.#ended));
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#output.write(this.#framing.wrap(command));
    });
  }

  async close(): Promise<void> {
    this.#end({ code: 'closed', message: 'The connection is closed' });
    await this.#release();
  }

  /** Nothing comes through here any more. The first reason counts. */
  #end(reason: EndReason): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#pending?.reject(errorOf(reason));
    this.#pending = undefined;
  }

  #take(fragment: Uint8Array): void {
    if (this.#ended !== undefined) return;
    const pending = this.#pending;
    if (pending === undefined) {
      this.#end(new TctiError('frame-invalid', 'Bytes came that no command asked for'));
      return;
    }
    try {
      const response = this.#framing.push(fragment);
      if (response === undefined) return;
      this.#pending = undefined;
      pending.resolve(response);
    } catch (error) {
      this.#end(error as TctiError);
    }
  }
}
