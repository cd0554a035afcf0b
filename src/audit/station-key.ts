/**
 * The station's Ed25519 key, which signs its checkpoints (rules A1, A2). This file makes and reads it; where the secret
 * lies is the secret store's business (rule S2). The secret is the 32-byte seed of RFC 8032 in base64 with a line feed.
 */
import { randomBytes } from 'node:crypto';
import { fromBase64 } from './base64.ts';
import { privateKeyFromSeed, rawKeyLength } from './ed25519.ts';
import { AuditError } from './errors.ts';
import { type NoteSigner, verifierKeyOf } from './signed-note.ts';

export interface StationKey extends NoteSigner {
  /** C2SP verifier key: public, safe to print, to be kept where the ledger is not. */
  readonly verifierKey: string;
}

/** A new secret for the secret store. */
export function generateStationKey(): string {
  return `${randomBytes(rawKeyLength).toString('base64')}\n`;
}

/** @throws AuditError `key-invalid`; the message never holds the secret */
export function stationKeyFromSecret(secret: string, origin: string): StationKey {
  const seed = fromBase64(secret.trimEnd());
  if (seed?.length !== rawKeyLength)
    throw new AuditError('key-invalid', 'the station key is not a 32-byte seed in base64');
  const signer = { name: origin, privateKey: privateKeyFromSeed(seed) };
  return { ...signer, verifierKey: verifierKeyOf(signer) };
}
