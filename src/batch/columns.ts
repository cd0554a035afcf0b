/**
 * Which column of a table is what: by the names that people, Limpet and TPM makers give them, in any case and with any
 * blanks, or as an engineer said. Where a name could mean two columns nobody can know which one is meant: the engineer is
 * asked instead. Names come from a file and are untrusted.
 */
import { ImportFormError } from './import-form-error.ts';

export const importFields = ['serial', 'ek', 'registrationId', 'workOrder', 'product'] as const;
export type ImportField = (typeof importFields)[number];

/** Header names by field; as the header has them. */
export type ColumnMapping = Readonly<Partial<Record<ImportField, string>>>;
/** Places of the columns, 0-based. */
export type ColumnPlaces = Readonly<Partial<Record<ImportField, number>>>;

/** The first of these that a header has is taken; more than one behind the first are ambiguous. */
const names: Readonly<Record<ImportField, readonly string[]>> = {
  serial: [
    'serial',
    'serialnumber',
    'serialno',
    'sn',
    's/n',
    'deviceserial',
    'deviceserialnumber',
    '시리얼',
    '시리얼번호',
    '일련번호',
    '제조번호',
  ],
  ek: [
    'endorsementkey',
    'ek',
    'ekpub',
    'ekpublic',
    'ekpublickey',
    'ekpubkey',
    'publicek',
    'tpm2bpublic',
    'tpmtpublic',
    'ektpm2bpublic',
    'ekmodulus',
    'ekspki',
    'ekpem',
    'modulus',
    'rsamodulus',
    'publickey',
    '보증키',
    'ek공개키',
  ],
  registrationId: ['registrationid', 'regid', '등록id', '등록아이디'],
  workOrder: ['workorder', '작업지시', '작업지시번호'],
  /** A column of that name is mostly a description: only Keyline's own exports are believed. */
  product: [],
};

export const plainName = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\s_.-]/g, '');

/** What each field is by its name alone. */
export function knownColumns(header: readonly string[]): ColumnMapping {
  const plain = header.map(plainName);
  const found: Partial<Record<ImportField, string>> = {};
  for (const field of importFields) {
    const [first, ...others] = names[field].filter(name => plain.includes(name));
    const sure = first !== undefined && (first === names[field][0] || others.length === 0);
    if (sure) found[field] = header[plain.indexOf(first)]!;
  }
  return found;
}

/** A name of the header, or `#3` for the third column. */
export function placesOf(header: readonly string[], mapping: ColumnMapping, file: string): ColumnPlaces {
  const plain = header.map(plainName);
  const places: Partial<Record<ImportField, number>> = {};
  for (const field of importFields) {
    const column = mapping[field];
    if (column === undefined) continue;
    const number = /^#([1-9]\d{0,3})$/.exec(column)?.[1];
    const place = number === undefined ? plain.indexOf(plainName(column)) : Number(number) - 1;
    if (place < 0 || place >= header.length)
      throw new ImportFormError(`${file} has no column ${JSON.stringify(column.slice(0, 40))}`);
    places[field] = place;
  }
  return places;
}

/** @throws ImportFormError where a name is there twice */
export function refuseDoubledNames(header: readonly string[], file: string): void {
  const plain = header.map(plainName);
  const twice = header.filter((_, at) => plain[at] !== '' && plain.indexOf(plain[at]!) !== at);
  if (twice.length > 0)
    throw new ImportFormError(
      `${file} has more than one column ${twice.map(name => JSON.stringify(name.slice(0, 40))).join(', ')}`,
    );
}

/** `serial=COL,ek=COL`; a column is a name of the header, or `#` and its number. Undefined where it is not so. */
export function parseMapping(text: string): ColumnMapping | undefined {
  const mapping: Partial<Record<ImportField, string>> = {};
  for (const part of text.split(',')) {
    const [, name, column] = /^\s*([A-Za-z]+)\s*=\s*(.+?)\s*$/s.exec(part) ?? [];
    const field = importFields.find(known => known.toLowerCase() === name?.toLowerCase());
    if (field === undefined || column === undefined || mapping[field] !== undefined) return undefined;
    mapping[field] = column;
  }
  return mapping;
}
