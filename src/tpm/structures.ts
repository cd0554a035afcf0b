/**
 * TPM 2.0 structures (Part 2, clauses 12 and 13) on tpm2-ts; the only file that imports it. The library is not safe
 * with a TPM's own bytes: cut input gives objects with null fields, 32-bit values come out negative, writing past its
 * buffer cuts silently, and its `Buffer()` calls warn (DEP0005). So: a closed list of structures, sizes checked before,
 * its `isOk()` and cursor checked after, everything marshalled again and compared byte for byte (rule H2).
 */
import { TpmBuffer } from 'tpm2-ts/lib/TpmMarshaller.js';
import {
  TPM2B_NV_PUBLIC,
  TPM2B_PUBLIC,
  TPM2B_PUBLIC_KEY_RSA,
  TPMS_NULL_ASYM_SCHEME,
  TPMS_RSA_PARMS,
  TPMT_PUBLIC,
  TPMT_SYM_DEF_OBJECT,
} from 'tpm2-ts/lib/TpmTypes.js';
import { ByteReader, sameBytes } from './bytes.ts';
import { TpmError } from './errors.ts';

export const TPM_ALG = {
  RSA: 0x0001,
  SHA1: 0x0004,
  HMAC: 0x0005,
  AES: 0x0006,
  KEYEDHASH: 0x0008,
  SHA256: 0x000b,
  SHA384: 0x000c,
  SHA512: 0x000d,
  NULL: 0x0010,
  ECC: 0x0023,
  CFB: 0x0043,
} as const;

/** TPMA_OBJECT bits (Part 2, 8.3). */
export const TPMA_OBJECT = {
  fixedTPM: 0x2,
  fixedParent: 0x10,
  sensitiveDataOrigin: 0x20,
  userWithAuth: 0x40,
  adminWithPolicy: 0x80,
  restricted: 0x10000,
  decrypt: 0x20000,
  sign: 0x40000,
} as const;

interface AnyPublicArea {
  readonly nameAlg: number;
  /** TPMA_OBJECT. */
  readonly attributes: number;
  readonly authPolicy: Uint8Array;
}

export interface RsaPublicArea extends AnyPublicArea {
  readonly type: 'rsa';
  readonly symmetric: { readonly algorithm: number; readonly keyBits: number; readonly mode: number };
  readonly scheme: number;
  readonly keyBits: number;
  /** 0 means 65,537. */
  readonly exponent: number;
  /** Big-endian, as the TPM sent it. */
  readonly modulus: Uint8Array;
}

export interface OtherPublicArea extends AnyPublicArea {
  readonly type: 'other';
  /** TPM_ALG_ID of the object. */
  readonly algorithm: number;
}

export type PublicArea = RsaPublicArea | OtherPublicArea;

export interface NvPublicArea {
  readonly nvIndex: number;
  /** TPMA_NV (Part 2, 13.4). */
  readonly attributes: number;
  /** Bytes. */
  readonly dataSize: number;
}

/** Larger than any public area a TPM can hold (RSA 4096 needs 588 bytes). */
const MAX_PUBLIC_BYTES = 1024;

/** Rule H2. Throws TpmError `answer-malformed` with the reason. */
export function parsePublic(tpm2bPublic: Uint8Array): PublicArea {
  checkSize(tpm2bPublic, 'TPM2B_PUBLIC', MAX_PUBLIC_BYTES);
  const area = unmarshal(new TPM2B_PUBLIC(), tpm2bPublic, 'TPM2B_PUBLIC').publicArea;
  const common = {
    nameAlg: area.nameAlg,
    attributes: area.objectAttributes >>> 0,
    authPolicy: Uint8Array.from(area.authPolicy),
  };
  const { parameters, unique } = area;
  if (!(parameters instanceof TPMS_RSA_PARMS) || !(unique instanceof TPM2B_PUBLIC_KEY_RSA)) {
    return { type: 'other', algorithm: area.type, ...common };
  }
  const { algorithm, keyBits, mode } = parameters.symmetric;
  return {
    type: 'rsa',
    ...common,
    symmetric: { algorithm, keyBits, mode },
    scheme: parameters.schemeScheme,
    keyBits: parameters.keyBits,
    exponent: parameters.exponent >>> 0,
    modulus: Uint8Array.from(unique.buffer),
  };
}

