/** A TCP server on loopback that says the same to whoever asks it anything, and keeps the connection. */
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface SayingServer extends AsyncDisposable {
  readonly host: string;
  /** As of a server for HTTP. */
  readonly address: string;
  /** Resolves once whoever asked has closed the connection. */
  readonly left: Promise<void>;
}

export async function startSayingServer(said: string): Promise<SayingServer> {
  const open = new Set<Socket>();
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  const server = createServer(socket => {
    open.add(socket);
    // Whoever asks may be gone.
    socket.on('error', () => {});
    socket.once('close', () => leave());
    socket.once('data', () => socket.write(said));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    address: `http://${host}`,
    left,
    [Symbol.asyncDispose]: () =>
      new Promise(resolve => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
