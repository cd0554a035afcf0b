/** Tells a screen the steps of one run as they happen, and a failed run where it was. */
import { cleanText } from '../tpm/clean-text.ts';
import type { HarvestStep, StepEvent } from './finding.ts';

export class StepReporter {
  readonly #onStep: ((event: StepEvent) => void) | undefined;
  readonly #begun = performance.now();
  current: HarvestStep = 'connect';

  constructor(onStep: ((event: StepEvent) => void) | undefined) {
    this.#onStep = onStep;
  }

  start(step: HarvestStep): void {
    this.current = step;
    this.#onStep?.({ step, state: 'started', atMs: this.#elapsed() });
  }

  done(found: string): void {
    this.#onStep?.({ step: this.current, state: 'done', atMs: this.#elapsed(), found: cleanText(found, 60) });
  }

  #elapsed(): number {
    return Math.round(performance.now() - this.#begun);
  }
}
