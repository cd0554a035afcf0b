/**
 * Which DPS this station sends to: the connection string (environment) and the id scope (configuration). An entry is
 * given this target when it is made (rule O8); the key itself stays in this object and in no log.
 */
import { type ConnectionString, parseConnectionString } from '../dps/connection-string.ts';
import { DpsError } from '../dps/errors.ts';
import type { Configuration } from './configuration.ts';
import { readSmallFile } from './read-small-file.ts';

const LARGEST_CA_FILE = 16 * 1024 * 1024;

export interface DpsTarget {
  /** Host as DPS knows itself, lower case, with `:port` where it is not 443. */
  readonly host: string;
  readonly idScope: string | null;
}

export interface DpsAccess {
  readonly target: DpsTarget;
  readonly connection: ConnectionString;
  /** PEM text of the CA file, where one is named. */
  readonly ca: string | undefined;
}

const hostOf = (connection: ConnectionString): string =>
  connection.port === 443
    ? connection.host.toLowerCase()
    : `${connection.host.toLowerCase()}:${connection.port}`;

/** The target for new entries; null where none is configured. Throws DpsError for a connection string that is wrong. */
export function dpsTargetOf(
  configuration: Configuration,
  env: Readonly<Record<string, string | undefined>> = process.env,
): DpsTarget | null {
  const text = env.KEYLINE_DPS_CONNECTION_STRING;
  const host = text ? hostOf(parseConnectionString(text)) : configuration.dps.host?.toLowerCase();
  return host ? { host, idScope: configuration.dps.idScope ?? null } : null;
}

/** What a drain needs; null where no connection string is set. */
export function dpsAccessOf(
  configuration: Configuration,
  env: Readonly<Record<string, string | undefined>> = process.env,
): DpsAccess | null {
  const text = env.KEYLINE_DPS_CONNECTION_STRING;
  if (!text) return null;
  const connection = parseConnectionString(text);
  return {
    target: { host: hostOf(connection), idScope: configuration.dps.idScope ?? null },
    connection,
    ca: env.KEYLINE_DPS_CA_FILE ? readCa(env.KEYLINE_DPS_CA_FILE) : undefined,
  };
}

function readCa(file: string): string {
  let text: string;
  try {
    text = readSmallFile(file, LARGEST_CA_FILE);
  } catch (cause) {
    throw new DpsError('ca-file-unreadable', `${file}: ${(cause as Error).message}`, { cause });
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw new DpsError('ca-file-unreadable', `${file} holds no PEM certificate`);
  return text;
}
