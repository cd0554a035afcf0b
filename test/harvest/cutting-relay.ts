/**
 * A relay on loopback in front of a swtpm that reads TPM frames and breaks the line at a chosen command: before the
 * TPM gets it, instead of its response, or by falling mute before or after the TPM has worked on it. It breaks once;
 * later connections go through.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface Break {
  /** Command codes are given as the index of the command (0-based, over all connections) or by TPM_CC. */
  readonly at: number | { readonly commandCode: number };
  readonly how: 'before-command' | 'instead-of-response' | 'mute' | 'mute-after-command';
}

export class CuttingRelay {
  readonly #target: number;
  readonly #break: Break;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #broken: (() => void) | undefined;
  /** Resolves when it broke the line. */
  readonly broken: Promise<void>;
  /** TPM_CC of every command that came. */
  readonly commandCodes: number[] = [];
  #done = false;

  private constructor(target: number, break_: Break) {
    this.#target = target;
    this.#break = break_;
    this.broken = new Promise(resolve => {
      this.#broken = resolve;
    });
    this.#server = createServer(socket => this.#serve(socket));
  }

  static async start(target: number, break_: Break): Promise<CuttingRelay> {
    const relay = new CuttingRelay(target, break_);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get bridge(): string {
    return `swtpm:host=127.0.0.1,port=${this.port}`;
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(near: Socket): void {
    const far = connect(this.#target, '127.0.0.1');
    let swallowNext = false;
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    forEachFrame(near, frame => {
      const due = this.#isDue(frame);
      if (due && !this.#reachesTpm) return this.#breakLine(near);
      swallowNext = due;
      far.write(frame);
    });
    forEachFrame(far, frame => (swallowNext ? this.#breakLine(near) : near.write(frame)));
  }

  #isDue(frame: Buffer): boolean {
    const commandCode = frame.readUInt32BE(6);
    const index = this.commandCodes.push(commandCode) - 1;
    if (this.#done) return false;
    const { at } = this.#break;
    this.#done = typeof at === 'number' ? index === at : commandCode === at.commandCode;
    return this.#done;
  }

  get #reachesTpm(): boolean {
    return this.#break.how === 'instead-of-response' || this.#break.how === 'mute-after-command';
  }

  #breakLine(near: Socket): void {
    if (this.#break.how === 'before-command' || this.#break.how === 'instead-of-response') near.destroy();
    this.#broken?.();
  }
}

function forEachFrame(socket: Socket, take: (frame: Buffer) => void): void {
  let buffered: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.length >= 10 && buffered.length >= buffered.readUInt32BE(2)) {
      const size = buffered.readUInt32BE(2);
      take(buffered.subarray(0, size));
      buffered = buffered.subarray(size);
    }
  });
}
