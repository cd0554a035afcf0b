/** What a fixture shows of its run: the steps while it goes on, and the verdict that it ended in. */
import { harvestSteps, type StepEvent, type TpmIdentity } from '../../harvest/finding.ts';
import type { HarvestResult } from '../attempt/harvest-device.ts';
import { overrulingOf } from '../overruling/overruling.ts';
import type { StepView, VerdictView } from '../views.ts';

export const waitingSteps: readonly StepView[] = harvestSteps.map(step => ({ step, state: 'waiting' }));

export function stepView(before: StepView, event: StepEvent, began: number): StepView {
  // How long it takes is not known before its end.
  if (event.state === 'started') return { step: event.step, state: 'running' };
  return {
    step: event.step,
    state: 'done',
    // Told twice where the station judges what the run read: the time is the run's.
    ms: before.state === 'done' && before.ms !== undefined ? before.ms : event.atMs - began,
    ...(event.found === undefined ? {} : { found: event.found }),
  };
}

/** The step that the run ended in did not get to its own end. @param began and durationMs in milliseconds of the run */
export function stepAtEnd(step: StepView, durationMs: number, began = durationMs): StepView {
  return step.state === 'running' ? { ...step, state: 'stopped', ms: Math.max(0, durationMs - began) } : step;
}

export function verdictView(result: HarvestResult, now: number): VerdictView {
  const tpm = result.tpm && tpmName(result.tpm);
  const overruling = overrulingOf(result.code);
  return {
    harvestId: result.harvestId,
    verdict: result.verdict,
    code: result.code,
    warnings: result.warnings,
    ...(result.registrationId === undefined ? {} : { registrationId: result.registrationId }),
    ...(tpm ? { tpm } : {}),
    ...(result.ekSha256 === undefined ? {} : { ekSha256: result.ekSha256 }),
    ...(result.responseCode === undefined ? {} : { responseCode: result.responseCode }),
    ...(result.responseCodeName === undefined ? {} : { responseCodeName: result.responseCodeName }),
    ...(result.detail === undefined ? {} : { detail: result.detail }),
    ...(result.golden ? { golden: true } : {}),
    ...(overruling ? { overruling } : {}),
    ...(result.otherSerial === undefined ? {} : { otherSerial: result.otherSerial }),
    ...(result.dutSerial?.status === 'differs' && result.dutSerial.serial !== undefined
      ? { dutSerial: result.dutSerial.serial }
      : {}),
    committedAt: result.recordedAt ?? now,
  };
}

/** Vendor strings come in blocks of four characters, filled with blanks. */
export function tpmName({ manufacturer, vendor }: TpmIdentity): string {
  return `${manufacturer} ${vendor}`.replaceAll(/ +/g, ' ').trim();
}
