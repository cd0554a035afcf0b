/**
 * The floor of a harvest: its TPM commands, sent one after the other over one socket, and nothing else. Responses are
 * read by the size in their header; their response codes must be the recorded ones, else it was not the same work.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Exchange } from './recorded-exchange.ts';

const SIZE_OFFSET = 2;
const CODE_OFFSET = 6;
const HEADER_BYTES = 10;

/** @returns milliseconds from before connecting until the socket is closed */
export async function sendRaw(port: number, exchanges: readonly Exchange[]): Promise<number> {
  const begun = performance.now();
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  for (const { command, response } of exchanges) {
    const answer = await exchange(socket, command);
    const code = answer.readUInt32BE(CODE_OFFSET);
    const recorded = Buffer.from(response).readUInt32BE(CODE_OFFSET);
    if (code !== recorded) throw new Error(`the TPM answered ${code} where it had answered ${recorded}`);
  }
  const closed = once(socket, 'close');
  socket.destroy();
  await closed;
  return performance.now() - begun;
}

function exchange(socket: Socket, command: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const take = (fragment: Buffer) => {
      received = received.length === 0 ? fragment : Buffer.concat([received, fragment]);
      if (received.length < HEADER_BYTES || received.length < received.readUInt32BE(SIZE_OFFSET)) return;
      socket.off('data', take).off('error', reject);
      resolve(received);
    };
    socket.on('data', take).once('error', reject);
    socket.write(command);
  });
}
