/**
 * Devices that take no time, for a bench or a test: transcripts of one real harvest, each with the key of a device of its own in the
 * places of the recorded one. What is made to differ is the modulus of the EK, in the public area and in the certificate, and
 * with it the key's name; a replay needs no more, since it cannot prove possession, and its certificates are not verified.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { harvestDevice } from '../../src/station/attempt/harvest-device.ts';
import { withDut } from './bench-duts.ts';
import { openBenchCore } from './large-station.ts';

const MODULUS_BYTES = 256;

export interface DeviceMaker {
  /** Writes the next device's transcript to `file`, in place of what was there. */
  make(file: string): Promise<void>;
}

/** @param folder for a station that is thrown away */
export async function recordDeviceMaker(folder: string): Promise<DeviceMaker> {
  const file = path.join(folder, 'recorded.transcript');
  const core = openBenchCore(path.join(folder, 'recording'));
  let endorsementKey: Buffer;
  try {
    endorsementKey = await withDut('persisted', async ({ bridge }) => {
      const { code, endorsementKey: read = '' } = await harvestDevice(core, {
        bridge,
        serial: 'RECORDED-1',
        serialFrom: 'label',
        account: 'os:bench',
        record: file,
      });
      if (code !== 'passed') throw new Error(`the harvest to record ended as ${code}`);
      return Buffer.from(read, 'base64');
    });
  } finally {
    core.close();
  }
  const transcript = await readFile(file, 'utf8');
  await rm(file);
  return deviceMakerOf(transcript, endorsementKey);
}

/** @param transcript of a harvest @param endorsementKey that was read in it, TPM2B_PUBLIC */
export function deviceMakerOf(transcript: string, endorsementKey: Buffer): DeviceMaker {
  const modulus = endorsementKey.subarray(-MODULUS_BYTES);
  const nameOf = (area: Buffer) => `000b${createHash('sha256').update(area).digest('hex')}`;
  // TPM2B_PUBLIC: the name is of what its size stands before.
  const area = endorsementKey.subarray(2);
  return {
    make: async at => {
      const other = randomBytes(MODULUS_BYTES);
      other[0]! |= 0x80;
      other[MODULUS_BYTES - 1]! |= 1;
      const changed = Buffer.concat([area.subarray(0, -MODULUS_BYTES), other]);
      await writeFile(
        at,
        transcript
          .replaceAll(modulus.toString('hex'), other.toString('hex'))
          .replaceAll(nameOf(area), nameOf(changed)),
      );
    },
  };
}
