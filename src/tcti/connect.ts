/** Sockets to a TPM bridge, over TCP or a Unix-domain path: opened by the fixture's deadline, closed without a trace. */
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { type EndReason, TctiError } from './errors.ts';
import { type Framing, StreamLine } from './stream-line.ts';
import type { OpenOptions } from './tcti.ts';
import type { SocketAddress } from './tcti-conf.ts';
import { within } from './within.ts';

/** Rejects as `openSocket` does. */
export async function connectLine(
  address: SocketAddress,
  framing: Framing,
  options: OpenOptions,
): Promise<StreamLine> {
  const socket = await openSocket(address, options);
  const ending = socketEnding(socket);
  return new StreamLine({ input: socket, output: socket, framing, ending, release: () => destroy(socket) });
}

/** Rejects with TctiError `unreachable`, `not-permitted` or `cancelled` and leaves no socket behind. */
export async function openSocket(address: SocketAddress, options: OpenOptions): Promise<Socket> {
  const place = 'path' in address ? address.path : `${address.host} port ${address.port}`;
  const socket = connectSocket({ ...address, noDelay: true });
  // An error after the connection was made shows in its 'close' as well; unheard it would end the process.
  socket.on('error', () => {});
  try {
    await within(options, `connecting to ${place}`, once(socket, 'connect'));
    return socket;
  } catch (error) {
    await destroy(socket);
    throw error instanceof TctiError ? error : connectError(place, error as NodeJS.ErrnoException);
  }
}

/** Resolves with the reason when nothing more can come through this socket. */
function socketEnding(socket: Socket): Promise<EndReason> {
  return new Promise(resolve => {
    socket.once('end', () => resolve({ code: 'closed', message: 'The other side closed the connection' }));
    socket.on('error', cause =>
      resolve({ code: 'closed', message: `The connection broke off: ${cause.message}`, cause }),
    );
    socket.once('close', () => resolve({ code: 'closed', message: 'The connection is closed' }));
  });
}

/** Resolves when it is closed. */
export function destroy(socket: Socket): Promise<void> {
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
