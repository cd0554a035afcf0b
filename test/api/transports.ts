/** The API over each of its carriers, opened for a test: a real MessageChannel and a real WebSocket on loopback. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import { WebSocketServer } from 'ws';
import { type ClientOptions, overPort, overWebSocket } from '../../src/api/client.ts';
import type { Api } from '../../src/api/contract.ts';
import { type ServeOptions, type ServerPort, servePort, serveWebSocket } from '../../src/api/serve.ts';

export interface Joined {
  readonly api: Api;
  /** Sends as a client that does not keep to the protocol. */
  sendRaw(message: unknown): void;
  end(): Promise<void>;
}

export const transports = {
  async port(context: ServeOptions, options?: ClientOptions): Promise<Joined> {
    const { port1, port2 } = new MessageChannel();
    // Node's port gives the data itself where Electron's gives an event with the data.
    const server: ServerPort = {
      on: (event: string, listener: (argument: never) => void) =>
        port1.on(event, (data: unknown) => listener({ data } as never)),
      postMessage: message => port1.postMessage(message),
      start: () => port1.start(),
      close: () => port1.close(),
    };
    servePort(server, context);
    const api = overPort(port2 as unknown as MessagePort, options);
    return {
      api,
      sendRaw: message => port2.postMessage(message),
      async end() {
        api.close();
        await api.closed;
      },
    };
  },
  async websocket(context: ServeOptions, options?: ClientOptions): Promise<Joined> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    server.on('connection', socket => serveWebSocket(socket, context));
    await once(server, 'listening');
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await once(socket, 'open');
    const api = overWebSocket(socket, options);
    return {
      api,
      sendRaw: message => socket.send(message as string),
      async end() {
        api.close();
        await api.closed;
        server.close();
      },
    };
  },
} as const;
