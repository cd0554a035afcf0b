/**
 * Entity tags of enrollments. In a record's body `etag` is base64 of a quoted tag, for instance
 * `IjA5MDA1OWI3LTAwMDAtMDgwMC0wMDAwLTY0NjgwMWYyMDAwMCI=` for `"090059b7-0000-0800-0000-646801f20000"`.
 * Clients send it back in If-Match as it is (Node, Python), or as the plain quoted tag that older documents show. The C#
 * SDK put quotes around the base64, which the service refused as "ETag is invalid"; so does this. The header is untrusted.
 */
import { randomBytes } from 'node:crypto';

/** A new tag in the form that the body carries. */
export function newEntityTag(epochMs: number): string {
  const seconds = Math.floor(epochMs / 1000)
    .toString(16)
    .padStart(8, '0');
  return Buffer.from(`"${randomBytes(4).toString('hex')}-0000-0800-0000-${seconds}0000"`).toString('base64');
}

/** What an If-Match header, or a bulk item's `etag`, asks for. */
export type Precondition =
  | { readonly kind: 'none' }
  | { readonly kind: 'any' }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'malformed' };

export function readPrecondition(text: string | undefined): Precondition {
  if (text === undefined) return { kind: 'none' };
  const trimmed = text.trim();
  if (trimmed === '*') return { kind: 'any' };
  const tag = innerTag(trimmed);
  return tag === undefined ? { kind: 'malformed' } : { kind: 'tag', tag };
}

/** Whether the tag asked for is the one that a record carries. */
export function tagFits(asked: string, recordEtag: string): boolean {
  return innerTag(recordEtag) === asked;
}

function innerTag(text: string): string | undefined {
  const quoted = unquoted(text);
  if (quoted === undefined) return decodedTag(text);
  return decodedTag(quoted) === undefined ? quoted : undefined;
}

function decodedTag(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  return unquoted(Buffer.from(text, 'base64').toString('latin1'));
}

function unquoted(text: string): string | undefined {
  return /^"([\x21\x23-\x7e]+)"$/.exec(text)?.[1];
}
