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
  TPMS_ECC_PARMS,
  TPMS_ECC_POINT,
  TPMS_NULL_ASYM_SCHEME,
  TPMS_NULL_KDF_SCHEME,
  TPMS_RSA_PARMS,
  TPMT_PUBLIC,
  TPMT_SYM_DEF_OBJECT,
} from 'tpm2-ts/lib/TpmTypes.js';
import { ByteReader, sameBytes } from './bytes.ts';
import { TpmError } from './errors.ts';

silenceBufferWarning();

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

/** TPM_ECC_CURVE (Part 2, 6.4): those of the EK Credential Profile, SM2 apart. */
export const TPM_ECC = { NIST_P256: 0x0003, NIST_P384: 0x0004, NIST_P521: 0x0005 } as const;

/** TPMA_OBJECT bits (Part 2, 8.3). */
export const TPMA_OBJECT = {
  fixedTPM: 0x2,
  fixedParent: 0x10,
  sensitiveDataOrigin: 0x20,
  userWithAuth: 0x40,
  adminWithPolicy: 0x80,
  noDA: 0x400,
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

interface AnyAsymmetricKey extends AnyPublicArea {
  /** For what the key protects as a parent or in a credential; algorithm NULL where it is no storage key. */
  readonly symmetric: { readonly algorithm: number; readonly keyBits: number; readonly mode: number };
  readonly scheme: number;
}

export interface RsaPublicArea extends AnyAsymmetricKey {
  readonly type: 'rsa';
  readonly keyBits: number;
  /** 0 means 65,537. */
  readonly exponent: number;
  /** Big-endian, as the TPM sent it. */
  readonly modulus: Uint8Array;
}

export interface EccPublicArea extends AnyAsymmetricKey {
  readonly type: 'ecc';
  /** TPM_ECC_CURVE. */
  readonly curve: number;
  readonly kdf: number;
  /** Big-endian, as the TPM sent them. */
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

export interface OtherPublicArea extends AnyPublicArea {
  readonly type: 'other';
  /** TPM_ALG_ID of the object. */
  readonly algorithm: number;
}

export type PublicArea = RsaPublicArea | EccPublicArea | OtherPublicArea;

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
  if (parameters instanceof TPMS_RSA_PARMS && unique instanceof TPM2B_PUBLIC_KEY_RSA) {
    return {
      type: 'rsa',
      ...common,
      symmetric: symmetricOf(parameters),
      scheme: parameters.schemeScheme,
      keyBits: parameters.keyBits,
      exponent: parameters.exponent >>> 0,
      modulus: Uint8Array.from(unique.buffer),
    };
  }
  if (parameters instanceof TPMS_ECC_PARMS && unique instanceof TPMS_ECC_POINT) {
    return {
      type: 'ecc',
      ...common,
      symmetric: symmetricOf(parameters),
      scheme: parameters.schemeScheme,
      curve: parameters.curveID,
      kdf: parameters.kdfScheme,
      x: Uint8Array.from(unique.x),
      y: Uint8Array.from(unique.y),
    };
  }
  return { type: 'other', algorithm: area.type, ...common };
}

function symmetricOf({ symmetric }: TPMS_RSA_PARMS | TPMS_ECC_PARMS): AnyAsymmetricKey['symmetric'] {
  const { algorithm, keyBits, mode } = symmetric;
  return { algorithm, keyBits, mode };
}

/** What a storage key's TPM2B_PUBLIC is made of; scheme and kdf are NULL, an RSA exponent is 65,537. */
export type StorageKey =
  | Pick<
      RsaPublicArea,
      'type' | 'nameAlg' | 'attributes' | 'authPolicy' | 'symmetric' | 'keyBits' | 'modulus'
    >
  | Pick<EccPublicArea, 'type' | 'nameAlg' | 'attributes' | 'authPolicy' | 'symmetric' | 'curve' | 'x' | 'y'>;

/** TPM2B_PUBLIC, e.g. of a template: `modulus`, or `x` and `y`, are then its `unique` field. */
export function marshalStorageKey(key: StorageKey): Uint8Array {
  const { algorithm, keyBits, mode } = key.symmetric;
  const symmetric = new TPMT_SYM_DEF_OBJECT(algorithm, keyBits, mode);
  const scheme = new TPMS_NULL_ASYM_SCHEME();
  const parameters =
    key.type === 'rsa'
      ? new TPMS_RSA_PARMS(symmetric, scheme, key.keyBits, 0)
      : new TPMS_ECC_PARMS(symmetric, scheme, key.curve, new TPMS_NULL_KDF_SCHEME());
  const unique =
    key.type === 'rsa'
      ? new TPM2B_PUBLIC_KEY_RSA(Buffer.from(key.modulus))
      : new TPMS_ECC_POINT(Buffer.from(key.x), Buffer.from(key.y));
  const policy = Buffer.from(key.authPolicy);
  const area = new TPMT_PUBLIC(key.nameAlg, key.attributes, policy, parameters, unique);
  const marshalled = marshal(new TPM2B_PUBLIC(area), MAX_PUBLIC_BYTES);
  if (marshalled === undefined) throw new RangeError('a public area larger than any TPM can hold');
  return marshalled;
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
  const buffer = new TpmBuffer(Buffer.from(bytes));
  try {
    structure.initFromTpm(buffer);
  } catch (cause) {
    throw new TpmError('answer-malformed', `${name} holds values that TPM 2.0 does not define`, { cause });
  }
  if (!buffer.isOk() || buffer.curPos !== bytes.length) {
    throw new TpmError('answer-malformed', `the fields of ${name} do not fill its size`);
  }
  const again = marshal(structure, bytes.length);
  if (again === undefined || !sameBytes(again, bytes)) {
    throw new TpmError('answer-malformed', `${name} marshals to other bytes than it was read from`);
  }
  return structure;
}

/** Undefined where it takes more than `most` bytes. */
function marshal(structure: Structure, most: number): Uint8Array | undefined {
  const buffer = new TpmBuffer(most);
  structure.toTpm(buffer);
  return buffer.isOk() ? Uint8Array.from(buffer.trim()) : undefined;
}

/**
 * tpm2-ts allocates by `new Buffer()`. Node warns of that once in a process (DEP0005), and until then looks through the
 * stack at every allocation: so the warning is given here, to nobody.
 */
function silenceBufferWarning(): void {
  const before = process.noDeprecation;
  process.noDeprecation = true;
  try {
    Reflect.construct(Buffer, [0]);
  } finally {
    process.noDeprecation = before ?? false;
  }
}
