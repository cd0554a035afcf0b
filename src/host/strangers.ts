/**
 * Connections that have not shown a session yet. Anyone on this machine can open them and say nothing, so there are only
 * so many at once: a new one makes the oldest give way, and the kiosk, which speaks at once, is never kept waiting.
 */
import type { Socket } from 'node:net';

export class Strangers {
  /** Oldest first. */
  readonly #sockets = new Set<Socket>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    for (const oldest of this.#sockets) {
      if (this.#sockets.size <= this.#limit) return;
      this.#sockets.delete(oldest);
      oldest.destroy();
    }
  }

  /** It showed a session: from now on it stays. */
  know(socket: Socket): void {
    this.#sockets.delete(socket);
  }
}
