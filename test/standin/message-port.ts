/** Electron's MessagePortMain and MessageChannelMain, between this process and the pages or processes that a port is given to. */
import { KnownEvents, strict } from './known-events.ts';

/** One end of a channel. Holds messages until `start`, as Electron's does. */
export class MessagePortMain extends KnownEvents {
  #held: unknown[] | undefined = [];
  #closed = false;
  /** The other end, in this process or, once handed over, in a page. */
  far = { deliver: (_data: unknown) => {}, close: () => {} };
  constructor() {
    super(['message', 'close']);
  }
  postMessage(data: unknown) {
    if (!this.#closed) this.far.deliver(data);
  }
  start() {
    for (const data of this.#held ?? []) this.emit('message', { data, ports: [] });
    this.#held = undefined;
  }
  close() {
    if (this.#closed) return;
    this.ended();
    this.far.close();
  }
  arrived(data: unknown) {
    if (this.#held) this.#held.push(data);
    else this.emit('message', { data, ports: [] });
  }
  ended() {
    if (this.#closed) return;
    this.#closed = true;
    this.emit('close');
  }
}

/** Takes a port out of this process: what comes for it goes on by `away`. @returns the ways back in */
export function handOver(
  port: MessagePortMain,
  away: Pick<MessagePortMain, 'arrived' | 'ended'>,
): Pick<MessagePortMain, 'arrived' | 'ended'> {
  const near = port.far;
  Object.assign(port, away);
  return { arrived: data => near.deliver(data), ended: () => near.close() };
}

export class MessageChannelMain {
  readonly port1 = strict('MessagePortMain', new MessagePortMain());
  readonly port2 = strict('MessagePortMain', new MessagePortMain());
  constructor() {
    const [one, two] = [this.port1, this.port2];
    one.far = { deliver: data => two.arrived(data), close: () => two.ended() };
    two.far = { deliver: data => one.arrived(data), close: () => one.ended() };
  }
}
