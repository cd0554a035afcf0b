/** The columns of the CSV form that people read; verify works them out again from the entry by itself. */
export const csvColumns = [
  'index',
  'time',
  'type',
  'rehearsal',
  'verdict',
  'code',
  'serial',
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

/** Members of `data` that are a column of the same name. */
const sameName = [
  'verdict',
  'code',
  'serial',
  'product',
  'workOrder',
  'registrationId',
  'endorsementKey',
  'ekSha256',
  'ekTemplate',
  'possession',
  'warnings',
  'otherSerial',
  'fixture',
  'change',
  'reason',
  'detail',
] as const satisfies readonly CsvColumn[];

export function readableCells(entry: ParsedEntry): Partial<Record<CsvColumn, string>> {
  const { data } = entry;
  const cells: Partial<Record<CsvColumn, string>> = {
    index: `${entry.index}`,
    time: entry.at,
    type: entry.type,
    rehearsal: entry.rehearsal ? 'REHEARSAL' : '',
    person: entry.personId,
    certificate: asText(member(data.certificate, 'status')),
    tpmManufacturer: asText(member(data.tpm, 'manufacturer')),
    tpmFirmware: asText(member(data.tpm, 'firmware')),
  };
  for (const name of sameName) cells[name] = asText(data[name]);
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
