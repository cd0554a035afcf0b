/**
 * Templates of TCG's EK Credential Profile for TPM Family 2.0 that Keyline makes (L-1) or recognises (L-1, H-1) in a
 * public area. `unique` decides the key but is not kept in it, so a key is said to *fit* a template, no more.
 */
import { sameBytes } from './bytes.ts';
import { marshalRsaStorageKey, type PublicArea, type RsaPublicArea, TPM_ALG } from './structures.ts';

/** `unknown` = an endorsement key that fits none of the templates known here. */
export type EkTemplate = 'L-1' | 'H-1' | 'unknown';

/** PolicySecret(TPM_RH_ENDORSEMENT), SHA-256: PolicyA of the profile. */
export const POLICY_A = Buffer.from(
  '837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa',
  'hex',
);
/** PolicyOR(PolicyA, PolicyC), SHA-256: PolicyB of the profile. */
const POLICY_B = Buffer.from('ca3d0a99a2b93906f7a3342414efcfb3a385d44cd1fd459089d19b5071c0b7a0', 'hex');

/** fixedTPM, fixedParent, sensitiveDataOrigin, adminWithPolicy, restricted, decrypt. */
const LOW_RANGE_ATTRIBUTES = 0x000300b2;
/** The same and userWithAuth. */
const HIGH_RANGE_ATTRIBUTES = 0x000300f2;

const AES_128_CFB = { algorithm: TPM_ALG.AES, keyBits: 128, mode: TPM_ALG.CFB };

/** TPM2B_PUBLIC of template L-1: RSA 2048, PolicyA, `unique` of 256 zero bytes. */
export const EK_TEMPLATE_L1: Uint8Array = marshalRsaStorageKey({
  nameAlg: TPM_ALG.SHA256,
  attributes: LOW_RANGE_ATTRIBUTES,
  authPolicy: POLICY_A,
  symmetric: AES_128_CFB,
  keyBits: 2048,
  modulus: new Uint8Array(256),
});

export function recogniseEkTemplate(area: PublicArea): EkTemplate {
  if (area.type !== 'rsa' || !isRsa2048StorageKey(area)) return 'unknown';
  if (area.attributes === LOW_RANGE_ATTRIBUTES && sameBytes(area.authPolicy, POLICY_A)) return 'L-1';
  if (area.attributes === HIGH_RANGE_ATTRIBUTES && sameBytes(area.authPolicy, POLICY_B)) return 'H-1';
  return 'unknown';
}

function isRsa2048StorageKey(area: RsaPublicArea): boolean {
  return (
    area.nameAlg === TPM_ALG.SHA256 &&
    area.keyBits === 2048 &&
    area.exponent === 0 &&
    area.scheme === TPM_ALG.NULL &&
    area.symmetric.algorithm === AES_128_CFB.algorithm &&
    area.symmetric.keyBits === AES_128_CFB.keyBits &&
    area.symmetric.mode === AES_128_CFB.mode
  );
}
