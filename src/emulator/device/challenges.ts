/**
 * What this instance remembers of the devices that are registering: the keys that each one named, and the HMAC key that was
 * wrapped for them, by which its requests are told from another's. In memory: after a restart a device begins anew.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { StorageKey } from '../endorsement-key.ts';
import { keyOf } from '../record-table.ts';
import { type Refusal, unauthorized } from '../refusal.ts';

export interface Challenge {
  readonly endorsementKey: StorageKey;
  readonly storageRootKey: StorageKey;
  readonly hmacKey: Buffer;
}

/** The oldest is forgotten beyond so many: a stranger can ask for one as often as he likes. */
const most = 10_000;

export class Challenges {
  readonly #challenges = new Map<string, Challenge>();

  /** A new one in place of the one before. */
  begin(registrationId: string, endorsementKey: StorageKey, storageRootKey: StorageKey): Challenge {
    const challenge = { endorsementKey, storageRootKey, hmacKey: randomBytes(32) };
    const key = keyOf(registrationId);
    this.#challenges.delete(key);
    this.#challenges.set(key, challenge);
    const [oldest] = this.#challenges.keys();
    if (this.#challenges.size > most && oldest !== undefined) this.#challenges.delete(oldest);
    return challenge;
  }

  /**
   * The challenge that the device of this token has met.
   * @param resource `{idScope}/registrations/{registrationId}`
   * @param nowS Unix seconds
   */
  met(
    registrationId: string,
    authorization: string | undefined,
    resource: string,
    nowS: number,
  ): Challenge | Refusal {
    const challenge = this.#challenges.get(keyOf(registrationId));
    const token = /^SharedAccessSignature\s+(\S+)$/i.exec(authorization ?? '')?.[1];
    if (challenge === undefined || token === undefined) return unauthorized();
    const fields = new Map(
      token.split('&').map(field => [field.split('=', 1)[0], field.slice(field.indexOf('=') + 1)]),
    );
    const sr = fields.get('sr') ?? '';
    const se = fields.get('se') ?? '';
    const signature = Buffer.from(decoded(fields.get('sig') ?? ''), 'base64');
    const expected = createHmac('sha256', challenge.hmacKey).update(`${sr}\n${se}`).digest();
    const fits = signature.length === expected.length && timingSafeEqual(signature, expected);
    if (!fits || decoded(sr).toLowerCase() !== resource.toLowerCase()) return unauthorized();
    if (fields.get('skn') !== 'registration') return unauthorized();
    if (!/^\d{1,12}$/.test(se) || Number(se) <= nowS)
      return unauthorized('Unauthorized: the token has expired.');
    return challenge;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
