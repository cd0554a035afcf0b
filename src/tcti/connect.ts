/** Connects a TCP or Unix-domain socket to a TPM bridge, by the fixture's deadline or the caller's signal. */
import { connect as connectSocket, type Socket } from 'node:net';
import { TctiError } from './errors.ts';
import type { OpenOptions } from './tcti.ts';
import type { SocketAddress } from './tcti-conf.ts';

/** Rejects with TctiError `unreachable`, `not-permitted` or `cancelled` and leaves no socket behind. */
export function connect(address: SocketAddress, { connectDeadlineMs, signal }: OpenOptions): Promise<Socket> {
  const place = 'path' in address ? address.path : `${address.host} port ${address.port}`;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new TctiError('cancelled', `Cancelled before connecting to ${place}`));
    const socket = connectSocket({ ...address, noDelay: true });
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      socket.off('connect', connected).off('error', failed);
    };
    const fail = (error: TctiError) => {
      settle();
      // A socket that is given up may still report an error; nobody waits for it any more.
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const connected = () => {
      settle();
      resolve(socket);
    };
    const failed = (cause: NodeJS.ErrnoException) => fail(connectError(place, cause));
    const cancel = () => fail(new TctiError('cancelled', `Cancelled while connecting to ${place}`));
    const timer = setTimeout(
      () => fail(new TctiError('unreachable', `No connection to ${place} within ${connectDeadlineMs} ms`)),
      connectDeadlineMs,
    );
    signal?.addEventListener('abort', cancel, { once: true });
    socket.once('connect', connected).once('error', failed);
  });
}

/** Destroys a socket and resolves when it is closed. */
export function destroySocket(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    if (socket.closed) return resolve();
    socket.once('close', () => resolve());
    socket.destroy();
  });
}

function connectError(place: string, cause: NodeJS.ErrnoException): TctiError {
  const why = cause.code ?? cause.message;
  if (cause.code === 'EACCES' || cause.code === 'EPERM')
    return new TctiError('not-permitted', `May not connect to ${place} (${why})`, { cause });
  return new TctiError('unreachable', `Cannot connect to ${place} (${why})`, { cause });
}
