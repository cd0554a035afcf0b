/** KDFa of the TPM (TPM 2.0 Library Part 1, 11.4.10.2): SP800-108 in counter mode over HMAC. */
import { createHmac } from 'node:crypto';

/** @param hash name for node:crypto; @param bits a multiple of 8 */
export function kdfa(
  hash: string,
  key: Buffer,
  label: string,
  contextU: Buffer,
  contextV: Buffer,
  bits: number,
): Buffer {
  const blocks: Buffer[] = [];
  let length = 0;
  for (let counter = 1; length < bits / 8; counter += 1) {
    const block = createHmac(hash, key)
      .update(uint32(counter))
      .update(`${label}\0`)
      .update(contextU)
      .update(contextV)
      .update(uint32(bits))
      .digest();
    blocks.push(block);
    length += block.length;
  }
  return Buffer.concat(blocks).subarray(0, bits / 8);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
