/**
 * Bearer tokens that this instance accepts, in the place of those that Microsoft Entra ID issues: the emulator judges no
 * issuer and no signature, it knows the tokens that it was told of over the control API. They are gone at the end.
 */
import { z } from 'zod';
import { type Right, right } from './access-policies.ts';

const bearerToken = z.strictObject({
  /** The characters of RFC 6750, 2.1. */
  token: z.string().regex(/^[A-Za-z0-9\-._~+/]+=*$/),
  rights: z.array(right).default(['EnrollmentRead', 'EnrollmentWrite']),
  /** Unix seconds; absent = it never runs out. */
  expiresAt: z.int().nonnegative().optional(),
});

export interface BearerGrant {
  readonly rights: readonly Right[];
  readonly expiresAt: number | undefined;
}

export class BearerTokens {
  readonly #grants = new Map<string, BearerGrant>();

  /** Accepts a token from now on, `{token, rights?, expiresAt?}`; a text says what is wrong with it. */
  accept(value: unknown): BearerGrant | string {
    const read = bearerToken.safeParse(value);
    if (!read.success) {
      // Not what was sent: it may be a token (rule S2).
      return read.error.issues.map(issue => `${issue.path.join('.') || 'token'}: ${issue.code}`).join('; ');
    }
    const grant = { rights: read.data.rights, expiresAt: read.data.expiresAt };
    this.#grants.set(read.data.token, grant);
    return grant;
  }

  find(token: string): BearerGrant | undefined {
    return this.#grants.get(token);
  }

  list(): BearerGrant[] {
    return [...this.#grants.values()];
  }

  clear(): void {
    this.#grants.clear();
  }
}
