/**
 * An HTTPS listener on 127.0.0.1 that can stop, cutting every connection, and listen again on the same port. Idle
 * connections are kept for longer than any client of ours keeps them, so that the server is not the one to close them.
 */
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

const keepAliveMs = 120_000;

export class LoopbackListener {
  readonly #server: ReturnType<typeof createServer>;
  /** Every TCP connection, also one still in the TLS handshake, which the HTTP server does not count. */
  readonly #sockets = new Set<Socket>();
  #port = 0;
  #outage: NodeJS.Timeout | undefined;

  constructor(options: ServerOptions, onRequest: RequestListener) {
    this.#server = createServer({ ...options, keepAliveTimeout: keepAliveMs }, onRequest);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** @returns the port; 0 asks for any free one. Rejects where it cannot be had. */
  async listen(port: number): Promise<number> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this.#port;
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

  /** Stops, and listens again after so long; a later call begins anew. `onFailure` hears where the port is gone. */
  async refuseFor(durationMs: number, onFailure: (error: unknown) => void): Promise<void> {
    clearTimeout(this.#outage);
    this.#outage = setTimeout(() => void this.listen(this.#port).catch(onFailure), durationMs);
    await this.#cut();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#outage);
    await this.#cut();
  }

  async #cut(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
