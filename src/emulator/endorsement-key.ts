/**
 * The check that DPS makes on `attestation.tpm.endorsementKey`: standard base64 of a TPM2B_PUBLIC that holds an RSA 2048
 * restricted decryption key (TPM 2.0 Library Part 2: 12.2.5 TPM2B_PUBLIC, 12.2.4 TPMT_PUBLIC, 8.3 TPMA_OBJECT, 12.2.3.5
 * TPMS_RSA_PARMS). DER or PEM, a bare TPMT_PUBLIC, old tpm2-tools dumps and ECC keys do not pass. The text is untrusted.
 * Own reader on purpose: the emulator stands for the service, so it does not share the station's view of a key.
 */
const TPM_ALG_RSA = 0x0001;
const TPM_ALG_AES = 0x0006;
const TPM_ALG_NULL = 0x0010;
const TPM_ALG_CFB = 0x0043;
const TPMA_OBJECT_restricted = 1 << 16;
const TPMA_OBJECT_decrypt = 1 << 17;
const TPMA_OBJECT_sign = 1 << 18;

/** What a restricted RSA 2048 decryption key is used with, by those that wrap something for it. */
export interface StorageKey {
  /** TPMT_PUBLIC, as it was sent. */
  readonly publicArea: Buffer;
  /** TPM_ALG_ID. */
  readonly nameAlg: number;
  readonly aesBits: 128 | 256;
  readonly exponent: number;
  readonly modulus: Buffer;
}

/** Whether DPS would take this text as an endorsement key. */
export function isEndorsementKey(text: string): boolean {
  return readStorageKey(text) !== undefined;
}

/** Reads the base64 of a TPM2B_PUBLIC, of an endorsement key or a storage root key; undefined where it is none. */
export function readStorageKey(text: string): StorageKey | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? storageKeyOf(bytes) : undefined;
}

function storageKeyOf(tpm2bPublic: Buffer): StorageKey | undefined {
  const reader = new Reader(tpm2bPublic);
  if (reader.uint16() !== tpm2bPublic.length - 2) return undefined;
  if (reader.uint16() !== TPM_ALG_RSA) return undefined;
  const nameAlg = reader.uint16();
  const attributes = reader.uint32();
  if ((attributes & TPMA_OBJECT_restricted) === 0) return undefined;
  if ((attributes & TPMA_OBJECT_decrypt) === 0) return undefined;
  if ((attributes & TPMA_OBJECT_sign) !== 0) return undefined;
  reader.bytes(reader.uint16()); // authPolicy
  if (reader.uint16() !== TPM_ALG_AES) return undefined;
  const aesBits = reader.uint16();
  if (aesBits !== 128 && aesBits !== 256) return undefined;
  if (reader.uint16() !== TPM_ALG_CFB) return undefined;
  if (reader.uint16() !== TPM_ALG_NULL) return undefined; // scheme
  if (reader.uint16() !== 2048) return undefined;
  const exponent = reader.uint32();
  if (exponent !== 0 && exponent !== 65_537) return undefined;
  if (reader.uint16() !== 256) return undefined;
  const modulus = reader.bytes(256); // unique
  if (!reader.endedExactly()) return undefined;
  return { publicArea: tpm2bPublic.subarray(2), nameAlg, aesBits, exponent: 65_537, modulus };
}

/** Big-endian reader that yields zeros past the end and remembers that it went there. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  uint16(): number {
    const at = this.#at;
    this.#at += 2;
    return this.#at <= this.#bytes.length ? this.#bytes.readUInt16BE(at) : 0;
  }

  uint32(): number {
    const at = this.#at;
    this.#at += 4;
    return this.#at <= this.#bytes.length ? this.#bytes.readUInt32BE(at) : 0;
  }

  bytes(count: number): Buffer {
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  endedExactly(): boolean {
    return this.#at === this.#bytes.length;
  }
}
