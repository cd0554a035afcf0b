/**
 * Whether the `Authorization` of a request lets it do what it asks for: a shared access signature of one of the policies,
 * or a bearer token. The header is untrusted.
 */
import type { AccessPolicies, Right } from './access-policies.ts';
import type { BearerTokens } from './bearer-tokens.ts';
import { Refusal, unauthorized } from './refusal.ts';
import { judgeSignature } from './shared-access-signature.ts';

export interface Credentials {
  readonly policies: AccessPolicies;
  readonly bearerTokens: BearerTokens;
}

export interface AccessRequest {
  readonly authorization: string | undefined;
  /** The path of the request as it was sent, without the query. */
  readonly path: string;
  readonly right: Right;
  /** Names by which this instance is known, lower-case, with and without the port. */
  readonly hosts: readonly string[];
  /** Unix seconds. */
  readonly now: number;
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
