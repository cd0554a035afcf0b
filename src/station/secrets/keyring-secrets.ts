/**
 * Secrets in the system's keyring, by @napi-rs/keyring: Secret Service on Linux (freedesktop.org specification), Credential
 * Manager on Windows, Keychain on macOS. The library's other Linux store, the kernel's keyutils, is never taken: it
 * forgets at a restart. A key file of the same name, put there by a person, is read where the keyring has none.
 * The library's messages hold no secret; they are quoted as they are.
 */
import { createRequire } from 'node:module';
import type { Entry } from '@napi-rs/keyring';
import { StationError } from '../errors.ts';
import { fileSecrets } from './file-secrets.ts';
import type { SecretStore } from './secret-store.ts';
import { sessionBusAnswers } from './session-bus.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const NAMES: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: "this user's keyring (Secret Service)",
  win32: 'the Windows Credential Manager of this user',
  darwin: "this user's Keychain",
};
const keyringName = NAMES[process.platform] ?? "this user's keyring";

/** Loaded where it is needed: 3 MB of native code. */
function entry(scope: string, name: string): Entry {
  const library = createRequire(import.meta.url)('@napi-rs/keyring') as typeof import('@napi-rs/keyring');
  return new library.Entry('Keyline', `${scope}/${name}`, { linux: { store: 'secret-service' } });
}

/** Why a new station cannot keep its secrets in a keyring here; undefined where one keeps and gives back a trial. */
export function whyNoKeyring(scope: string, env: Environment): string | undefined {
  if (!(process.platform in NAMES)) return 'no keyring is known on this system';
  try {
    if (!sessionBusAnswers(env)) return 'there is no session bus that answers';
    const trial = entry(scope, 'trial');
    trial.setPassword(scope);
    const kept = trial.getPassword();
    trial.deletePassword();
    return kept === scope ? undefined : 'the keyring did not give back what it was given';
  } catch (error) {
    return (error as Error).message;
  }
}

/** @param directory where a person may have put key files */
export function keyringSecrets(scope: string, directory: string, env: Environment): SecretStore {
  const files = fileSecrets(directory);
  let answers: boolean | undefined;
  const at = <T>(name: string, work: (entry: Entry) => T): T => {
    try {
      answers ??= sessionBusAnswers(env);
      if (!answers) throw new Error('there is no session bus that answers');
      return work(entry(scope, name));
    } catch (cause) {
      answers = undefined;
      throw new StationError('secret-store-locked', `${keyringName}: ${(cause as Error).message}`, { cause });
    }
  };
  const read = (name: string) => at(name, it => it.getPassword()) ?? files.read(name);
  const replace = (name: string, value: string) => at(name, it => it.setPassword(value));
  return {
    kind: 'keyring',
    description: keyringName,
    read,
    writeOnce(name, value) {
      const there = read(name);
      if (there !== undefined) return there;
      replace(name, value);
      return value;
    },
    replace,
    remove: name => [at(name, it => it.deletePassword()), files.remove(name)].includes(true),
    exposed: names => files.exposed(names),
  };
}
