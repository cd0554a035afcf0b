/** An HTTPS listener on 127.0.0.1 that can stop, cutting every connection, and listen again on the same port. */
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export class LoopbackListener {
  readonly #server: ReturnType<typeof createServer>;
  /** Every TCP connection, also one still in the TLS handshake, which the HTTP server does not count. */
  readonly #sockets = new Set<Socket>();

  constructor(options: ServerOptions, onRequest: RequestListener) {
    this.#server = createServer(options, onRequest);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** @returns the port; 0 asks for any free one. Rejects where it cannot be had. */
  async listen(port: number): Promise<number> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resets the TCP connection (RST) under a TLS socket, which cannot do that itself. */
  reset(secured: Socket): void {
    for (const socket of this.#sockets) {
      const isUnderIt =
        socket.remotePort === secured.remotePort && socket.remoteAddress === secured.remoteAddress;
      if (isUnderIt) socket.resetAndDestroy();
    }
    secured.destroy();
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
