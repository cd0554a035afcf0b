/**
 * The shared access connection string of a DPS instance, as Azure hands it out:
 * `HostName=<host>;SharedAccessKeyName=<policy>;SharedAccessKey=<base64>`. A port may follow the host, for an emulator or
 * a plant's gateway. Parsed strictly, and no message here ever repeats a part of the text: it holds a secret (rule S2).
 */
import { readDpsHost } from './dps-host.ts';
import { DpsError } from './errors.ts';

export interface ConnectionString {
  /** Lower case, without the port: what the access token is made for. */
  readonly host: string;
  readonly port: number;
  readonly sharedAccessKeyName: string;
  /** Base64. A secret. */
  readonly sharedAccessKey: string;
}

const partNames = ['HostName', 'SharedAccessKeyName', 'SharedAccessKey'] as const;
type PartName = (typeof partNames)[number];

const policyPattern = /^[A-Za-z0-9._-]{1,256}$/;
const base64Pattern = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Throws DpsError `connection-string-invalid` or `host-is-iot-hub`, which name the part at fault and quote none. */
export function parseConnectionString(text: string): ConnectionString {
  const parts = splitParts(text);
  for (const name of partNames) {
    if (!parts.get(name)) throw invalid(`The connection string lacks ${name}.`);
  }
  const place = readDpsHost(parts.get('HostName')!);
  if (place === undefined) {
    throw invalid('HostName in the connection string is not a host name, with or without :port.');
  }
  const sharedAccessKeyName = parts.get('SharedAccessKeyName')!;
  if (!policyPattern.test(sharedAccessKeyName)) {
    throw invalid('SharedAccessKeyName in the connection string is not the name of a policy.');
  }
  const sharedAccessKey = parts.get('SharedAccessKey')!;
  if (!base64Pattern.test(sharedAccessKey)) {
    throw invalid('SharedAccessKey in the connection string is not base64; a part may have been cut off.');
  }
  return { ...place, sharedAccessKeyName, sharedAccessKey };
}

function splitParts(text: string): Map<PartName, string> {
  const parts = new Map<PartName, string>();
  const pieces = text.trim().split(';');
  // Azure's own tools write no separator at the end, people do.
  if (pieces.at(-1) === '') pieces.pop();
  if (pieces.length === 0) throw invalid('The connection string is empty.');
  pieces.forEach((piece, index) => {
    // The first sign separates: a key ends in '=' itself.
    const sign = piece.indexOf('=');
    const name = partNames.find(known => known === piece.slice(0, Math.max(sign, 0)).trim());
    if (!name)
      throw invalid(`Part ${index + 1} of the connection string is none of ${partNames.join(', ')}.`);
    if (parts.has(name)) throw invalid(`The connection string has ${name} twice.`);
    parts.set(name, piece.slice(sign + 1).trim());
  });
  return parts;
}

function invalid(message: string): DpsError {
  return new DpsError('connection-string-invalid', message, { notSent: true });
}
