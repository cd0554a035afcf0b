/**
 * Speaks the protocol of Microsoft's TPM simulator (TpmServer in ms-tpm-20-ref) in front of a real swtpm, so that the
 * mssim carrier is tested against a TPM. It reads what the carrier sends byte by byte, as the simulator does: a wrong
 * wrapping is not understood and ends the connection.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface MssimFront {
  /** Data port; the platform port is the next one. */
  readonly port: number;
  /** The signals that came over the platform port. */
  readonly signals: number[];
  close(): Promise<void>;
}

export async function startMssimFront(swtpmPort: number): Promise<MssimFront> {
  const signals: number[] = [];
  const sockets = new Set<Socket>();
  const tracked = (serve: (socket: Socket) => Promise<void>) => (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    serve(socket).catch(() => socket.destroy());
  };
  const servers = await listenOnPair(
    tracked(socket => serveData(socket, swtpmPort)),
    tracked(socket => servePlatform(socket, signals)),
  );
  return {
    port: portOf(servers[0]),
    signals,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
    },
  };
}

async function serveData(client: Socket, swtpmPort: number): Promise<void> {
  const tpm = connect({ host: '127.0.0.1', port: swtpmPort, noDelay: true });
  tpm.on('error', () => client.destroy()).on('close', () => client.destroy());
  client.on('close', () => tpm.destroy());
  const fromClient = byteReader(client);
  const fromTpm = byteReader(tpm);
  for (;;) {
    if ((await fromClient(4)).readUInt32BE() !== 8) throw new Error('not a command');
    if ((await fromClient(1)).readUInt8() !== 0) throw new Error('not locality 0');
    tpm.write(await fromClient((await fromClient(4)).readUInt32BE()));
    const header = await fromTpm(10);
    const response = Buffer.concat([header, await fromTpm(header.readUInt32BE(2) - 10)]);
    client.write(Buffer.concat([word(response.length), response, word(0)]));
  }
}

async function servePlatform(client: Socket, signals: number[]): Promise<void> {
  const read = byteReader(client);
  for (;;) {
    signals.push((await read(4)).readUInt32BE());
    client.write(word(0));
  }
}

/** Reads exactly so many bytes; rejects when the stream ends before. */
function byteReader(socket: Socket): (count: number) => Promise<Buffer> {
  const fragments: AsyncIterator<Buffer> = socket[Symbol.asyncIterator]();
  let received = Buffer.alloc(0);
  return async count => {
    while (received.length < count) {
      const { value, done } = await fragments.next();
      if (done) throw new Error('the stream ended');
      received = Buffer.concat([received, value]);
    }
    const bytes = received.subarray(0, count);
    received = received.subarray(count);
    return bytes;
  };
}

async function listenOnPair(
  ...serve: [(socket: Socket) => void, (socket: Socket) => void]
): Promise<[Server, Server]> {
  for (;;) {
    const data = createServer({ noDelay: true }, serve[0]).listen(0, '127.0.0.1');
    await once(data, 'listening');
    const platform = createServer({ noDelay: true }, serve[1]).listen(portOf(data) + 1, '127.0.0.1');
    const both = await once(platform, 'listening').then(
      () => true,
      () => false,
    );
    if (both) return [data, platform];
    data.close();
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not a TCP server');
  return address.port;
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
