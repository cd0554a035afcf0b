/** The certificates and revocation lists in one file of a trust store: DER, or PEM (RFC 7468) with any number and text in between. */
import { firstDerElement } from '../tpm/der.ts';
import { TAG } from './asn1-values.ts';
import type { TrustErrorCode } from './errors.ts';
import { isRevocationList } from './parse-revocation-list.ts';

export interface FileContent {
  readonly certificates: readonly Uint8Array[];
  readonly lists: readonly Uint8Array[];
  readonly wrong: readonly { readonly code: TrustErrorCode; readonly detail: string }[];
}

const labels: ReadonlySet<string> = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'X509 CRL']);
const BEGIN = /-----BEGIN ([A-Z0-9 ]{1,60})-----/g;

export function readCertificateFile(content: Uint8Array): FileContent {
  const whole = firstDerElement(content);
  if (whole?.tag === TAG.SEQUENCE && whole.whole.length === content.length)
    return isRevocationList(content)
      ? { certificates: [], lists: [content], wrong: [] }
      : { certificates: [content], lists: [], wrong: [] };
  const text = Buffer.from(content).toString('latin1');
  const blocks = [...text.matchAll(BEGIN)].map((begin, index) =>
    readBlock(text, { label: begin[1]!, from: begin.index + begin[0].length, number: index + 1 }),
  );
  if (blocks.length === 0)
    return {
      certificates: [],
      lists: [],
      wrong: [{ code: 'no-certificate', detail: 'neither PEM nor DER' }],
    };
  return {
    certificates: blocks.flatMap(block => ('der' in block && !block.isList ? [block.der] : [])),
    lists: blocks.flatMap(block => ('der' in block && block.isList ? [block.der] : [])),
    wrong: blocks.filter(block => 'code' in block),
  };
}

function readBlock(
  text: string,
  { label, from, number }: { readonly label: string; readonly from: number; readonly number: number },
):
  | { readonly der: Uint8Array; readonly isList: boolean }
  | { readonly code: TrustErrorCode; readonly detail: string } {
  if (!labels.has(label)) return { code: 'pem-foreign', detail: `block ${number} is a ${label}` };
  const damaged = { code: 'pem-damaged', detail: `block ${number} is damaged` } as const;
  const end = text.indexOf(`-----END ${label}-----`, from);
  if (end < 0) return damaged;
  const base64 = text.slice(from, end).replace(/\s+/g, '');
  if (base64 === '' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return damaged;
  return { der: Buffer.from(base64, 'base64'), isList: label === 'X509 CRL' };
}
