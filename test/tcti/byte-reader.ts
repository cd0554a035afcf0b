/** Exact reads from a socket, for the fronts that tests put between a carrier and a TPM. */
import type { Socket } from 'node:net';

export type ByteReader = (count: number) => Promise<Buffer>;

/** Reads exactly so many bytes; rejects when the stream ends before. */
export function byteReader(socket: Socket): ByteReader {
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

/** One whole command or response: its header, then as many bytes as that names. */
export async function readFrame(read: ByteReader): Promise<Buffer> {
  const header = await read(10);
  return Buffer.concat([header, await read(header.readUInt32BE(2) - 10)]);
}
