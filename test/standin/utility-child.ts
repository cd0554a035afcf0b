/**
 * Inside the stand-in's utility process, before the app's own file: `process.parentPort`, and the ports that come over it.
 * There is no module `electron` here, and the process ends with its parent.
 */
import { EventEmitter } from 'node:events';
import { registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import type { OverChannel } from './utility-process.ts';

const send = (message: OverChannel) => {
  if (process.connected) process.send?.(message, () => {});
};
const ports = new Map<number, Port>();

/** Holds messages until `start`, as Electron's does. */
class Port extends EventEmitter {
  readonly #id: number;
  #held: unknown[] | undefined = [];
  constructor(id: number) {
    super();
    this.#id = id;
  }
  postMessage(data: unknown) {
    if (ports.has(this.#id)) send({ type: 'port', id: this.#id, data });
  }
  start() {
    for (const data of this.#held ?? []) this.emit('message', { data, ports: [] });
    this.#held = undefined;
  }
  close() {
    send({ type: 'port-ended', id: this.#id });
    this.ended();
  }
  arrived(data: unknown) {
    if (this.#held) this.#held.push(data);
    else this.emit('message', { data, ports: [] });
  }
  ended() {
    if (ports.delete(this.#id)) this.emit('close');
  }
}

/** Messages wait for whoever listens first, as Electron's do. */
class ParentPort extends EventEmitter {
  #held: unknown[] | undefined = [];
  override on(event: string, listener: (...args: never[]) => void): this {
    super.on(event, listener as never);
    const held = this.#held;
    this.#held = undefined;
    for (const message of held ?? []) this.emit('message', message);
    return this;
  }
  arrived(message: unknown) {
    if (this.#held) this.#held.push(message);
    else this.emit('message', message);
  }
  postMessage(data: unknown) {
    send({ type: 'message', data, ports: [] });
  }
}

function open(id: number): Port {
  const port = new Port(id);
  ports.set(id, port);
  return port;
}

// Its threads load this file as well.
if (isMainThread) {
  const parentPort = new ParentPort();
  Object.defineProperty(process, 'parentPort', { value: parentPort });
  process.on('message', (message: OverChannel) => {
    if (message.type === 'message')
      parentPort.arrived({ data: message.data, ports: message.ports.map(open) });
    else if (message.type === 'port') ports.get(message.id)?.arrived(message.data);
    else ports.get(message.id)?.ended();
  });
  process.on('disconnect', () => process.exit(1));
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'electron') throw new Error('stand-in: no module electron in a utility process');
      return next(specifier, context);
    },
  });
}
