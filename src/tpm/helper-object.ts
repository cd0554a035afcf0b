/**
 * The object that a proof of possession is bound to. A credential needs some loaded object's Name; which one proves
 * nothing more or less, because what is proved is that the endorsement key's private half opened the credential. So it is
 * the cheapest that leaves no trace: an HMAC key (no key search in the TPM) in the null hierarchy (no password, gone at
 * every restart) with noDA (its use is never counted towards lockout, rule H1). Its policy is a digest that nothing can
 * meet and nobody else has: it is how a run knows its own object again after a kill.
 */
import { createHash } from 'node:crypto';
import { ByteReader, sameBytes, sized, u16, u32 } from './bytes.ts';
import { TpmError } from './errors.ts';
import { TPM_ALG, TPMA_OBJECT } from './structures.ts';

const ATTRIBUTES =
  TPMA_OBJECT.fixedTPM |
  TPMA_OBJECT.fixedParent |
  TPMA_OBJECT.sensitiveDataOrigin |
  TPMA_OBJECT.userWithAuth |
  TPMA_OBJECT.noDA |
  TPMA_OBJECT.sign;

/** TPMT_PUBLIC without its `unique`. */
const withoutUnique = Buffer.concat([
  u16(TPM_ALG.KEYEDHASH),
  u16(TPM_ALG.SHA256),
  u32(ATTRIBUTES),
  sized(createHash('sha256').update('Keyline helper object for ActivateCredential').digest()),
  u16(TPM_ALG.HMAC),
  u16(TPM_ALG.SHA256),
]);

/** TPM2B_PUBLIC. */
export const HELPER_TEMPLATE: Uint8Array = sized(Buffer.concat([withoutUnique, sized(new Uint8Array())]));

/** @param tpm2bPublic of any object. Throws TpmError `answer-malformed` for what is no TPM2B_PUBLIC at all. */
export function isHelperObject(tpm2bPublic: Uint8Array): boolean {
  const outer = new ByteReader(tpm2bPublic, 'TPM2B_PUBLIC');
  const area = outer.sized();
  outer.end();
  return sameBytes(area.subarray(0, withoutUnique.length), withoutUnique);
}

/** Throws TpmError `answer-malformed` where the TPM made something else than the template asked for. */
export function checkHelperObject(tpm2bPublic: Uint8Array): void {
  if (!isHelperObject(tpm2bPublic)) {
    throw new TpmError('answer-malformed', 'CreatePrimary made another object than the one it was asked for');
  }
}
