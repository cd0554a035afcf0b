/** Endorsement keys for tests that need many: well-formed TPM2B_PUBLIC areas of template L-1 with moduli of our own. */
import { createHash } from 'node:crypto';

const beforeModulus = Buffer.from(
  '013a' +
    '0001000b000300b2' +
    '0020837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa' +
    '0006008000430010' +
    '080000000000' +
    '0100',
  'hex',
);

/** The same number gives the same key. */
export function endorsementKey(number: number | string): Buffer {
  const modulus = Buffer.alloc(256);
  for (let block = 0; block < 8; block += 1)
    createHash('sha256')
      .update(`${number}/${block}`)
      .digest()
      .copy(modulus, block * 32);
  modulus[0]! |= 0x80;
  modulus[255]! |= 1;
  return Buffer.concat([beforeModulus, modulus]);
}

export const base64Key = (number: number | string): string => endorsementKey(number).toString('base64');
export const keyDigest = (number: number | string): string =>
  createHash('sha256').update(endorsementKey(number)).digest('hex');
