/**
 * Signs of life of one WebSocket (RFC 6455 §5.5.2): a ping at every beat, and an end to the socket whose last ping is
 * still without a pong at the next. A peer that is switched off or unplugged sends no close of its own.
 */
import type { WebSocket } from 'ws';

/** Watches until the socket closes. `every`: milliseconds between two beats. Adds its listeners once, however many beats. */
export function watchLife(socket: WebSocket, every: number): void {
  let answered = true;
  const beat = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, every);
  socket.on('pong', () => {
    answered = true;
  });
  socket.once('close', () => clearInterval(beat));
}
