/**
 * The floor of a harvest: its TPM commands, sent one after the other over one line, the credential of the possession proof
 * made anew, and nothing else. Responses are read by the size in their header; their response codes must be the recorded
 * ones, else it was not the same work.
 */
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { makeRawCredential } from './raw-credential.ts';
import type { Exchange } from './recorded-exchange.ts';

const SIZE_OFFSET = 2;
const CODE_OFFSET = 6;
const HEADER_BYTES = 10;
const CREATE_PRIMARY = 0x131;
const ACTIVATE_CREDENTIAL = 0x147;
/** Behind header, handle and the size of the parameters. */
const CREATED_PUBLIC_OFFSET = HEADER_BYTES + 8;
const SHA256_ALGORITHM = Buffer.from([0x00, 0x0b]);

/** What Keyline sent at a DUT, and the endorsement key (TPM2B_PUBLIC) that it found. */
export interface RecordedHarvest {
  readonly exchanges: readonly Exchange[];
  readonly endorsementKey: Buffer;
}

export type Transmit = (command: Uint8Array) => Promise<Uint8Array>;

/** @returns milliseconds from before connecting until the socket is closed */
export async function sendRaw(port: number, recorded: RecordedHarvest): Promise<number> {
  const begun = performance.now();
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  await sendCommands(recorded, command => exchange(socket, command));
  const closed = once(socket, 'close');
  socket.destroy();
  await closed;
  return performance.now() - begun;
}

export async function sendCommands(
  { exchanges, endorsementKey }: RecordedHarvest,
  transmit: Transmit,
): Promise<void> {
  let created: Buffer | undefined;
  for (const { command, response } of exchanges) {
    const code = Buffer.from(command).readUInt32BE(CODE_OFFSET);
    const frame =
      code === ACTIVATE_CREDENTIAL ? withCredential(command, endorsementKey, nameOf(created!)) : command;
    const answer = Buffer.from(await transmit(frame));
    const [got, recorded] = [answer, Buffer.from(response)].map(each => each.readUInt32BE(CODE_OFFSET));
    if (got !== recorded) throw new Error(`the TPM answered ${got} where it had answered ${recorded}`);
    if (code === CREATE_PRIMARY) created = answer;
  }
}

/** The credential is the frame's end and always as long. */
function withCredential(command: Uint8Array, endorsementKey: Buffer, name: Buffer): Buffer {
  const credential = makeRawCredential(endorsementKey, name);
  return Buffer.concat([command.subarray(0, command.length - credential.length), credential]);
}

/** Part 1, clause 16: of the object in a CreatePrimary response, whose nameAlg is SHA-256. */
function nameOf(response: Buffer): Buffer {
  const begin = CREATED_PUBLIC_OFFSET + 2;
  const area = response.subarray(begin, begin + response.readUInt16BE(CREATED_PUBLIC_OFFSET));
  return Buffer.concat([SHA256_ALGORITHM, hash('sha256', area, 'buffer')]);
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
