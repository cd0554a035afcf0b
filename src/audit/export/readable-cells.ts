/** The columns of the CSV form that people read; verify works them out again from the entry by itself. */
export const csvColumns = [
  'index',
  'time',
  'type',
  'rehearsal',
  'verdict',
  'code',
  'serial',
  'dutSerial',
  'product',
  'workOrder',
  'registrationId',
  'endorsementKey',
  'ekSha256',
  'ekTemplate',
  'certificate',
  'possession',
  'warnings',
  'otherSerial',
  'fixture',
  'tpmManufacturer',
  'tpmFirmware',
  'change',
  'reason',
  'detail',
  'person',
  'entry',
  'leafHash',
] as const;

export type CsvColumn = (typeof csvColumns)[number];

interface ParsedEntry {
  readonly index: number;
  readonly at: string;
  readonly type: string;
  readonly rehearsal: boolean;
  readonly personId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Columns that are not the member of `data` of the same name. */
const fromElsewhere: Partial<Record<CsvColumn, (entry: ParsedEntry) => string>> = {
  index: entry => `${entry.index}`,
  time: entry => entry.at,
  type: entry => entry.type,
  rehearsal: entry => (entry.rehearsal ? 'REHEARSAL' : ''),
  person: entry => entry.personId,
  dutSerial: entry => asText(member(entry.data.dutSerial, 'serial')),
  certificate: entry => asText(member(entry.data.certificate, 'status')),
  tpmManufacturer: entry => asText(member(entry.data.tpm, 'manufacturer')),
  tpmFirmware: entry => asText(member(entry.data.tpm, 'firmware')),
};

/** All cells but the evidence itself. */
export function readableCells(entry: ParsedEntry): Partial<Record<CsvColumn, string>> {
  const cells: Partial<Record<CsvColumn, string>> = {};
  for (const column of csvColumns)
    cells[column] = fromElsewhere[column]?.(entry) ?? asText(entry.data[column]);
  return cells;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** Lists of words are written with blanks between them. */
function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.join(' ') : String(value);
}
