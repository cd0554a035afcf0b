/** `keyline sync --reconcile [--apply KINDS --as ID]`. */
import { reasonOf } from '../../station/act.ts';
import type { StationCore } from '../../station/open-core.ts';
import type { ApplyRequest } from '../../station/reconcile/apply-findings.ts';
import {
  type ApplicableKind,
  applicableKinds,
  type FindingKind,
  findingKinds,
  type Proposal,
  proposals,
} from '../../station/reconcile/findings.ts';
import type { ReconciliationReport } from '../../station/reconcile/reconcile.ts';
import { commandLineAccount, type Invocation, withCore } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { FirstFindings, reconciliationText } from '../reconciliation-text.ts';
import { withSecrets } from '../secret-input.ts';
import { type ActingOptions, actingAs } from '../sign-in.ts';
import { UsageError } from '../usage-error.ts';

export interface ReconcileOptions extends ActingOptions {
  readonly apply?: string;
  readonly reason: string;
}

const progressEveryMs = 200;
const eraseLine = '\r\u001b[K';

export async function runReconcile(invocation: Invocation, options: ReconcileOptions): Promise<ExitCode> {
  const kinds = options.apply === undefined ? undefined : kindsOf(options.apply);
  const { output, signal } = invocation;
  return withCore(invocation, async core => {
    const apply = kinds && (await actOf(invocation, core, kinds, options));
    const { reconcile } = await import('../../station/reconcile/reconcile.ts');
    const first = new FirstFindings();
    const progress = process.stderr.isTTY && !output.json ? progressOn(process.stderr) : undefined;
    const report = await reconcile(core, {
      account: commandLineAccount(),
      signal,
      apply,
      onFinding: finding => {
        if (output.json) output.line({ finding }, () => '');
        else first.add(finding);
      },
      onProgress: counts => progress?.show(`${counts.enrollments} enrollments, ${counts.devices} devices`),
    }).finally(() => progress?.end());
    output.document({ summary: { ...report, proposals: proposalsFor(report) } }, () =>
      reconciliationText(report, first),
    );
    return exitCodeOf(report);
  });
}

function kindsOf(text: string): readonly ApplicableKind[] {
  const kinds = text.split(',').map(each => each.trim());
  const unknown = kinds.find(kind => !applicableKinds.some(each => each === kind));
  if (unknown !== undefined)
    throw new UsageError(`--apply takes ${applicableKinds.join(', ')}, not "${unknown}"`);
  return applicableKinds.filter(kind => kinds.includes(kind));
}

function actOf(
  invocation: Invocation,
  core: StationCore,
  kinds: readonly ApplicableKind[],
  options: ReconcileOptions,
): Promise<ApplyRequest> {
  const reason = reasonOf(options.reason);
  return withSecrets(invocation, async input => ({
    kinds,
    act: { who: await actingAs(core, options, input), reason },
  }));
}

function proposalsFor({ findings }: ReconciliationReport): Partial<Record<FindingKind, Proposal>> {
  const kinds = findingKinds.filter(kind => findings[kind] !== undefined);
  return Object.fromEntries(kinds.map(kind => [kind, proposals[kind]]));
}

/** What is known of an end that came too early comes first: an incomplete walk proves no agreement. */
async function exitCodeOf({ stopped, findings }: ReconciliationReport): Promise<ExitCode> {
  if (stopped?.code === 'cancelled') return exitCodes.unexpected;
  if (stopped) {
    const { kindOfDpsError } = await import('../../station/failure.ts');
    return exitCodes[kindOfDpsError(stopped.code)];
  }
  return Object.keys(findings).length > 0 ? exitCodes.refused : exitCodes.done;
}

/** How many there will be is not known before the last page. */
function progressOn(to: { write(text: string): unknown }) {
  let writtenAt = Number.NEGATIVE_INFINITY;
  return {
    show(text: string) {
      const now = performance.now();
      if (now - writtenAt < progressEveryMs) return;
      writtenAt = now;
      to.write(`${eraseLine}${text}`);
    },
    end: () => void to.write(eraseLine),
  };
}
