/** The secrets with which a station signs in to DPS, by their names in the secret store, and what is made of them. */
import type { EntraConnection, EntraSettings } from '../../dps/connection-settings.ts';
import { readDpsHost } from '../../dps/dps-host.ts';
import { DpsError } from '../../dps/errors.ts';
import type { Configuration, EntraConfiguration } from '../configuration/configuration.ts';
import type { SecretStore } from '../secrets/secret-store.ts';

export const dpsSecrets = {
  connectionString: 'dps-connection-string',
  entraSecret: 'dps-entra-secret',
} as const;

/** Whether the station keeps a secret of the application, or is known by what the machine has. */
export function needsSecret({ signIn }: EntraConfiguration): boolean {
  return signIn === 'client-secret' || signIn === 'client-certificate';
}

/** Null where the secret that it needs is not there yet. Throws DpsError `entra-settings-invalid`, `host-is-iot-hub`. */
export function entraConnection(configuration: Configuration, secrets: SecretStore): EntraConnection | null {
  const { host: text, entra } = configuration.dps;
  const place = readDpsHost(text ?? '');
  if (!place || !entra)
    throw new DpsError('entra-settings-invalid', 'dps.entra needs dps.host, the service endpoint', {
      notSent: true,
    });
  const settings = entraSettings(entra, secrets);
  return settings && { ...place, entra: settings };
}

function entraSettings(entra: EntraConfiguration, secrets: SecretStore): EntraSettings | null {
  const given = <T extends object>(settings: T) =>
    Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as T;
  if (entra.signIn === 'managed-identity' || entra.signIn === 'workload-identity') {
    const { signIn: kind, ...settings } = entra;
    return given({ kind, ...settings }) as EntraSettings;
  }
  const secret = secrets.read(dpsSecrets.entraSecret);
  if (secret === undefined) return null;
  const { signIn: kind, ...settings } = entra;
  return (
    kind === 'client-secret'
      ? given({ kind, ...settings, clientSecret: secret })
      : given({ kind, ...settings, certificate: secret })
  ) as EntraSettings;
}
