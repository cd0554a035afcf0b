/** `trust`: what the online side fetches for the trust store, and judging again what is in debt. */
import type { Command } from 'commander';
import type { TrustFetchReport } from '../../station/trust-fetch/fetch-trust.ts';
import type { JudgedAgain } from '../../station/trust-fetch/judge-again.ts';
import { action, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { facts } from '../table.ts';

export function addTrustCommands(program: Command): void {
  const trust = program
    .command('trust')
    .description('revocation lists and intermediate certificates of the TPM makers');
  action(
    trust
      .command('fetch')
      .description(
        'fetch what certificates name and this station lacks, then judge again; 4 where one is newly revoked, 5 where one cannot be fetched',
      ),
    invocation =>
      withCore(invocation, async core => {
        const { fetchTrust } = await import('../../station/trust-fetch/fetch-trust.ts');
        const { judgeAgain } = await import('../../station/trust-fetch/judge-again.ts');
        const { signal } = invocation;
        const report = await fetchTrust(core, { insist: true, signal });
        const judged = await judgeAgain(core, { signal, anew: true });
        invocation.output.document({ ...report, ...judged }, () =>
          [describeFetch(report), describeJudged(judged)].join('\n'),
        );
        if (judged.revoked.length > 0) return exitCodes.refused;
        return report.faults.length > 0 ? exitCodes.dps : exitCodes.done;
      }),
  );
  action(
    trust
      .command('judge')
      .description(
        'judge certificates again by the trust store as it is, without a network; 4 where one is newly revoked',
      ),
    invocation =>
      withCore(invocation, async core => {
        const { judgeAgain } = await import('../../station/trust-fetch/judge-again.ts');
        const judged = await judgeAgain(core, { signal: invocation.signal, anew: true });
        invocation.output.document(judged, () => describeJudged(judged));
        return judged.revoked.length > 0 ? exitCodes.refused : exitCodes.done;
      }),
  );
}

function describeFetch({ fetched, faults, notDue, unlisted }: TrustFetchReport): string {
  const of = (kind: 'list' | 'issuer') => fetched.filter(each => each.kind === kind).length;
  return [
    facts([
      ['lists fetched', of('list')],
      ['intermediates fetched', of('issuer')],
      ['not asked for now', notDue || undefined],
      ['not fetched', faults.length || undefined],
      ['not among the makers', unlisted.length > 0 ? unlisted.join(', ') : undefined],
    ]),
    ...faults.map(({ address, code, detail, hint }) => `${address}: ${detail}\n  ${hint} (${code})`),
  ].join('\n');
}

function describeJudged({ settled, revoked }: JudgedAgain): string {
  return [
    facts([
      ['debt settled', settled],
      ['newly revoked', revoked.length],
    ]),
    ...revoked.map(
      ({ serial, registrationId, detail }) => `REVOKED  ${serial ?? '-'}  ${registrationId}  ${detail}`,
    ),
  ].join('\n');
}
