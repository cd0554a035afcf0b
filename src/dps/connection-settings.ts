/**
 * How a station is known to DPS: with a key of a shared access policy (`connection-string.ts`) or as an application of
 * Microsoft Entra ID (Microsoft's "Control access to DPS by using Microsoft Entra ID"). Four ways to sign in are
 * supported, named one by one: nothing is tried in turn, so that what signs in is what was configured.
 */
import type { ConnectionString } from './connection-string.ts';

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
