/**
 * Carrier `mssim`: the protocol of Microsoft's TPM 2.0 simulator (TpmServer in ms-tpm-20-ref), over TCP. The data port
 * carries wrapped commands; the platform port, the next one up, is told first that power and NV are on, as tpm2-tss does:
 * a simulator that has them on already is left as it is. No resource manager is behind it.
 */
import { performance } from 'node:perf_hooks';
import { connectLine } from './connect.ts';
import { TctiError } from './errors.ts';
import { FrameReader } from './frame.ts';
import { LineTcti } from './line-tcti.ts';
import type { Framing } from './stream-line.ts';
import { FRAME_HEADER_BYTES, MAX_FRAME_BYTES, type OpenOptions, type Tcti } from './tcti.ts';
import type { MssimConf } from './tcti-conf.ts';
import { within } from './within.ts';

const TPM_SEND_COMMAND = 8;
const TPM_SIGNAL_POWER_ON = 1;
const TPM_SIGNAL_NV_ON = 11;
const LOCALITY = 0;

const WORD_BYTES = 4;

export async function openMssim(conf: MssimConf, options: OpenOptions): Promise<Tcti> {
  const endsAt = performance.now() + options.connectDeadlineMs;
  const remaining = () => ({ ...options, connectDeadlineMs: Math.max(0, endsAt - performance.now()) });
  const { host, port } = conf;
  const platform = await connectLine({ host, port: port + 1 }, wordFraming(), remaining());
  try {
    for (const signal of [TPM_SIGNAL_POWER_ON, TPM_SIGNAL_NV_ON])
      await within(
        remaining(),
        `switching on the simulator at ${host} port ${port + 1}`,
        platform.exchange(word(signal)),
      );
  } finally {
    await platform.close();
  }
  return new LineTcti('mssim', false, await connectLine({ host, port }, mssimFraming(), remaining()));
}

/** Command: be32 8, locality, be32 length, bytes. Response: be32 length, bytes, be32 0. */
export function mssimFraming(): Framing {
  let received = Buffer.alloc(0);
  return {
    wrap: command =>
      Buffer.concat([word(TPM_SEND_COMMAND), Buffer.from([LOCALITY]), word(command.length), command]),
    push: fragment => {
      received = Buffer.concat([received, fragment]);
      if (received.length < WORD_BYTES) return undefined;
      const size = received.readUInt32BE(0);
      if (size < FRAME_HEADER_BYTES || size > MAX_FRAME_BYTES)
        throw new TctiError('frame-invalid', `The simulator names a response of ${size} bytes`);
      const end = WORD_BYTES + size;
      if (received.length < end + WORD_BYTES) return undefined;
      if (received.length > end + WORD_BYTES || received.readUInt32BE(end) !== 0)
        throw new TctiError('frame-invalid', 'The simulator does not end its response with four zero bytes');
      const response = wholeFrame(received.subarray(WORD_BYTES, end));
      received = Buffer.alloc(0);
      return response;
    },
  };
}

function wholeFrame(bytes: Uint8Array): Uint8Array {
  const frame = new FrameReader().push(bytes);
  if (frame === undefined)
    throw new TctiError(
      'frame-invalid',
      `The simulator wraps ${bytes.length} bytes, its response names more`,
    );
  return frame;
}

/** The platform port answers each signal with be32 0. */
function wordFraming(): Framing {
  let received = Buffer.alloc(0);
  return {
    wrap: signal => signal,
    push: fragment => {
      received = Buffer.concat([received, fragment]);
      if (received.length < WORD_BYTES) return undefined;
      if (received.length > WORD_BYTES || received.readUInt32BE(0) !== 0)
        throw new TctiError('frame-invalid', 'The platform port of the simulator does not answer with zero');
      received = Buffer.alloc(0);
      return word(0);
    },
  };
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(WORD_BYTES);
  bytes.writeUInt32BE(value);
  return bytes;
}
