/**
 * An endorsement key in the forms in which tools and TPM makers hand one over, made into TPM2B_PUBLIC: that itself, a
 * TPMT_PUBLIC without its size, and, by TCG's template L-1 (EK Credential Profile B.3.3), an RSA public key in SPKI
 * (DER or PEM) or its modulus alone; each in base64 or hex. A key of another template would make other bytes, and nothing
 * in a modulus says which one it was: whoever takes the key over says so. The text is untrusted (rules H2, H9).
 */
import { createPublicKey } from 'node:crypto';
import { EK_TEMPLATES } from '../tpm/ek-templates.ts';
import { marshalStorageKey } from '../tpm/structures.ts';
import {
  type EndorsementKeyText,
  type EndorsementKeyTextCode,
  parseEndorsementKeyText,
} from './endorsement-key-text.ts';

export type EndorsementKeyForm = 'tpm2b-public' | 'tpmt-public' | 'spki' | 'modulus';

type Parsed = Extract<EndorsementKeyText, { readonly ok: true }>;

export type EndorsementKeyReading =
  | (Parsed & { readonly form: EndorsementKeyForm })
  | {
      readonly ok: false;
      readonly code: EndorsementKeyTextCode | 'certificate';
      readonly detail: string;
    };

const MODULUS_BYTES = 256;
/** 65,537, which TPM2B_PUBLIC writes as 0. */
const EXPONENT = 'AQAB';
const LONGEST_TEXT = 20_000;

export function readEndorsementKey(text: string): EndorsementKeyReading {
  if (text.length > LONGEST_TEXT)
    return { ok: false, code: 'malformed', detail: `the text has ${text.length} characters` };
  const trimmed = text.trim();
  const asItIs = parseEndorsementKeyText(trimmed);
  if (asItIs.ok) return { ...asItIs, form: 'tpm2b-public' };
  if (/^-----BEGIN /.test(trimmed)) return ofPem(trimmed);
  const bytes = bytesOf(trimmed);
  if (!bytes) return asItIs;
  if (bytes[0] === 0x30) return ofDer(bytes);
  if (bytes.length === MODULUS_BYTES) return ofModulus(bytes, 'modulus');
  // DER and many tools put a zero before a number whose first bit is set.
  if (bytes.length === MODULUS_BYTES + 1 && bytes[0] === 0) return ofModulus(bytes.subarray(1), 'modulus');
  const again = parseEndorsementKeyText(bytes.toString('base64'));
  if (again.ok) return { ...again, form: 'tpm2b-public' };
  if (again.code !== 'bare-tpmt-public') return again;
  const size = Buffer.alloc(2);
  size.writeUInt16BE(bytes.length & 0xffff);
  const sized = parseEndorsementKeyText(Buffer.concat([size, bytes]).toString('base64'));
  return sized.ok ? { ...sized, form: 'tpmt-public' } : sized;
}

/** Hex may have `0x` before it, and colons or blanks between its bytes, as openssl prints it. */
function bytesOf(text: string): Buffer | undefined {
  const hex = text.replace(/^(?:Modulus=|0x)/i, '').replaceAll(/[\s:]/g, '');
  if (hex.length >= 64 && hex.length % 2 === 0 && /^[0-9a-f]+$/i.test(hex)) return Buffer.from(hex, 'hex');
  const base64 = text.replaceAll(/\s/g, '');
  if (base64 === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 ? bytes : undefined;
}

function ofPem(text: string): EndorsementKeyReading {
  const label = /^-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(text)?.[1];
  if (label === 'CERTIFICATE') return aCertificate();
  if (label !== 'PUBLIC KEY')
    return {
      ok: false,
      code: 'spki',
      detail: `this is PEM of ${label ?? 'no known kind'}, not a PUBLIC KEY`,
    };
  // Spreadsheets and scripts write line breaks as two characters.
  const body = text.replaceAll('\\n', '\n').replaceAll(/-----(?:BEGIN|END) PUBLIC KEY-----|\s/g, '');
  const der = bytesOf(body);
  return der
    ? ofDer(der)
    : { ok: false, code: 'spki', detail: 'the base64 between the PEM lines is not whole' };
}

function ofDer(der: Buffer): EndorsementKeyReading {
  // Certificate ::= SEQUENCE { tbsCertificate SEQUENCE { version [0] … (RFC 5280 section 4.1).
  if (/^3082....3082....a003/s.test(der.subarray(0, 10).toString('hex'))) return aCertificate();
  let key: { readonly n?: string; readonly e?: string };
  try {
    key = createPublicKey({ key: der, format: 'der', type: 'spki' }).export({ format: 'jwk' });
  } catch {
    return { ok: false, code: 'spki', detail: 'this begins as DER does and is no SubjectPublicKeyInfo' };
  }
  if (key.n === undefined)
    return { ok: false, code: 'unfit', detail: 'DPS cannot use this key: it is not RSA' };
  if (key.e !== EXPONENT)
    return {
      ok: false,
      code: 'unfit',
      detail: 'its exponent is not 65,537, which every RSA endorsement key has',
    };
  return ofModulus(Buffer.from(key.n, 'base64url'), 'spki');
}

function ofModulus(modulus: Buffer, form: EndorsementKeyForm): EndorsementKeyReading {
  if (modulus.length !== MODULUS_BYTES)
    return {
      ok: false,
      code: 'unfit',
      detail: `DPS cannot use this key: it has ${modulus.length * 8} bits instead of 2048`,
    };
  const template = EK_TEMPLATES[0]!.key;
  if (template.type !== 'rsa') throw new Error('L-1 is an RSA template');
  const marshalled = marshalStorageKey({ ...template, modulus });
  const parsed = parseEndorsementKeyText(Buffer.from(marshalled).toString('base64'));
  return parsed.ok ? { ...parsed, form } : parsed;
}

function aCertificate(): EndorsementKeyReading {
  return {
    ok: false,
    code: 'certificate',
    detail: 'this is an X.509 certificate; give the endorsement key, or its public key, instead',
  };
}
