/**
 * Speaks the protocol of Microsoft's TPM simulator (TpmServer in ms-tpm-20-ref) in front of a real swtpm, so that the
 * mssim carrier is tested against a TPM. It reads what the carrier sends byte by byte, as the simulator does: a wrong
 * wrapping is not understood and ends the connection. The handshake (15), which only some clients make, is answered.
 */
import { connect, type Socket } from 'node:net';
import { byteReader, readFrame } from './byte-reader.ts';
import { type LoopbackServer, startServerPair } from './loopback-servers.ts';

export interface MssimFront extends LoopbackServer {
  /** The signals that came over the platform port, which is the next one. */
  readonly signals: readonly number[];
}

export async function startMssimFront(swtpmPort: number): Promise<MssimFront> {
  const signals: number[] = [];
  const orDestroy = (serve: (socket: Socket) => Promise<void>) => (socket: Socket) => {
    serve(socket).catch(() => socket.destroy());
  };
  const servers = await startServerPair(
    orDestroy(socket => serveData(socket, swtpmPort)),
    orDestroy(socket => servePlatform(socket, signals)),
  );
  return { ...servers, signals };
}

async function serveData(client: Socket, swtpmPort: number): Promise<void> {
  const tpm = connect({ host: '127.0.0.1', port: swtpmPort, noDelay: true });
  tpm.on('error', () => client.destroy()).on('close', () => client.destroy());
  client.on('close', () => tpm.destroy());
  const fromClient = byteReader(client);
  const fromTpm = byteReader(tpm);
  for (;;) {
    const signal = (await fromClient(4)).readUInt32BE();
    if (signal === 15) {
      await fromClient(4); // the client's version
      client.write(Buffer.concat([word(1), word(0), word(0)])); // ours, what kind of TPM, done
      continue;
    }
    if (signal !== 8) throw new Error('not a command');
    if ((await fromClient(1)).readUInt8() !== 0) throw new Error('not locality 0');
    tpm.write(await fromClient((await fromClient(4)).readUInt32BE()));
    const response = await readFrame(fromTpm);
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

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
