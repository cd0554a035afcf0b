/**
 * The shared access policies of this DPS instance and its id scope, kept in `instance.json` (0600) in the emulator's
 * folder, so that a connection string outlives a restart. Each policy has a primary and a secondary key, so that one can
 * be exchanged while the other is in use. Rights are DPS's names.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EmulatorError } from './errors.ts';

export const right = z.enum([
  'ServiceConfig',
  'EnrollmentRead',
  'EnrollmentWrite',
  'RegistrationStatusRead',
  'RegistrationStatusWrite',
]);
export type Right = z.infer<typeof right>;

const policy = z.object({
  name: z.string(),
  /** The primary key. */
  key: z.string(),
  // A folder from before there were two has none yet.
  secondaryKey: z.string().default(newKey),
  rights: z.array(right),
});
export type AccessPolicy = z.infer<typeof policy>;

const instance = z.object({ idScope: z.string(), policies: z.array(policy) });

/** The policy that every DPS instance is born with. */
export const ownerPolicy = 'provisioningserviceowner';
/** A policy that may only read enrollments: to see what a lack of rights looks like. */
export const readerPolicy = 'enrollmentreader';

export const keyNames = ['primary', 'secondary'] as const;
export type KeyName = (typeof keyNames)[number];

export class AccessPolicies {
  readonly #file: string;
  readonly idScope: string;
  #policies: readonly AccessPolicy[];

  /** Reads the instance of this folder, or makes it. Throws EmulatorError where the file cannot be read as one. */
  constructor(dir: string) {
    this.#file = join(dir, 'instance.json');
    const isThere = existsSync(this.#file);
    const { idScope, policies } = isThere ? readInstance(this.#file) : newInstance();
    this.idScope = idScope;
    this.#policies = policies;
    this.#write();
  }

  list(): readonly AccessPolicy[] {
    return this.#policies;
  }

  find(name: string): AccessPolicy | undefined {
    return this.#policies.find(candidate => candidate.name === name);
  }

  /** Makes a policy with new keys, or gives one that is there other rights. */
  grant(name: string, rights: readonly Right[]): AccessPolicy {
    const { key, secondaryKey } = this.find(name) ?? newKeys();
    return this.#put({ name, key, secondaryKey, rights: [...rights] });
  }

  /** A new key in place of one; undefined where no policy is named so. */
  regenerate(name: string, key: KeyName): AccessPolicy | undefined {
    const found = this.find(name);
    return found && this.#put({ ...found, [key === 'primary' ? 'key' : 'secondaryKey']: newKey() });
  }

  /** Takes a policy away, so that its connection strings are refused; whether it was there. */
  revoke(name: string): boolean {
    const isThere = this.find(name) !== undefined;
    this.#policies = this.#policies.filter(candidate => candidate.name !== name);
    this.#write();
    return isThere;
  }

  #put(changed: AccessPolicy): AccessPolicy {
    const isThere = this.find(changed.name) !== undefined;
    this.#policies = isThere
      ? this.#policies.map(other => (other.name === changed.name ? changed : other))
      : [...this.#policies, changed];
    this.#write();
    return changed;
  }

  /** In place at once, so that a killed process leaves the old file or the new one. */
  #write(): void {
    const text = `${JSON.stringify({ idScope: this.idScope, policies: this.#policies }, null, 2)}\n`;
    writeFileSync(`${this.#file}.new`, text, { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

function readInstance(file: string): z.infer<typeof instance> {
  try {
    return instance.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // The cause is left out: a parser quotes the text, and the text holds keys (rule S2).
    throw new EmulatorError('instance-unreadable', `${file} is not readable as an emulator's instance`);
  }
}

function newInstance(): z.infer<typeof instance> {
  return {
    idScope: `0ne${randomInt(0x1_0000_0000).toString(16).toUpperCase().padStart(8, '0')}`,
    policies: [
      { name: ownerPolicy, ...newKeys(), rights: [...right.options] },
      { name: readerPolicy, ...newKeys(), rights: ['EnrollmentRead'] },
    ],
  };
}

function newKeys() {
  return { key: newKey(), secondaryKey: newKey() };
}

function newKey(): string {
  return randomBytes(32).toString('base64');
}
