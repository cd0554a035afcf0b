/**
 * Rule H9: DPS's TPM attestation takes an RSA 2048 key with nameAlg SHA-256 that is restricted, decrypts, does not
 * sign and carries the EK profile's PolicyA. A key that could leave its TPM (no fixedTPM) is no endorsement key.
 */
import { sameBytes } from './bytes.ts';
import { POLICY_A } from './ek-templates.ts';
import { type PublicArea, TPM_ALG, TPMA_OBJECT } from './structures.ts';

export type EkFit = { readonly fit: true } | { readonly fit: false; readonly reasons: readonly string[] };

export function checkEkFit(area: PublicArea): EkFit {
  const reasons = area.type === 'rsa' ? [] : ['it is not an RSA key'];
  if (area.type === 'rsa') {
    if (area.keyBits !== 2048) reasons.push(`it has ${area.keyBits} bits instead of 2048`);
    else if (!isModulus(area.modulus)) reasons.push('its modulus is not a 2048-bit number');
  }
  if (area.nameAlg !== TPM_ALG.SHA256) reasons.push('its name algorithm is not SHA-256');
  if (!(area.attributes & TPMA_OBJECT.fixedTPM)) reasons.push('it is not bound to its TPM');
  if (!(area.attributes & TPMA_OBJECT.restricted)) reasons.push('it is not restricted');
  if (!(area.attributes & TPMA_OBJECT.decrypt)) reasons.push('it cannot decrypt');
  if (area.attributes & TPMA_OBJECT.sign) reasons.push('it can sign');
  if (!sameBytes(area.authPolicy, POLICY_A)) reasons.push('its policy is not PolicyA of the EK profile');
  return reasons.length === 0 ? { fit: true } : { fit: false, reasons };
}

/** 256 bytes, highest bit set, odd: a template's zeros or a damaged key are none. */
function isModulus(bytes: Uint8Array): boolean {
  return bytes.length === 256 && bytes[0]! >= 0x80 && bytes[255]! % 2 === 1;
}
