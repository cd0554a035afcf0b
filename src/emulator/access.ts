/**
 * Whether the `Authorization` of a request lets it do what it asks for: a shared access signature of one of the policies,
 * or a bearer token. The header is untrusted.
 */
import type { AccessPolicies, Right } from './access-policies.ts';
import type { AccessRequest } from './access-request.ts';
import type { BearerTokens } from './bearer-tokens.ts';
import { Refusal, unauthorized } from './refusal.ts';
import { judgeSignature } from './shared-access-signature.ts';

export interface Credentials {
  readonly policies: AccessPolicies;
  readonly bearerTokens: BearerTokens;
}

/** Undefined where it may; 401002 otherwise, also for credentials that lack the right. */
export function judgeAccess(credentials: Credentials, request: AccessRequest): Refusal | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.authorization ?? '')?.[1];
  const judged =
    bearer === undefined
      ? judgeSignature(credentials.policies.list(), request)
      : judgeBearer(credentials.bearerTokens, bearer, request.now);
  if (judged instanceof Refusal) return judged;
  if (judged.includes(request.right)) return undefined;
  const whose = bearer === undefined ? 'policy' : 'principal';
  return unauthorized(`Unauthorized: the ${whose} lacks ${request.right}.`);
}

function judgeBearer(tokens: BearerTokens, token: string, now: number): readonly Right[] | Refusal {
  const grant = tokens.find(token);
  if (grant === undefined) return unauthorized();
  return grant.expiresAt !== undefined && grant.expiresAt <= now
    ? unauthorized('Unauthorized: the token has expired.')
    : grant.rights;
}
