/**
 * Lists of devices in the forms of other tools, one after the other in flat memory. They have no place for evidence: that
 * stands in the manifest beside them (manifest.ts).
 *
 * limpet-csv, limpet-json: what `Limpet -azuredps -enrollmentinfo -csv|-json` prints, byte for byte; Limpet knows one device,
 * further ones are further rows, or further elements of the array. dps-bulk: JSON lines, each the body of one
 * `POST /enrollments` of the DPS service API (BulkEnrollmentOperation), with at most ten enrollments, as the service takes.
 * What can stand in an id or a key is no formula in any spreadsheet (rule A4).
 */
import type { ChunkBuilder } from './chunk-builder.ts';

export type ListFormat = 'limpet-csv' | 'limpet-json' | 'dps-bulk';

export interface ListedKey {
  readonly registrationId: string;
  /** Marshalled TPM2B_PUBLIC. */
  readonly endorsementKey: Buffer;
}

/** The pieces that a list is put together from, in this order. */
export interface ListForm<Device> {
  begin(chunk: ChunkBuilder): void;
  /** @param at 0 for the first one */
  device(chunk: ChunkBuilder, device: Device, at: number): void;
  /** @param count how many there were */
  end(chunk: ChunkBuilder, count: number): void;
}

export const limpetCsv: ListForm<ListedKey> = {
  // The blank after the comma is Limpet's.
  begin: chunk => chunk.ascii('"Registration Id", "Endorsement Key"\r\n'),
  device: (chunk, { registrationId, endorsementKey }) =>
    chunk.text(`"${registrationId}", "${endorsementKey.toString('base64')}"\r\n`),
  end: () => {},
};

export const limpetJson: ListForm<ListedKey> = {
  begin: chunk => chunk.ascii('[\r\n'),
  device: (chunk, { registrationId, endorsementKey }, at) => {
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
    chunk.text(`${at === 0 ? '' : ',\r\n'}${lines.join('\r\n')}`);
  },
  end: (chunk, count) => chunk.ascii(`${count === 0 ? '' : '\r\n'}]\r\n`),
};

const mostInOneRequest = 10;
const requestEnd = ']}\n';

/** Of documents: JSON text of each enrollment. */
export const dpsBulk: ListForm<string> = {
  begin: () => {},
  device: (chunk, document, at) => {
    const place = at % mostInOneRequest;
    chunk.ascii(place === 0 ? '{"mode":"create","enrollments":[' : ',');
    chunk.text(document);
    if (place === mostInOneRequest - 1) chunk.ascii(requestEnd);
  },
  end: (chunk, count) => {
    if (count % mostInOneRequest > 0) chunk.ascii(requestEnd);
  },
};
