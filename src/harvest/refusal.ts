/** A rule refuses what was read: leaves a run from any step. `runHarvest` makes a finding of it. */
import type { RunRefusalCode } from './finding.ts';

export class Refusal extends Error {
  readonly code: RunRefusalCode;
  readonly detail: string;

  constructor(code: RunRefusalCode, detail: string) {
    super(detail);
    this.code = code;
    this.detail = detail;
  }
}
