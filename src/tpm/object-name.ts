/** Names of objects (Part 1, clause 16), and the hash algorithms that TPMs name them and derive keys by. */
import { hash } from 'node:crypto';
import { u16 } from './bytes.ts';
import { TPM_ALG } from './structures.ts';

/** OpenSSL's name of a hash and its digest's size in bytes. */
export interface NameHash {
  readonly hash: string;
  readonly bytes: number;
}

const nameHashes: Readonly<Record<number, NameHash>> = {
  [TPM_ALG.SHA1]: { hash: 'sha1', bytes: 20 },
  [TPM_ALG.SHA256]: { hash: 'sha256', bytes: 32 },
  [TPM_ALG.SHA384]: { hash: 'sha384', bytes: 48 },
  [TPM_ALG.SHA512]: { hash: 'sha512', bytes: 64 },
};

/** Undefined for a TPM_ALG_ID that is not one of these hashes. */
export function nameHash(nameAlg: number): NameHash | undefined {
  return Object.hasOwn(nameHashes, nameAlg) ? nameHashes[nameAlg] : undefined;
}

/** nameAlg ‖ H(TPMT_PUBLIC), of a TPM2B_PUBLIC; undefined where its nameAlg is not one of these hashes. */
export function nameOf(tpm2bPublic: Uint8Array): Uint8Array | undefined {
  const area = tpm2bPublic.subarray(2);
  const nameAlg = (area[2] ?? 0) * 0x100 + (area[3] ?? 0);
  const known = nameHash(nameAlg);
  return known && Buffer.concat([u16(nameAlg), hash(known.hash, area, 'buffer')]);
}
