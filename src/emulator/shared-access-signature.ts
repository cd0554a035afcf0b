/**
 * Judges `Authorization: SharedAccessSignature sr=…&sig=…&skn=…&se=…` (DPS, "Control access"): fields in any order, `sr`
 * URL-encoded or not, the signature over `sr` exactly as it stands in the token, expiry in Unix seconds. A token for a
 * host, or for a path in whole segments, covers everything below it. The header is untrusted.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AccessPolicy, Right } from './access-policies.ts';
import type { AccessRequest } from './access-request.ts';
import { type Refusal, unauthorized } from './refusal.ts';

/** The rights of the policy that the token was made with; 401002 where it is none of theirs, or not for this request. */
export function judgeSignature(
  policies: readonly AccessPolicy[],
  request: AccessRequest,
): readonly Right[] | Refusal {
  const token = readToken(request.authorization);
  if (token === undefined) return unauthorized();
  const policy = policies.find(candidate => candidate.name === token.skn);
  if (policy === undefined) return unauthorized();
  if (![policy.key, policy.secondaryKey].some(key => signatureFits(token, key))) return unauthorized();
  if (token.se <= request.now) return unauthorized('Unauthorized: the token has expired.');
  return covers(token.sr, request)
    ? policy.rights
    : unauthorized('Unauthorized: the token is for another resource.');
}

interface Token {
  /** As it stands in the token, because the signature is over these characters. */
  readonly sr: string;
  readonly se: number;
  readonly seText: string;
  readonly skn: string;
  readonly sig: Buffer;
}

function readToken(header: string | undefined): Token | undefined {
  const fieldList = /^SharedAccessSignature\s+(\S+)$/i.exec(header ?? '')?.[1];
  if (fieldList === undefined) return undefined;
  const fields = new Map<string, string>();
  for (const field of fieldList.split('&')) {
    const at = field.indexOf('=');
    const name = field.slice(0, at);
    if (at < 1 || fields.has(name)) return undefined;
    fields.set(name, field.slice(at + 1));
  }
  const sr = fields.get('sr');
  const seText = fields.get('se');
  const sig = decoded(fields.get('sig'));
  const skn = decoded(fields.get('skn'));
  if (sr === undefined || seText === undefined || sig === undefined || skn === undefined) return undefined;
  if (!/^\d{1,12}$/.test(seText)) return undefined;
  return { sr, se: Number(seText), seText, skn, sig: Buffer.from(sig, 'base64') };
}

function signatureFits(token: Token, key: string): boolean {
  const expected = createHmac('sha256', Buffer.from(key, 'base64'))
    .update(`${token.sr}\n${token.seText}`)
    .digest();
  return token.sig.length === expected.length && timingSafeEqual(token.sig, expected);
}

function covers(sr: string, request: AccessRequest): boolean {
  const resource = decoded(sr)?.toLowerCase().replace(/\/+$/, '');
  if (resource === undefined) return false;
  const path = (decoded(request.path) ?? request.path).toLowerCase();
  return request.hosts.some(host => {
    if (resource === host) return true;
    return `${host}${path}/`.startsWith(`${resource}/`);
  });
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
