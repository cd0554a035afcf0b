/**
 * An endorsement key as files and other tools name one: base64 of TPM2B_PUBLIC. Recognises by name what people hand in
 * instead (a memory dump of old tpm2-tools, an SPKI, a TPMT_PUBLIC without its size), because DPS refuses all of them
 * with the same unhelpful error. Rules H2 and H9 apply as to a key read from a TPM. The text is untrusted.
 */
import { checkEkFit } from '../tpm/ek-fit.ts';
import { type EkTemplate, recogniseEkTemplate } from '../tpm/ek-templates.ts';
import { TpmError } from '../tpm/errors.ts';
import { type PublicArea, parsePublic } from '../tpm/structures.ts';

export type EndorsementKeyTextCode =
  | 'not-base64'
  | 'host-order-struct'
  | 'spki'
  | 'bare-tpmt-public'
  | 'malformed'
  | 'unfit';

export type EndorsementKeyText =
  | {
      readonly ok: true;
      /** Marshalled TPM2B_PUBLIC. */
      readonly bytes: Uint8Array;
      readonly ekTemplate: EkTemplate;
    }
  | { readonly ok: false; readonly code: EndorsementKeyTextCode; readonly detail: string };

export function parseEndorsementKeyText(text: string): EndorsementKeyText {
  const trimmed = text.trim();
  if (/^-----BEGIN /.test(trimmed))
    return refuse('spki', 'this is PEM; DPS needs the TPM2B_PUBLIC in base64');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(trimmed) || trimmed === '') {
    return refuse('not-base64', 'this is not standard base64');
  }
  const bytes = Buffer.from(trimmed, 'base64');
  if (bytes.toString('base64') !== trimmed) return refuse('not-base64', 'this is not canonical base64');
  if (isHostOrderStruct(bytes)) {
    return refuse(
      'host-order-struct',
      'this is a memory dump of an old tpm2-tools (numbers in host order); export the key again in TSS form',
    );
  }
  if (bytes[0] === 0x30)
    return refuse('spki', 'this is an SPKI or certificate in DER; DPS needs TPM2B_PUBLIC');
  if (isBareTpmtPublic(bytes)) {
    return refuse('bare-tpmt-public', 'this is a TPMT_PUBLIC; the 2-byte size before it is missing');
  }
  return judge(bytes);
}

function judge(bytes: Uint8Array): EndorsementKeyText {
  let area: PublicArea;
  try {
    area = parsePublic(bytes);
  } catch (error) {
    if (error instanceof TpmError) return refuse('malformed', error.message);
    throw error;
  }
  const fit = checkEkFit(area);
  if (!fit.fit) return refuse('unfit', `DPS cannot use this key: ${fit.reasons.join('; ')}`);
  return { ok: true, bytes, ekTemplate: recogniseEkTemplate(area) };
}

/** TPM2B_PUBLIC of tss2 in memory, little-endian: size 0x13A, type RSA, nameAlg SHA-256 with C's padding. */
function isHostOrderStruct(bytes: Uint8Array): boolean {
  return Buffer.from('3a01000001000b00', 'hex').equals(bytes.subarray(0, 8));
}

/** Type RSA, nameAlg SHA-256 where the size should be. */
function isBareTpmtPublic(bytes: Uint8Array): boolean {
  return Buffer.from('0001000b', 'hex').equals(bytes.subarray(0, 4));
}

function refuse(code: EndorsementKeyTextCode, detail: string): EndorsementKeyText {
  return { ok: false, code, detail };
}
