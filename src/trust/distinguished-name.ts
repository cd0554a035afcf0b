/**
 * Distinguished names (RFC 5280, 4.1.2.4) and their comparison (7.1): attributes of string types are equal without
 * regard to case, to blanks at the ends and to how many stand between words, whichever string type each is in.
 */
import { cleanText } from '../tpm/clean-text.ts';
import type { DerElement } from '../tpm/der.ts';
import { CertificateMalformed, elementsOf, objectIdentifier, stringOf, TAG, tagged } from './asn1-values.ts';

export interface NameAttribute {
  readonly type: string;
  /** Undefined where it is not of a string type. */
  readonly text: string | undefined;
}

export interface DistinguishedName {
  readonly attributes: readonly NameAttribute[];
  /** Equal for equal names; empty for the name of nobody. */
  readonly canonical: string;
  /** For people, cleaned of control characters; `(no name)` where it is empty. */
  readonly text: string;
}

const shortNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
};

/** Far longer than any is: a name is read whole, and a list of 1 MiB could be one name. */
const LONGEST_BYTES = 8192;

export function readName(element: DerElement | undefined, what: string): DistinguishedName {
  if (element && element.content.length > LONGEST_BYTES)
    throw new CertificateMalformed(`${what} has ${element.content.length} bytes`);
  const attributes: NameAttribute[] = [];
  const canonical: string[][] = [];
  for (const relative of elementsOf(tagged(element, TAG.SEQUENCE, what), what)) {
    const read = elementsOf(tagged(relative, TAG.SET, what), what).map(item => readAttribute(item, what));
    if (read.length === 0) throw new CertificateMalformed(`${what} has an empty part`);
    attributes.push(...read.map(({ attribute }) => attribute));
    canonical.push(read.map(part => part.canonical).sort());
  }
  const text = attributes.map(({ type, text }) => `${shortNames[type] ?? type}=${text ?? '?'}`).join(', ');
  return {
    attributes,
    canonical: attributes.length === 0 ? '' : JSON.stringify(canonical),
    text: attributes.length === 0 ? '(no name)' : cleanText(text, 300),
  };
}

function readAttribute(
  item: DerElement,
  what: string,
): { readonly attribute: NameAttribute; readonly canonical: string } {
  const [type, value, ...more] = elementsOf(tagged(item, TAG.SEQUENCE, what), what);
  if (value === undefined || more.length > 0)
    throw new CertificateMalformed(`${what} has a part that is no attribute`);
  const attribute = { type: objectIdentifier(type, what), text: stringOf(value, what) };
  const comparable =
    attribute.text === undefined
      ? `#${Buffer.from(value.whole).toString('hex')}`
      : `=${attribute.text.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ')}`;
  return { attribute, canonical: `${attribute.type}${comparable}` };
}
