/** The pace of one process towards one DPS: what it may spend and how much it has on its way, whoever calls. */
import { type BudgetSetting, OperationBudget } from './operation-budget.ts';
import { RequestWidth } from './request-width.ts';
import type { Timing } from './timing.ts';

export interface Pace {
  readonly budget: OperationBudget;
  readonly width: RequestWidth;
}

export function makePace(setting: BudgetSetting, timing: Timing): Pace {
  return { budget: new OperationBudget(setting, timing), width: new RequestWidth() };
}
