/**
 * What the label of a device says: a serial as it stands, or GS1 data of which the serial is one element. GS1 data come as
 * an element string (GS1 General Specifications sections 3.2, 7.8: application identifiers, FNC1 as the character GS) or as
 * a GS1 Digital Link URI (GS1 Digital Link Standard: URI syntax, section 4). The serial is AI (21), the product AI (01).
 * A label is untrusted: a scanner may drop or double characters, and half a serial would be recorded as a whole one.
 * Therefore nothing is guessed: what does not read to its end as GS1 data is refused with what is wrong.
 */
import * as cdigit from 'cdigit';

export type LabelFaultCode = 'label-unreadable' | 'label-without-serial' | 'label-other-product';

export type LabelReading =
  | { readonly kind: 'plain'; readonly serial: string }
  | { readonly kind: 'gs1'; readonly serial: string; readonly gtin?: string }
  | { readonly kind: 'fault'; readonly code: LabelFaultCode; readonly detail: string };

/** Symbology identifiers (ISO/IEC 15424) under which a scanner gives GS1 data: GS1-128, DataBar, DataMatrix, QR, DotCode. */
const symbologyIdentifier = /^\](?:C1|e0|d2|Q3|J1)/;
const GS = '\u001d';

/**
 * @param text as scanned, without the scanner's own prefix and suffix
 * @param gtin 14 digits, of the product that is made: another one on the label is refused, and a label that begins with
 * it is GS1 data also where the scanner does not say so
 */
export function readLabel(text: string, gtin?: string): LabelReading {
  const elements = elementsOf(text, gtin);
  if (elements === undefined) return { kind: 'plain', serial: text };
  if (typeof elements === 'string') return fault('label-unreadable', elements);
  const labelled = elements.get('01');
  if (labelled !== undefined && gtin !== undefined && labelled !== gtin)
    return fault('label-other-product', `the label is of ${labelled}, made is ${gtin}`);
  const serial = elements.get('21');
  if (serial === undefined) return fault('label-without-serial', 'the label has no AI (21)');
  return { kind: 'gs1', serial, ...(labelled === undefined ? {} : { gtin: labelled }) };
}

type Elements = ReadonlyMap<string, string>;

/** The elements by AI, what is wrong with them, or undefined where these are no GS1 data. */
function elementsOf(text: string, gtin: string | undefined): Elements | string | undefined {
  const link = digitalLink(text);
  if (link) return link;
  const identified = symbologyIdentifier.test(text);
  const ofProduct = gtin !== undefined && text.startsWith(`01${gtin}`);
  if (!identified && !ofProduct && !text.includes(GS)) return undefined;
  return elementString(identified ? text.slice(3) : text);
}

function elementString(text: string): Elements | string {
  const elements = new Map<string, string>();
  let at = text.startsWith(GS) ? 1 : 0;
  while (at < text.length) {
    const digits = identifierDigits(text.slice(at, at + 2));
    const identifier = text.slice(at, at + (digits ?? 2));
    if (digits === undefined || !/^\d+$/.test(identifier) || identifier.length < digits)
      return `there is no application identifier ${JSON.stringify(identifier)}`;
    at += digits;
    const separator = text.indexOf(GS, at);
    const rest = separator < 0 ? text.length : separator;
    const fixed = predefinedLength(identifier);
    const end = fixed === undefined ? rest : at + fixed;
    if (end > rest) return `AI (${identifier}) breaks off`;
    const wrong = add(elements, identifier, text.slice(at, end));
    if (wrong) return wrong;
    at = text[end] === GS ? end + 1 : end;
  }
  return elements.size === 0 ? 'it holds nothing' : elements;
}

/** Also the one in a URI of another domain than GS1's: makers resolve their own. */
function digitalLink(text: string): Elements | string | undefined {
  const path = /^https?:\/\/[^/?#\s]+(\/[^?#\s]*)/i.exec(text)?.[1];
  const named = path && /\/01\/(\d{8}|\d{12,14})((?:\/\d{2}\/[^/]+)*)\/?$/.exec(path);
  if (!named) return undefined;
  const elements = new Map<string, string>();
  const pairs = [
    ['01', named[1]!.padStart(14, '0')],
    ...[...named[2]!.matchAll(/\/(\d{2})\/([^/]+)/g)].map(pair => pair.slice(1)),
  ];
  for (const [identifier, encoded] of pairs) {
    const value = decoded(encoded!);
    if (value === undefined) return `${encoded} is not percent-encoded text`;
    const wrong = add(elements, identifier!, value);
    if (wrong) return wrong;
  }
  return elements;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Gives what is wrong. */
function add(elements: Map<string, string>, identifier: string, value: string): string | undefined {
  if (value === '') return `AI (${identifier}) is empty`;
  const before = elements.get(identifier);
  if (before !== undefined && before !== value) return `AI (${identifier}) is there twice, and differs`;
  if (identifier === '01' && !isGtin(value))
    return `AI (01) ${value} is no GTIN: 14 digits with their check digit`;
  if (identifier === '21' && !/^[!"%-?A-Z_a-z]{1,20}$/.test(value))
    return `AI (21) ${JSON.stringify(value)} is no serial: 1 to 20 characters of GS1's set 82`;
  elements.set(identifier, value);
  return undefined;
}

export function isGtin(text: string): boolean {
  return /^\d{14}$/.test(text) && cdigit.gtin.validate(text);
}

/** How many digits an AI has that begins with these two (General Specifications, figure 3.2-1). */
function identifierDigits(two: string): 2 | 3 | 4 | undefined {
  if (/^(?:0[0-4]|1\d|2[0-2]|30|37|9\d)$/.test(two)) return 2;
  if (/^(?:2[3-5]|4[0-2]|71)$/.test(two)) return 3;
  if (/^(?:3[1-6]|39|43|70|72|8[0-2])$/.test(two)) return 4;
  return undefined;
}

/** Characters of an element that needs no separator behind it (General Specifications, figure 7.8.5-2). */
function predefinedLength(identifier: string): number | undefined {
  const two = identifier.slice(0, 2);
  if (two === '00') return 18;
  if (['01', '02', '03'].includes(two)) return 14;
  if (two === '04') return 16;
  if (/^1[1-9]$/.test(two)) return 6;
  if (two === '20') return 2;
  if (/^3[1-6]$/.test(two)) return 6;
  return two === '41' ? 13 : undefined;
}

function fault(code: LabelFaultCode, detail: string): LabelReading {
  return { kind: 'fault', code, detail };
}
