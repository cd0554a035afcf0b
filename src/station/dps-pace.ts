/** One pace towards DPS for each open ledger of this process, whoever calls: the drain, a probe, a reconciliation. */
import { documentedBudget } from '../outbox/operation-budget.ts';
import { makePace, type Pace } from '../outbox/pace.ts';
import { systemTiming } from '../outbox/timing.ts';
import type { StationCore } from './open-core.ts';

const paces = new WeakMap<StationCore['ledger'], Pace>();

export function paceOf(core: StationCore): Pace {
  const known = paces.get(core.ledger);
  if (known) return known;
  const { operationsPerMinute, bulkCost } = core.configuration.dps;
  const pace = makePace(
    {
      operationsPerMinute: operationsPerMinute ?? documentedBudget.operationsPerMinute,
      bulkCost: bulkCost ?? documentedBudget.bulkCost,
    },
    systemTiming,
  );
  paces.set(core.ledger, pace);
  return pace;
}
