/**
 * How this station signs in at its DUTs over SSH: per fixture the key file that it names, or else the user's agent and
 * default keys as ssh(1) takes them, and last a password from the secret store (`ssh-<fixture>`). A host is known by the
 * fixture's pinned fingerprint, or by the one that was recorded at its first contact (known-hosts.ts).
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { SshAccess, SshCredential } from '../../tcti/ssh-access.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { DataDirectory } from '../data-directory.ts';
import type { StationCore } from '../open-core.ts';
import { knownHostsIn } from './known-hosts.ts';

/** ssh(1)'s names, without those of hardware keys. */
const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/** Without a fixture of the configuration: the agent and default keys of the account that runs Keyline. */
export function commandLineSshAccess(directory: DataDirectory): SshAccess {
  return { credentials: accountCredentials(), hostKeys: knownHostsIn(directory.knownHostsDirectory) };
}

export function sshAccessOf(core: StationCore, fixtureId: string | undefined): SshAccess {
  const { directory, configuration, secrets } = core;
  const access = commandLineSshAccess(directory);
  const fixture = configuration.fixtures.find(({ id }) => id === fixtureId);
  if (fixture === undefined) return access;
  const { identityFile, knownHostKey } = fixture.ssh ?? {};
  const password = secrets.read(sshSecretOf(fixture.id))?.replace(/\r?\n$/, '');
  return {
    credentials: [
      ...(identityFile === undefined
        ? access.credentials
        : [{ kind: 'key-file' as const, path: path.resolve(directory.path, identityFile) }]),
      ...(password === undefined ? [] : [{ kind: 'password' as const, password }]),
    ],
    hostKeys:
      knownHostKey === undefined
        ? access.hostKeys
        : { known: () => knownHostKey, record: () => knownHostKey },
  };
}

/** Names of the secrets that fixtures may have. */
export function sshSecretsOf({ fixtures }: Configuration): readonly string[] {
  return fixtures.map(({ id }) => sshSecretOf(id));
}

/** A fixture's id is any text; the secret is a file. */
function sshSecretOf(fixtureId: string): string {
  return `ssh-${encodeURIComponent(fixtureId)}`;
}

function accountCredentials(): SshCredential[] {
  const socket = process.env.SSH_AUTH_SOCK;
  const keys = DEFAULT_KEYS.map(name => path.join(homedir(), '.ssh', name)).filter(file => existsSync(file));
  return [
    ...(socket ? [{ kind: 'agent' as const, socket }] : []),
    ...keys.map(file => ({ kind: 'key-file' as const, path: file })),
  ];
}
