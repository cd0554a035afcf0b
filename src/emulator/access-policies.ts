/**
 * The shared access policies of this DPS instance and its id scope, made once and kept in `instance.json` (0600) in the
 * emulator's folder, so that a connection string outlives a restart. Rights are DPS's names.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EmulatorError } from './errors.ts';

const right = z.enum([
  'ServiceConfig',
  'EnrollmentRead',
  'EnrollmentWrite',
  'RegistrationStatusRead',
  'RegistrationStatusWrite',
]);

export type Right = z.infer<typeof right>;

const instance = z.object({
  idScope: z.string(),
  policies: z.array(z.object({ name: z.string(), key: z.string(), rights: z.array(right) })).min(1),
});

export type Instance = z.infer<typeof instance>;
export type AccessPolicy = Instance['policies'][number];

/** The policy that every DPS instance is born with. */
export const ownerPolicy = 'provisioningserviceowner';
/** A policy that may only read enrollments: to see what a lack of rights looks like. */
export const readerPolicy = 'enrollmentreader';

/** Reads the instance of this folder, or makes it. Throws EmulatorError where the file cannot be read as one. */
export function openInstance(dir: string): Instance {
  const file = join(dir, 'instance.json');
  if (existsSync(file)) return readInstance(file);
  const made = newInstance();
  writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  return made;
}

function readInstance(file: string): Instance {
  try {
    return instance.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // The cause is left out: a parser quotes the text, and the text holds keys (rule S2).
    throw new EmulatorError('instance-unreadable', `${file} is not readable as an emulator's instance`);
  }
}

function newInstance(): Instance {
  return {
    idScope: `0ne${randomInt(0x1_0000_0000).toString(16).toUpperCase().padStart(8, '0')}`,
    policies: [
      { name: ownerPolicy, key: newKey(), rights: [...right.options] },
      { name: readerPolicy, key: newKey(), rights: ['EnrollmentRead'] },
    ],
  };
}

function newKey(): string {
  return randomBytes(32).toString('base64');
}
