/** One pace towards DPS for each open ledger of this process, whoever calls: the drain, a probe, a reconciliation. */
import { documentedBudget } from '../../outbox/operation-budget.ts';
import { makePace, type Pace } from '../../outbox/pace.ts';
import { systemTiming } from '../../outbox/timing.ts';
import type { StationCore } from '../open-core.ts';

/** With the settings that it was made of: another one is made where they changed. */
const paces = new WeakMap<StationCore['ledger'], { readonly settings: string; readonly pace: Pace }>();

export function paceOf(core: StationCore): Pace {
  const { operationsPerMinute, bulkCost } = core.configuration.dps;
  const settings = JSON.stringify([operationsPerMinute, bulkCost]);
  const known = paces.get(core.ledger);
  if (known?.settings === settings) return known.pace;
  const pace = makePace(
    {
      operationsPerMinute: operationsPerMinute ?? documentedBudget.operationsPerMinute,
      bulkCost: bulkCost ?? documentedBudget.bulkCost,
    },
    systemTiming,
  );
  paces.set(core.ledger, { settings, pace });
  return pace;
}
