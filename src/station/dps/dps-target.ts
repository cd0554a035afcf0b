/**
 * Which DPS this station sends to, and as whom: the connection string from the environment (it wins) or the secret store,
 * or Microsoft Entra ID by `dps.entra` of the configuration with its secret in the store. An entry is given the target
 * when it is made (rule O8). Secrets stay in these objects and come into no log; they are read again only when a `refresh`
 * is asked for, which another process's `keyline dps set-key` and a refusal by DPS do. Settings that cannot be used keep
 * nobody from recording: they are a fault that is told to who asks for the access.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type ConnectionSettings, usesEntra } from '../../dps/connection-settings.ts';
import { parseConnectionString } from '../../dps/connection-string.ts';
import { readDpsHost } from '../../dps/dps-host.ts';
import { DpsError } from '../../dps/errors.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { readSmallFile } from '../read-small-file.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { dpsSecrets, entraConnection, needsSecret } from './dps-secrets.ts';

const LARGEST_CA_FILE = 16 * 1024 * 1024;

export interface DpsTarget {
  /** Host as DPS knows itself, lower case, with `:port` where it is not 443. */
  readonly host: string;
  readonly idScope: string | null;
}

export interface DpsAccess {
  readonly target: DpsTarget;
  readonly connection: ConnectionSettings;
  /** Where the secret of the connection comes from; `none`: the machine itself is the identity. */
  readonly source: 'environment' | 'store' | 'none';
  /** PEM text of the CA file, where one is named. */
  readonly ca: string | undefined;
}

export interface DpsFault {
  /** Names the part at fault and quotes none. */
  readonly error: DpsError;
  readonly source: 'environment' | 'settings';
}

export interface StationDps {
  /** For new entries; null where no DPS is configured. Where the settings are at fault: by `dps.host` alone. */
  readonly target: DpsTarget | null;
  /** Why the settings cannot be used, and where they come from. */
  readonly fault: DpsFault | null;
  /** What a drain needs; null where there is no key. Throws DpsError for one that cannot be used. */
  access(): DpsAccess | null;
  /** PEM text of the CA file, where one is named. */
  ca(): string | undefined;
  /** Reads the key again. @returns whether it is another one, or goes elsewhere */
  refresh(): boolean;
  /** Cheap: whether a process wrote or removed the key since it was read here. */
  outdated(): boolean;
}

export interface DpsSource {
  /** As it is now: it may become another one. */
  readonly configuration: Configuration;
  readonly secrets: SecretStore;
  readonly secretsDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function hostText({ host, port }: Pick<ConnectionSettings, 'host' | 'port'>): string {
  return port === 443 ? host.toLowerCase() : `${host.toLowerCase()}:${port}`;
}

/** Never throws for a key or for settings that are wrong: see `fault`. */
export function stationDps(source: DpsSource): StationDps {
  const { secretsDirectory, env } = source;
  let revision = revisionIn(secretsDirectory);
  let known = readConnection(source);
  return {
    get target() {
      const host = known.found ? hostText(known.found.connection) : configuredHost(source.configuration);
      return host ? { host, idScope: source.configuration.dps.idScope ?? null } : null;
    },
    get fault() {
      return known.fault;
    },
    access() {
      if (known.fault) throw known.fault.error;
      if (!known.found) return null;
      return { ...known.found, target: this.target!, ca: this.ca() };
    },
    ca: () => (env.KEYLINE_DPS_CA_FILE ? readCa(env.KEYLINE_DPS_CA_FILE) : undefined),
    refresh() {
      revision = revisionIn(secretsDirectory);
      const before = JSON.stringify(known);
      known = readConnection(source);
      return JSON.stringify(known) !== before;
    },
    outdated: () => revisionIn(secretsDirectory) !== revision,
  };
}

type Found = Pick<DpsAccess, 'connection' | 'source'>;

interface Known {
  readonly found: Found | null;
  readonly fault: DpsFault | null;
}

function readConnection(source: DpsSource): Known {
  try {
    return { found: connectionOf(source), fault: null };
  } catch (error) {
    if (!(error instanceof DpsError)) throw error;
    if (!source.env.KEYLINE_DPS_CONNECTION_STRING)
      return { found: null, fault: { error, source: 'settings' } };
    const named = `KEYLINE_DPS_CONNECTION_STRING: ${error.message}`;
    return {
      found: null,
      fault: { error: new DpsError(error.code, named, { notSent: true }), source: 'environment' },
    };
  }
}

/** An entry that is made for what is no DPS would be set aside as soon as there is one. */
function configuredHost({ dps }: Configuration): string | undefined {
  try {
    const place = readDpsHost(dps.host ?? '');
    return place && hostText(place);
  } catch {
    return undefined;
  }
}

/** Throws DpsError for a connection string or settings that cannot be used. */
function connectionOf({ configuration, secrets, env }: DpsSource): Found | null {
  const text = env.KEYLINE_DPS_CONNECTION_STRING;
  if (text) return { connection: parseConnectionString(text), source: 'environment' };
  const { entra } = configuration.dps;
  if (entra) {
    const connection = entraConnection(configuration, secrets);
    return connection && { connection, source: needsSecret(entra) ? 'store' : 'none' };
  }
  const stored = secrets.read(dpsSecrets.connectionString);
  return stored === undefined ? null : { connection: parseConnectionString(stored), source: 'store' };
}

/** The policy or application that the station is to DPS: no secret. */
export function identityAtDps(connection: ConnectionSettings): string {
  if (!usesEntra(connection)) return connection.sharedAccessKeyName;
  return connection.entra.clientId ?? 'managed identity of this machine';
}

/** Written by every change of a key, so that other processes notice without asking a keyring. */
export const REVISION = 'dps-revision';

function revisionIn(directory: string): string | undefined {
  const file = path.join(directory, REVISION);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
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
