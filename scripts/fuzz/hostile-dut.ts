/**
 * A DUT that answers as a transcript says, save for its misdeeds: at some commands it sends damaged, cut, oversized, late,
 * doubled, unasked or random bytes, or hangs up, or says nothing. Real TCP on loopback, so that a real carrier reads it.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Exchange, Transcript } from '../../src/tcti/transcript.ts';

export type Misdeed =
  /** Instead of the answer; with `drip` byte by byte, with `hangUp` the connection ends behind it. */
  | { readonly do: 'send'; readonly hex: string; readonly drip?: boolean; readonly hangUp?: boolean }
  /** The right answer, but `hex` before or behind it, or late. */
  | { readonly do: 'add'; readonly before: string; readonly behind: string; readonly delayMs: number }
  /** So many bytes more than the answer has. */
  | { readonly do: 'flood'; readonly bytes: number }
  | { readonly do: 'answer-with'; readonly exchange: number }
  | { readonly do: 'nothing' };

export interface HostilePlan {
  readonly transcript: Transcript;
  /** At which command of the case, from 0, over all of its connections. */
  readonly misdeeds: ReadonlyMap<number, Misdeed>;
}

const FAILURE = Buffer.from('80010000000a00000101', 'hex');

export class HostileDut {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #plan: HostilePlan | undefined;
  #left: Exchange[] = [];
  #commands = 0;

  constructor() {
    this.#server = createServer(socket => this.#serve(socket));
  }

  /** How many commands came since `play`. */
  get commands(): number {
    return this.#commands;
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `swtpm:host=127.0.0.1,port=${(this.#server.address() as AddressInfo).port}`;
  }

  play(plan: HostilePlan): void {
    this.rest();
    this.#plan = plan;
    this.#left = [...plan.transcript.exchanges];
    this.#commands = 0;
  }

  /** Ends what the last case left going on. */
  rest(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  close(): void {
    this.rest();
    this.#server.close();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket.on('error', () => {}).setNoDelay());
    let received: Buffer = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      while (received.length >= 10 && received.length >= received.readUInt32BE(2)) {
        const size = received.readUInt32BE(2);
        this.#answer(socket, received.subarray(0, size));
        received = received.subarray(size);
      }
    });
  }

  #answer(socket: Socket, command: Buffer): void {
    const answer = this.#recorded(command);
    const misdeed = this.#plan?.misdeeds.get(this.#commands);
    this.#commands += 1;
    const bytes = (hex: string) => Buffer.from(hex, 'hex');
    switch (misdeed?.do) {
      case undefined:
        socket.write(answer);
        return;
      case 'nothing':
        return;
      case 'flood':
        socket.write(Buffer.concat([answer, Buffer.alloc(misdeed.bytes, 0x80)]));
        return;
      case 'answer-with': {
        const other = this.#plan!.transcript.exchanges[misdeed.exchange];
        socket.write(other && 'response' in other ? other.response : FAILURE);
        return;
      }
      case 'add': {
        socket.write(bytes(misdeed.before));
        const send = () => socket.write(Buffer.concat([answer, bytes(misdeed.behind)]));
        if (misdeed.delayMs === 0) send();
        else this.#later(send, misdeed.delayMs);
        return;
      }
      case 'send':
        if (misdeed.drip) this.#drip(socket, bytes(misdeed.hex));
        else socket.write(bytes(misdeed.hex));
        if (misdeed.hangUp) socket.end();
    }
  }

  #drip(socket: Socket, bytes: Buffer): void {
    const next = (at: number) => {
      if (at >= bytes.length || socket.destroyed) return;
      socket.write(bytes.subarray(at, at + 1));
      setImmediate(next, at + 1);
    };
    next(0);
  }

  #later(send: () => void, ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      send();
    }, ms);
    this.#timers.add(timer);
  }

  /** The same command's answer, else one of its code (what is fresh in it, or asked more often), else a failure. */
  #recorded(command: Buffer): Uint8Array {
    const code = command.readUInt32BE(6);
    const same = this.#left.findIndex(exchange => command.equals(exchange.command));
    const [found] = same < 0 ? [] : this.#left.splice(same, 1);
    const like =
      found ??
      this.#plan?.transcript.exchanges.find(other => Buffer.from(other.command).readUInt32BE(6) === code);
    return like !== undefined && 'response' in like ? like.response : FAILURE;
  }
}
