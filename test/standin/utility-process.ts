/**
 * Electron's UtilityProcess on a real child process of Node: messages and ports go over its IPC channel as structured
 * clones, and whatever ends the process ends its ports. The other half is utility-child.ts.
 */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Electron from 'electron';
import { KnownEvents } from './known-events.ts';
import { handOver, type MessagePortMain } from './message-port.ts';

/** What goes over the channel, either way. `ports`: ids of those that come with a message. */
export type OverChannel =
  | { readonly type: 'message'; readonly data: unknown; readonly ports: readonly number[] }
  | { readonly type: 'port'; readonly id: number; readonly data: unknown }
  | { readonly type: 'port-ended'; readonly id: number };

const childHalf = pathToFileURL(path.join(import.meta.dirname, 'utility-child.ts')).href;

export class UtilityProcess extends KnownEvents {
  readonly gone: Promise<void>;
  readonly #child: ChildProcess;
  readonly #ports = new Map<number, ReturnType<typeof handOver>>();
  #nextPort = 1;

  constructor(
    modulePath: string,
    args: string[],
    options: Electron.ForkOptions,
    onFault: (fault: unknown) => void,
  ) {
    super(['message', 'exit', 'error', 'spawn']);
    const { serviceName: _name, ...unknown } = options;
    if (Object.keys(unknown).length > 0)
      throw new Error(`stand-in: utilityProcess.fork knows no ${Object.keys(unknown)}`);
    this.#child = fork(modulePath, args, {
      execArgv: ['--import', childHalf],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('spawn', () => this.emit('spawn'));
    this.#child.on('message', message => this.#take(message as OverChannel));
    // A message to a process that has just died; its end is told by `exit`.
    this.#child.on('error', () => {});
    this.gone = new Promise(resolve => {
      this.#child.on('exit', (code, signal) => {
        // A signal is a test's doing; anything else than a clean end is the app's.
        if (code) onFault(new Error(`the utility process ended with ${code}`));
        for (const port of this.#ports.values()) port.ended();
        this.#ports.clear();
        this.emit('exit', code ?? signal);
        resolve();
      });
    });
  }

  get pid() {
    return this.#child.pid;
  }

  postMessage(data: unknown, ports: MessagePortMain[] = []) {
    const ids = ports.map(port => {
      const id = this.#nextPort++;
      const inside = handOver(port, {
        arrived: arrived => this.#send({ type: 'port', id, data: arrived }),
        ended: () => this.#send({ type: 'port-ended', id }),
      });
      this.#ports.set(id, inside);
      return id;
    });
    this.#send({ type: 'message', data, ports: ids });
  }

  /** As when Electron itself goes. */
  end() {
    this.#child.kill('SIGKILL');
  }

  #send(message: OverChannel) {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #take(message: OverChannel) {
    if (message.type === 'message') this.emit('message', message.data);
    else if (message.type === 'port') this.#ports.get(message.id)?.arrived(message.data);
    else {
      this.#ports.get(message.id)?.ended();
      this.#ports.delete(message.id);
    }
  }
}
UtilityProcess satisfies {
  prototype: Pick<Electron.UtilityProcess, 'pid' | 'postMessage'>;
};
