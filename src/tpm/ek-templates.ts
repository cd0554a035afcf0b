/**
 * The templates of TCG's EK Credential Profile for TPM Family 2.0 (B.3, B.4), low and high range, SM2 apart: how each key
 * is made, which certificate belongs to it, and which of them a public area fits. `unique` decides the key but is not
 * kept in it, so a key is said to *fit* a template, no more.
 */
import { sameBytes } from './bytes.ts';
import { ekPolicies } from './ek-policies.ts';
import { marshalStorageKey, type PublicArea, type StorageKey, TPM_ALG, TPM_ECC } from './structures.ts';

export type EkTemplateName = 'L-1' | 'L-2' | 'H-1' | 'H-2' | 'H-3' | 'H-4' | 'H-6' | 'H-7';
/** `unknown` = a key that fits none of the templates. */
export type EkTemplate = EkTemplateName | 'unknown';

export interface EkTemplateRow {
  readonly name: EkTemplateName;
  /** NV index of the certificate for a key made from it. */
  readonly certificateIndex: number;
  readonly key: StorageKey;
}

/** PolicySecret(TPM_RH_ENDORSEMENT), SHA-256: PolicyA of the profile. */
export const POLICY_A: Uint8Array = ekPolicies(TPM_ALG.SHA256)!.a;

/** fixedTPM, fixedParent, sensitiveDataOrigin, adminWithPolicy, restricted, decrypt. */
const LOW_RANGE_ATTRIBUTES = 0x000300b2;
/** The same and userWithAuth. */
const HIGH_RANGE_ATTRIBUTES = 0x000300f2;

const { SHA256, SHA384, SHA512 } = TPM_ALG;
const { NIST_P256, NIST_P384, NIST_P521 } = TPM_ECC;
const none = new Uint8Array();

export const EK_TEMPLATES: readonly EkTemplateRow[] = [
  row('L-1', 0x01c00002, lowRange(rsa(2048, new Uint8Array(256)))),
  row('L-2', 0x01c0000a, lowRange(ecc(NIST_P256, new Uint8Array(32)))),
  row('H-1', 0x01c00012, highRange(SHA256, rsa(2048, none))),
  row('H-2', 0x01c00014, highRange(SHA256, ecc(NIST_P256, none))),
  row('H-3', 0x01c00016, highRange(SHA384, ecc(NIST_P384, none))),
  row('H-4', 0x01c00018, highRange(SHA512, ecc(NIST_P521, none))),
  row('H-6', 0x01c0001c, highRange(SHA384, rsa(3072, none))),
  row('H-7', 0x01c0001e, highRange(SHA384, rsa(4096, none))),
];

/** TPM2B_PUBLIC of template L-1: RSA 2048, PolicyA, `unique` of 256 zero bytes. */
export const EK_TEMPLATE_L1: Uint8Array = marshalStorageKey(EK_TEMPLATES[0]!.key);

/**
 * L-1 but for an empty `unique`, from which Microsoft's DPS SDKs for C and Node make a key where none is persisted
 * (Azure/azure-iot-sdk-c#2329): on every TPM another key than the one of L-1, and never the one its maker certified.
 */
export const SDK_EMPTY_UNIQUE_TEMPLATE: Uint8Array = marshalStorageKey(lowRange(rsa(2048, none)));

export function recogniseEkTemplate(area: PublicArea): EkTemplate {
  return EK_TEMPLATES.find(({ key }) => fits(area, key))?.name ?? 'unknown';
}

type Shape =
  | { readonly type: 'rsa'; readonly keyBits: number; readonly modulus: Uint8Array }
  | { readonly type: 'ecc'; readonly curve: number; readonly x: Uint8Array; readonly y: Uint8Array };

function rsa(keyBits: number, modulus: Uint8Array): Shape {
  return { type: 'rsa', keyBits, modulus };
}

function ecc(curve: number, coordinate: Uint8Array): Shape {
  return { type: 'ecc', curve, x: coordinate, y: coordinate };
}

function lowRange(shape: Shape): StorageKey {
  const symmetric = { algorithm: TPM_ALG.AES, keyBits: 128, mode: TPM_ALG.CFB };
  return { ...shape, nameAlg: SHA256, attributes: LOW_RANGE_ATTRIBUTES, authPolicy: POLICY_A, symmetric };
}

function highRange(nameAlg: number, shape: Shape): StorageKey {
  const symmetric = { algorithm: TPM_ALG.AES, keyBits: nameAlg === SHA256 ? 128 : 256, mode: TPM_ALG.CFB };
  const authPolicy = ekPolicies(nameAlg)!.b;
  return { ...shape, nameAlg, attributes: HIGH_RANGE_ATTRIBUTES, authPolicy, symmetric };
}

function row(name: EkTemplateName, certificateIndex: number, key: StorageKey): EkTemplateRow {
  return { name, certificateIndex, key };
}

const curveNames: Readonly<Record<number, string>> = {
  [NIST_P256]: 'P-256',
  [NIST_P384]: 'P-384',
  [NIST_P521]: 'P-521',
};

/** E.g. `RSA 2048`, `ECC P-384`, `algorithm 0x8`. */
export function keyKind(key: PublicArea): string {
  if (key.type === 'rsa') return `RSA ${key.keyBits}`;
  if (key.type === 'ecc') return `ECC ${curveNames[key.curve] ?? `curve 0x${key.curve.toString(16)}`}`;
  return `algorithm 0x${key.algorithm.toString(16)}`;
}

function fits(area: PublicArea, key: StorageKey): boolean {
  if (area.type === 'other' || area.type !== key.type) return false;
  return (
    area.nameAlg === key.nameAlg &&
    area.attributes === key.attributes &&
    sameBytes(area.authPolicy, key.authPolicy) &&
    area.scheme === TPM_ALG.NULL &&
    area.symmetric.algorithm === key.symmetric.algorithm &&
    area.symmetric.keyBits === key.symmetric.keyBits &&
    area.symmetric.mode === key.symmetric.mode &&
    (area.type === 'rsa'
      ? key.type === 'rsa' && area.keyBits === key.keyBits && area.exponent === 0
      : key.type === 'ecc' && area.curve === key.curve && area.kdf === TPM_ALG.NULL)
  );
}
