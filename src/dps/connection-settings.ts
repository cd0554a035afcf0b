/**
 * How a station is known to DPS: with a key of a shared access policy (`connection-string.ts`) or as an application of
 * Microsoft Entra ID (Microsoft's "Control access to DPS by using Microsoft Entra ID"). Four ways to sign in are
 * supported, named one by one: nothing is tried in turn, so that what signs in is what was configured.
 */
import type { ConnectionString } from './connection-string.ts';
import { DpsError } from './errors.ts';

export type ConnectionSettings = ConnectionString | EntraConnection;

export interface EntraConnection {
  /** Lower case, without the port. */
  readonly host: string;
  readonly port: number;
  readonly entra: EntraSettings;
}

interface Application {
  /** GUID or domain name of the Entra tenant. */
  readonly tenantId: string;
  /** GUID of the application (client). */
  readonly clientId: string;
  /** Of a national cloud; absent: `https://login.microsoftonline.com`. */
  readonly authorityHost?: string;
}

export type EntraSettings =
  | (Application & {
      readonly kind: 'client-secret';
      /** A secret. */
      readonly clientSecret: string;
    })
  | (Application & {
      readonly kind: 'client-certificate';
      /** PEM: the certificate and its private key, unencrypted. A secret. */
      readonly certificate: string;
    })
  | (Application & {
      readonly kind: 'workload-identity';
      /** File that holds the federated token; read again whenever it is needed. */
      readonly tokenFile: string;
    })
  | {
      readonly kind: 'managed-identity';
      /** Of a user-assigned identity; absent: the machine's own. */
      readonly clientId?: string;
    };

export const usesEntra = (connection: ConnectionSettings): connection is EntraConnection =>
  'entra' in connection;

const hostPattern =
  /^(?=.{1,253}(?::|$))([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*)(?::([0-9]{1,5}))?$/;

/**
 * A DPS host with or without `:port`, lower-cased. Undefined where the text is none; throws DpsError `host-is-iot-hub`
 * where it is an IoT hub's.
 */
export function readDpsHost(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, host, portText] = hostPattern.exec(text.trim().toLowerCase()) ?? [];
  const port = portText === undefined ? 443 : Number(portText);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  if (/\.azure-devices\.(?:net|us|cn)$/.test(host)) {
    throw new DpsError('host-is-iot-hub', 'The host is an IoT hub, not a Device Provisioning Service.', {
      notSent: true,
    });
  }
  return { host, port };
}
