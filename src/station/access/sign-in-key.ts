/**
 * The key that badges and PINs are hashed with. It lies in the secret store and not in the ledger, so that a copied
 * ledger alone cannot be searched for a PIN of six digits or a badge's number (rule S2).
 */
import { createHmac, randomBytes } from 'node:crypto';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';

export const signInSecret = 'sign-in-key';

/**
 * Made when the first person is; later a missing one is a stop and never replaced, or every PIN would turn wrong. In a
 * ledger that was restored without its key nobody has badge or PIN, and the next person is the first again.
 * Not inside a transaction: it may begin one.
 */
export function signInKey(core: Pick<StationCore, 'ledger' | 'secrets'>): Buffer {
  const text = core.secrets.read(signInSecret) ?? firstKey(core);
  const key = Buffer.from(text, 'base64');
  if (key.length !== 32)
    throw new StationError(
      'sign-in-key-missing',
      `${signInSecret} ${text === '' ? 'is not there' : 'is damaged'} in ${core.secrets.description}`,
    );
  return key;
}

/** Under the ledger's lock: of two processes one makes it. Empty where it should be there and is not. */
function firstKey({ ledger, secrets }: Pick<StationCore, 'ledger' | 'secrets'>): string {
  return ledger.transaction(
    () =>
      secrets.read(signInSecret) ??
      (ledger.persons.signingIn().some(row => row.pin_hash !== null || row.badge_digest !== null)
        ? ''
        : secrets.writeOnce(signInSecret, randomBytes(32).toString('base64'))),
  );
}

/** HMAC-SHA-256 (RFC 2104) of a text for one use; the uses share no digests. */
export function keyedDigest(key: Buffer, use: 'badge' | 'pin', text: string): Buffer {
  return createHmac('sha256', key).update(`keyline ${use}\n`).update(text).digest();
}
