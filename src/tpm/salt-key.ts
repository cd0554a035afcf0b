/**
 * The key that the salt of an HMAC session is encrypted for where the TPM holds no endorsement key yet: a primary object of
 * the null hierarchy, which needs no password and is gone at the next restart. P-256, because that takes a TPM no search
 * for primes. Its policy is a digest that nothing can meet and nobody else has: it is how a run knows its own key again
 * after a kill. Nothing vouches for this key: see "A hierarchy's password" in README.md.
 */
import { createHash } from 'node:crypto';
import { sameBytes } from './bytes.ts';
import { TpmError } from './errors.ts';
import {
  type EccPublicArea,
  marshalStorageKey,
  parsePublic,
  TPM_ALG,
  TPM_ECC,
  TPMA_OBJECT,
} from './structures.ts';

/** TPM2B_PUBLIC. */
export const SALT_KEY_TEMPLATE: Uint8Array = marshalStorageKey({
  type: 'ecc',
  nameAlg: TPM_ALG.SHA256,
  attributes:
    TPMA_OBJECT.fixedTPM |
    TPMA_OBJECT.fixedParent |
    TPMA_OBJECT.sensitiveDataOrigin |
    TPMA_OBJECT.userWithAuth |
    TPMA_OBJECT.noDA |
    TPMA_OBJECT.restricted |
    TPMA_OBJECT.decrypt,
  authPolicy: createHash('sha256').update('Keyline salt key for HMAC sessions').digest(),
  symmetric: { algorithm: TPM_ALG.AES, keyBits: 128, mode: TPM_ALG.CFB },
  curve: TPM_ECC.NIST_P256,
  x: new Uint8Array(),
  y: new Uint8Array(),
});

/** TPMT_PUBLIC up to its `unique`, which ends the template as two empty TPM2B. */
const withoutUnique = SALT_KEY_TEMPLATE.subarray(2, SALT_KEY_TEMPLATE.length - 4);

/** @param tpm2bPublic of any object */
export function isSaltKey(tpm2bPublic: Uint8Array): boolean {
  return sameBytes(tpm2bPublic.subarray(2, 2 + withoutUnique.length), withoutUnique);
}

/** Throws TpmError `answer-malformed` where the TPM made something else than the template asked for. */
export function saltKeyArea(tpm2bPublic: Uint8Array): EccPublicArea {
  const area = parsePublic(tpm2bPublic);
  if (area.type === 'ecc' && isSaltKey(tpm2bPublic)) return area;
  throw new TpmError('answer-malformed', 'CreatePrimary made another key than the one it was asked for');
}
