/**
 * Which key DPS took last, by its digest, so that a refusal can be told: a key that never worked is wrong, one that did
 * was revoked or made anew. Only a hint for people: where it cannot be written or read, nothing else changes.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DataDirectory } from '../data-directory.ts';
import { replaceFile } from '../export/write-once.ts';
import type { DpsAccess } from './dps-target.ts';

const FILE = 'dps-accepted';

/** Of 256 random bits or what Entra made, and salted by host and name: nothing leads back from it. */
const digestOf = ({ connection }: DpsAccess): string =>
  createHash('sha256').update(JSON.stringify(connection)).digest('hex');

export function wasAccepted({ secretsDirectory }: DataDirectory, access: DpsAccess): boolean {
  try {
    return readFileSync(path.join(secretsDirectory, FILE), 'utf8').trim() === digestOf(access);
  } catch {
    return false;
  }
}

export function noteAccepted({ secretsDirectory }: DataDirectory, access: DpsAccess): void {
  try {
    replaceFile(secretsDirectory, FILE, `${digestOf(access)}\n`);
  } catch {
    // A full disk shows where it matters.
  }
}
