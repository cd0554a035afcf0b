/** A relay in front of a swtpm that puts the words of another maker into its mouth; everything else is the swtpm's. */
import { connect } from 'node:net';
import { FrameReader } from '../../src/tcti/frame.ts';
import { startServer } from '../tcti/loopback-servers.ts';

export interface TpmStrings {
  /** Four characters. */
  readonly manufacturer: string;
  /** Up to sixteen characters. */
  readonly vendor: string;
}

const CAP_TPM_PROPERTIES = 6;
const MANUFACTURER = 0x105;
const VENDOR_STRING = 0x106;

/** @returns the port; ends with the test. */
export async function startDisguise(
  port: number,
  { manufacturer, vendor }: TpmStrings,
  later: (action: () => unknown) => void,
): Promise<number> {
  const words = new Map([[MANUFACTURER, Buffer.from(manufacturer, 'latin1')]]);
  const vendorBytes = Buffer.from(vendor.padEnd(16, '\0'), 'latin1');
  for (let i = 0; i < 4; i++) words.set(VENDOR_STRING + i, vendorBytes.subarray(4 * i, 4 * i + 4));
  const server = await startServer(near => {
    const far = connect({ host: '127.0.0.1', port, noDelay: true });
    const reader = new FrameReader();
    near.on('data', bytes => far.write(bytes));
    far.on('data', (bytes: Buffer) => {
      const response = reader.push(bytes);
      if (response !== undefined) near.write(rewrite(Buffer.from(response), words));
    });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const)
      socket.on('error', () => {}).on('close', () => other.destroy());
    later(() => near.destroy());
  });
  later(() => server.close());
  return server.port;
}

/** TPMS_CAPABILITY_DATA (Part 2, 10.8.8): behind moreData and the capability a count, then property and value each. */
function rewrite(response: Buffer, words: ReadonlyMap<number, Buffer>): Buffer {
  const isProperties = response.length > 19 && response.readUInt32BE(11) === CAP_TPM_PROPERTIES;
  for (let at = 19; isProperties && at + 8 <= response.length; at += 8)
    words.get(response.readUInt32BE(at))?.copy(response, at + 4);
  return response;
}
