/**
 * The states of an outbox entry and every way between them: the one table. What is not in it does not happen; the schema
 * of the ledger refuses it as well (migration 3). `RULES.md` says in words what the states mean and who may cause what.
 */
export const outboxStates = [
  'queued',
  'sending',
  'enrolled',
  'conflict',
  'quarantined',
  'cancelled',
] as const;

export type OutboxState = (typeof outboxStates)[number];

/** What an entry asks of DPS. */
export const operations = ['create', 'update', 'disable', 'enable', 'delete'] as const;

export type Operation = (typeof operations)[number];

export const transitions = [
  // The drain.
  { from: 'queued', event: 'take', to: 'sending' },
  { from: 'sending', event: 'requeue', to: 'queued' },
  { from: 'sending', event: 'enrol', to: 'enrolled' },
  { from: 'sending', event: 'find-conflict', to: 'conflict' },
  { from: 'sending', event: 'quarantine', to: 'quarantined' },
  { from: 'queued', event: 'quarantine', to: 'quarantined' },
  // Goes into a courier bundle: as one that was sent once, and still waits.
  { from: 'queued', event: 'pack', to: 'queued' },
  // A person.
  { from: 'conflict', event: 'retry', to: 'queued' },
  { from: 'quarantined', event: 'retry', to: 'queued' },
  { from: 'queued', event: 'cancel', to: 'cancelled' },
  { from: 'conflict', event: 'cancel', to: 'cancelled' },
  { from: 'quarantined', event: 'cancel', to: 'cancelled' },
] as const satisfies readonly { from: OutboxState; event: string; to: OutboxState }[];

export type OutboxEvent = (typeof transitions)[number]['event'];

/** Where the event leads from this state; undefined: it does not happen here. */
export function nextState(from: OutboxState, event: OutboxEvent): OutboxState | undefined {
  return transitions.find(each => each.from === from && each.event === event)?.to;
}

/** Nothing leads out of it. */
export function isFinal(state: OutboxState): boolean {
  return !transitions.some(each => each.from === state);
}
