/**
 * The access token of a shared access policy (DPS, "Control access": `sr`, `sig`, `skn`, `se`), signed once for its life
 * instead of once for every request, as the SDK would.
 */
import { createHmac } from 'node:crypto';
import type { Authorization } from './authorization.ts';
import type { ConnectionString } from './connection-string.ts';

const lifeMs = 3_600_000;
/** Signed again this long before it ends. */
const reserveMs = 600_000;

export class SharedAccessToken implements Authorization {
  readonly #connection: ConnectionString;
  #signed: { readonly text: string; readonly expiresAt: number } | undefined;

  constructor(connection: ConnectionString) {
    this.#connection = connection;
  }

  /** The `Authorization` header for a request made at this time (epoch milliseconds, by DPS's clock as far as known). */
  header(now: number): string {
    const left = (this.#signed?.expiresAt ?? 0) - now;
    // More left than a whole life: the clock was set back meanwhile.
    if (!this.#signed || left < reserveMs || left > lifeMs + 1_000) this.#signed = this.#sign(now + lifeMs);
    return this.#signed.text;
  }

  /** Signed again it would be the same, but for a corrected time, which `header` sees by itself. */
  forget(): boolean {
    return false;
  }

  #sign(expiresAt: number): { readonly text: string; readonly expiresAt: number } {
    const { host, sharedAccessKeyName, sharedAccessKey } = this.#connection;
    const se = Math.floor(expiresAt / 1000);
    const signature = createHmac('sha256', Buffer.from(sharedAccessKey, 'base64'))
      .update(`${host}\n${se}`)
      .digest('base64');
    const text = `SharedAccessSignature sr=${host}&sig=${encodeURIComponent(signature)}&skn=${encodeURIComponent(sharedAccessKeyName)}&se=${se}`;
    return { text, expiresAt: se * 1000 };
  }
}
