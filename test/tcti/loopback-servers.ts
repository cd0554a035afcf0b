/** TCP servers on free loopback ports, for peers that a test plays itself. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

type Serve = (socket: Socket) => void;

export interface LoopbackServer {
  readonly port: number;
  /** Closes every connection and the port. */
  close(): void;
}

export async function startServer(serve: Serve): Promise<LoopbackServer> {
  const server = await listen(serve, 0);
  if (server === undefined) throw new Error('no free port');
  return server;
}

/** Two servers on neighbouring ports, as a simulator's data and platform port; gives the first one's port. */
export async function startServerPair(first: Serve, second: Serve): Promise<LoopbackServer> {
  for (;;) {
    const low = await startServer(first);
    const high = await listen(second, low.port + 1);
    if (high !== undefined) return { port: low.port, close: () => [low, high].map(server => server.close()) };
    low.close();
  }
}

/** Undefined where the port is taken. */
async function listen(serve: Serve, port: number): Promise<LoopbackServer | undefined> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, socket => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    serve(socket);
  });
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return undefined;
  }
  return {
    port: portOf(server),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not a TCP server');
  return address.port;
}
