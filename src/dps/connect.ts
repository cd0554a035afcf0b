/**
 * From the settings of a station to a service: the connection string and, where a plant has its own authority, the file
 * with its certificates. The SDK is loaded here, when it is first needed, and not at the start of the program.
 */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseConnectionString } from './connection-string.ts';
import { DpsError } from './errors.ts';
import type { EnrollmentService } from './service.ts';
import type { ServiceClientOptions } from './service-client.ts';

export interface ConnectOptions extends Omit<ServiceClientOptions, 'connection' | 'ca'> {
  /** A secret (KEYLINE_DPS_CONNECTION_STRING). */
  readonly connectionString: string;
  /** Path of a PEM file (KEYLINE_DPS_CA_FILE). */
  readonly caFile?: string | undefined;
}

/** Throws DpsError `connection-string-invalid` or `ca-file-unreadable`; sends nothing. */
export async function connectEnrollmentService(options: ConnectOptions): Promise<EnrollmentService> {
  const { connectionString, caFile, ...rest } = options;
  const connection = parseConnectionString(connectionString);
  const trust = caFile === undefined ? {} : { ca: await readAuthorities(caFile) };
  const { ServiceClient } = await import('./service-client.ts');
  return new ServiceClient({ ...rest, ...trust, connection });
}

async function readAuthorities(caFile: string): Promise<string> {
  try {
    const pem = await readFile(caFile, 'utf8');
    // Node takes a file without certificates as "trust nobody", which would look like a fault of the server.
    new X509Certificate(pem);
    return pem;
  } catch (cause) {
    throw new DpsError(
      'ca-file-unreadable',
      'The file with the authorities to trust for DPS is unreadable.',
      {
        cause,
        notSent: true,
      },
    );
  }
}
