/**
 * The key of the station at DPS, in its secret store: set, shown without the secret, forgotten. Each change is an act in
 * the audit log, which names the host and the policy and never the key. Running processes of this station hear of it and
 * go on with the new key (dps-target.ts).
 */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { type ConnectionSettings, usesEntra } from '../../dps/connection-settings.ts';
import { parseConnectionString } from '../../dps/connection-string.ts';
import { DpsError } from '../../dps/errors.ts';
import { StationError } from '../errors.ts';
import { replaceFile } from '../export/write-once.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { withDps } from './dps-connection.ts';
import { checkRights } from './dps-rights.ts';
import { dpsSecrets, entraConnection, needsSecret } from './dps-secrets.ts';
import { type DpsAccess, hostText, identityAtDps, REVISION } from './dps-target.ts';

export interface DpsKeyView {
  /** Null where there is none. */
  readonly host: string | null;
  readonly kind: 'connection-string' | 'entra' | null;
  /** The policy's name, or the application's id. */
  readonly identity: string | null;
  readonly idScope: string | null;
  readonly source: DpsAccess['source'] | null;
  /** The secret store in words. */
  readonly store: string;
}

/** Whose right to do it is asked in the transaction of the act. @throws StationError with an `AccessRefusalCode` */
export type AccountInAct = () => string;

export interface SetDpsKeyRequest {
  /** What a person or a pipe gave: a connection string, or the secret of the Entra application. */
  readonly secret: string;
  readonly account: string | AccountInAct;
  /** Not asked of DPS whether it takes the key and grants both rights. */
  readonly offline: boolean;
  /** The key may be of another DPS than the one that entries were made for till now. */
  readonly otherInstance: boolean;
}

const DEADLINE_MS = 15_000;

/** Throws DpsError for a key that cannot be used or that DPS refuses; then the old one stays. */
export async function setDpsKey(core: StationCore, request: SetDpsKeyRequest): Promise<DpsKeyView> {
  const secret = request.secret.trim();
  const { entra } = core.configuration.dps;
  // It wins over the store: a key that is kept there would change nothing, and seem to be what is wrong.
  if (core.dps.fault?.source === 'environment') throw core.dps.fault.error;
  if (entra && !needsSecret(entra))
    throw new StationError('dps-key-not-needed', `dps.entra signs in by ${entra.signIn}`);
  if (secret === '') throw new StationError('dps-key-empty', 'no key was given');
  if (entra && /SharedAccessKey(?:Name)?\s*=/i.test(secret))
    throw new DpsError(
      'entra-settings-invalid',
      'this is a connection string, but dps.entra is configured: give the secret of its application',
      { notSent: true },
    );
  const name = entra ? dpsSecrets.entraSecret : dpsSecrets.connectionString;
  const connection: ConnectionSettings | null = entra
    ? entraConnection(core.configuration, { ...core.secrets, read: () => secret })
    : parseConnectionString(secret);
  const host = hostText(connection!);
  const before = core.dpsTarget?.host;
  if (before !== undefined && before !== host && !request.otherInstance)
    throw new StationError('dps-key-of-another', `the key is for ${host}, this station enrols in ${before}`);
  if (!request.offline) await refuseWithoutRights(core, connection!, host);
  core.ledger.transaction(() => {
    tell(core, nameOf(request.account), {
      change: 'set',
      kind: entra ? 'entra' : 'connection-string',
      host,
      identity: identityAtDps(connection!),
    });
    core.secrets.replace(name, secret);
    markChanged(core);
  });
  core.dps.refresh();
  return showDpsKey(core);
}

export function showDpsKey(core: StationCore): DpsKeyView {
  const access = core.dps.access();
  return {
    host: core.dpsTarget?.host ?? null,
    kind: access && (usesEntra(access.connection) ? 'entra' : 'connection-string'),
    identity: access && identityAtDps(access.connection),
    idScope: core.configuration.dps.idScope ?? null,
    source: access?.source ?? null,
    store: core.secrets.description,
  };
}

/** @returns false where the store had none */
export function forgetDpsKey(core: StationCore, account: string | AccountInAct): boolean {
  const had = core.ledger.transaction(() => {
    const names = Object.values(dpsSecrets).filter(name => core.secrets.read(name) !== undefined);
    if (names.length === 0) return false;
    tell(core, nameOf(account), { change: 'forgotten' });
    for (const name of names) core.secrets.remove(name);
    markChanged(core);
    return true;
  });
  core.dps.refresh();
  return had;
}

async function refuseWithoutRights(core: StationCore, connection: ConnectionSettings, host: string) {
  const target = { host, idScope: core.configuration.dps.idScope ?? null };
  const access: DpsAccess = { target, connection, source: 'store', ca: core.dps.ca() };
  const rights = await withDps(core, access, DEADLINE_MS, checkRights);
  const refused = rights.read ?? rights.write;
  if (refused) throw refused;
}

const nameOf = (account: string | AccountInAct) => (typeof account === 'string' ? account : account());

function tell(
  core: StationCore,
  account: string,
  data: {
    change: 'set' | 'forgotten';
    kind?: 'entra' | 'connection-string';
    host?: string;
    identity?: string;
  },
): void {
  const personId = personOf(core.ledger, account, core.clock.read().at);
  core.audit.append(core.identity, personId, { type: 'dps-key', data });
}

function markChanged(core: StationCore): void {
  const directory = path.resolve(core.directory.secretsDirectory);
  replaceFile(directory, REVISION, `${randomBytes(8).toString('hex')}\n`);
}