/** A TPM2B_PUBLIC for an RSA storage key without scheme, e.g. a template; `modulus` is the `unique` field. */
export function marshalRsaStorageKey(
  area: Pick<RsaPublicArea, 'nameAlg' | 'attributes' | 'authPolicy' | 'symmetric' | 'keyBits' | 'modulus'>,
): Uint8Array {
  const { algorithm, keyBits, mode } = area.symmetric;
  const parameters = new TPMS_RSA_PARMS(
    new TPMT_SYM_DEF_OBJECT(algorithm, keyBits, mode),
    new TPMS_NULL_ASYM_SCHEME(),
    area.keyBits,
    0,
  );
  const unique = new TPM2B_PUBLIC_KEY_RSA(Buffer.from(area.modulus));
  const policy = Buffer.from(area.authPolicy);
  return marshal(
    new TPM2B_PUBLIC(new TPMT_PUBLIC(area.nameAlg, area.attributes, policy, parameters, unique)),
  );
}

/** Throws TpmError `answer-malformed` with the reason. */
export function parseNvPublic(tpm2bNvPublic: Uint8Array): NvPublicArea {
  checkSize(tpm2bNvPublic, 'TPM2B_NV_PUBLIC', 128);
  const area = unmarshal(new TPM2B_NV_PUBLIC(), tpm2bNvPublic, 'TPM2B_NV_PUBLIC').nvPublic;
  return {
    nvIndex: area.nvIndex.handle >>> 0,
    attributes: area.attributes >>> 0,
    dataSize: area.dataSize,
  };
}

interface Structure {
  initFromTpm(buffer: TpmBuffer): void;
  toTpm(buffer: TpmBuffer): void;
}

function checkSize(bytes: Uint8Array, name: string, most: number): void {
  if (bytes.length > most) throw new TpmError('answer-malformed', `${name} is longer than ${most} bytes`);
  const reader = new ByteReader(bytes, name);
  if (reader.sized().length === 0) throw new TpmError('answer-malformed', `${name} is empty`);
  reader.end();
}

function unmarshal<T extends Structure>(structure: T, bytes: Uint8Array, name: string): T {
  return withoutBufferWarning(() => {
    const buffer = new TpmBuffer(Buffer.from(bytes));
    try {
      structure.initFromTpm(buffer);
    } catch (cause) {
      throw new TpmError('answer-malformed', `${name} holds values that TPM 2.0 does not define`, { cause });
    }
    if (!buffer.isOk() || buffer.curPos !== bytes.length) {
      throw new TpmError('answer-malformed', `the fields of ${name} do not fill its size`);
    }
    if (!sameBytes(marshal(structure), bytes)) {
      throw new TpmError('answer-malformed', `${name} marshals to other bytes than it was read from`);
    }
    return structure;
  });
}

function marshal(structure: Structure): Uint8Array {
  return withoutBufferWarning(() => {
    const buffer = new TpmBuffer();
    structure.toTpm(buffer);
    if (!buffer.isOk()) throw new RangeError('structure larger than a TPM command');
    return Uint8Array.from(buffer.trim());
  });
}

/** tpm2-ts allocates by `new Buffer()`; once bundled, Node would print DEP0005 on every start. */
function withoutBufferWarning<T>(work: () => T): T {
  const before = process.noDeprecation;
  process.noDeprecation = true;
  try {
    return work();
  } finally {
    process.noDeprecation = before ?? false;
  }
}
