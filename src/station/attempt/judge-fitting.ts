/**
 * An EK certificate that fits its key, judged by the trust store that is at hand (rule H8): at a harvest, and again when the
 * store knows more. From bytes alone; a date that an unsynced clock cannot vouch for is never a reason to refuse (rule O7).
 */
import type { CertificateFinding } from '../../harvest/finding.ts';
import { type ChainJudgement, judgeChain } from '../../trust/judge-chain.ts';
import type { TrustStore } from '../../trust/trust-store.ts';
import type { ClockReading } from '../clock/station-clock.ts';
import type { RevocationPolicy } from '../configuration/configuration.ts';

/** With `unchecked`, the rule of a chain that holds but for what no revocation list says. */
export const REVOCATION_UNKNOWN = 'revocation-unknown';

export type FittingJudgement = Pick<
  CertificateFinding,
  'status' | 'rule' | 'detail' | 'anchor' | 'chain' | 'revocation'
> & {
  readonly status: 'verified' | 'untrusted' | 'revoked' | 'unchecked';
  /** With `revoked`: SHA-256 of the list that says so, hex. */
  readonly list?: string;
};

export interface JudgingBy {
  readonly store: TrustStore;
  readonly revocation: RevocationPolicy;
  readonly clock: Pick<ClockReading, 'at' | 'clock'>;
}

export function judgeFitting(der: Uint8Array, { store, revocation, clock }: JudgingBy): FittingJudgement {
  const source = revocation === 'off' ? { issuersOf: store.issuersOf } : store;
  const chain = judgeChain(der, source, clock.at);
  if (chain.status === 'verified') return withoutList(chain, revocation);
  if (chain.revoked) return revokedBy(chain, chain.revoked.list);
  const { rule, detail } = chain;
  if (clock.clock === 'synced') return { status: 'untrusted', rule, detail };
  const withoutDates = judgeChain(der, source, undefined);
  if (withoutDates.status === 'untrusted' && withoutDates.revoked)
    return revokedBy(withoutDates, withoutDates.revoked.list);
  return { status: withoutDates.status === 'verified' ? 'unchecked' : 'untrusted', rule, detail };
}

function withoutList(
  { status, anchor, chain, unknown }: Extract<ChainJudgement, { status: 'verified' }>,
  policy: RevocationPolicy,
): FittingJudgement {
  if (unknown === undefined) return { status, anchor, chain };
  const detail = unknown.map(each => each.detail).join('; ');
  return policy === 'require'
    ? { status: 'unchecked', rule: REVOCATION_UNKNOWN, detail }
    : { status, anchor, chain, revocation: detail };
}

function revokedBy(
  { rule, detail }: Extract<ChainJudgement, { status: 'untrusted' }>,
  list: string,
): FittingJudgement {
  return { status: 'revoked', rule, detail, list };
}
