/** Which entries the head of an export says are shown. */
import type { EntryFacts } from './scan-entry.ts';

export interface Filter {
  readonly state?: string | undefined;
  readonly workOrder?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export function isSelected(filter: Filter, entry: EntryFacts): boolean {
  const { state, workOrder, since, until } = filter;
  return (
    (state === undefined || entry.data.verdict === state || entry.data.change === state) &&
    (workOrder === undefined || entry.data.workOrder === workOrder) &&
    (since === undefined || entry.at >= since) &&
    (until === undefined || entry.at < until)
  );
}
