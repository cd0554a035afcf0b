/**
 * Lists of devices in the forms of other tools, one after the other in flat memory. They have no place for evidence: that
 * stands in the manifest beside them (manifest.ts).
 *
 * limpet-csv, limpet-json: what `Limpet -azuredps -enrollmentinfo -csv|-json` prints, byte for byte; Limpet knows one device,
 * further ones are further rows, or further elements of the array. dps-bulk: JSON lines, each the body of one
 * `POST /enrollments` of the DPS service API (BulkEnrollmentOperation), with at most ten enrollments, as the service takes.
 * What can stand in an id or a key is no formula in any spreadsheet (rule A4).
 */
export type ListFormat = 'limpet-csv' | 'limpet-json' | 'dps-bulk';

export interface ListedKey {
  readonly registrationId: string;
  /** Marshalled TPM2B_PUBLIC. */
  readonly endorsementKey: Buffer;
}

/** Yields text; returns how many devices there were. */
export type ListForm<Device> = (devices: Iterable<Device>) => Generator<string, number, undefined>;

export function* limpetCsv(devices: Iterable<ListedKey>): Generator<string, number, undefined> {
  let count = 0;
  // The blank after the comma is Limpet's.
  yield '"Registration Id", "Endorsement Key"\r\n';
  for (const { registrationId, endorsementKey } of devices) {
    yield `"${registrationId}", "${endorsementKey.toString('base64')}"\r\n`;
    count += 1;
  }
  return count;
}

export function* limpetJson(devices: Iterable<ListedKey>): Generator<string, number, undefined> {
  let count = 0;
  yield '[\r\n';
  for (const { registrationId, endorsementKey } of devices) {
    const lines = [
      '{',
      '\t"attestation": {',
      '\t\t"type": "tpm",',
      '\t\t"tpm": {',
      `\t\t\t"endorsementKey": "${endorsementKey.toString('base64')}"`,
      '\t\t}',
      '\t},',
      `\t"registrationId": "${registrationId}"`,
      '}',
    ];
    yield `${count === 0 ? '' : ',\r\n'}${lines.join('\r\n')}`;
    count += 1;
  }
  yield `${count === 0 ? '' : '\r\n'}]\r\n`;
  return count;
}

const mostInOneRequest = 10;

/** @param documents JSON text of each enrollment */
export function* dpsBulk(documents: Iterable<string>): Generator<string, number, undefined> {
  let count = 0;
  const waiting: string[] = [];
  const request = () => `{"mode":"create","enrollments":[${waiting.splice(0).join(',')}]}\n`;
  for (const document of documents) {
    waiting.push(document);
    count += 1;
    if (waiting.length === mostInOneRequest) yield request();
  }
  if (waiting.length > 0) yield request();
  return count;
}
