/** KDFa and KDFe (Part 1, 11.4.10): how a TPM and whoever talks to it make keys of a shared secret. */
import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { u32 } from './bytes.ts';
import type { NameHash } from './object-name.ts';

/** SP 800-108 in counter mode (Part 1, 11.4.10.2). @param bits a multiple of 8 */
export function kdfa(
  hash: NameHash,
  key: Uint8Array,
  label: string,
  context: { readonly u?: Uint8Array; readonly v?: Uint8Array },
  bits: number,
): Buffer {
  const blocks: Uint8Array[] = [];
  for (let i = 1; (i - 1) * hash.bytes * 8 < bits; i++) {
    const block = createHmac(hash.hash, createSecretKey(key)).update(u32(i)).update(zeroEnded(label));
    if (context.u !== undefined) block.update(context.u);
    if (context.v !== undefined) block.update(context.v);
    blocks.push(block.update(u32(bits)).digest());
  }
  return Buffer.concat(blocks).subarray(0, bits / 8);
}

/** SP 800-56A (Part 1, 11.4.10.3); asked for one digest, so there is one block. */
export function kdfe(
  hash: NameHash,
  z: Uint8Array,
  label: string,
  partyU: Uint8Array,
  partyV: Uint8Array,
): Buffer {
  const block = createHash(hash.hash).update(u32(1)).update(z).update(zeroEnded(label));
  return block.update(partyU).update(partyV).digest();
}

/** Labels are used with the zero byte that ends them in C. */
export function zeroEnded(label: string): Buffer {
  return Buffer.from(`${label}\0`, 'ascii');
}
