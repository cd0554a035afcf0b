/**
 * An outbox in memory that keeps the ledger's promises and checks the drain's: only an entry in `sending` is settled, and
 * nothing is enrolled twice. `snapshot` and `restored` carry it over the death of its process.
 */
import assert from 'node:assert/strict';
import { isFinal, type OutboxState } from '../../src/outbox/states.ts';
import type { OutboxEntry, OutboxStore, Settlement, TakenEntry } from '../../src/outbox/store.ts';

interface Row {
  readonly entry: OutboxEntry;
  state: OutboxState;
  attempts: number;
  notBefore: number;
  acknowledgements: number;
  settlement?: Settlement;
}

export class MemoryStore implements OutboxStore {
  readonly #rows: Map<string, Row>;
  readonly #unreadable: string[] = [];
  onChange: (() => void) | undefined;

  constructor(entries: readonly OutboxEntry[]) {
    this.#rows = new Map(
      entries.map(entry => [
        entry.entryId,
        { entry, state: 'queued', attempts: entry.attempts, notBefore: 0, acknowledgements: 0 },
      ]),
    );
  }

  static restored(snapshot: string): MemoryStore {
    const store = new MemoryStore([]);
    for (const row of JSON.parse(snapshot) as Row[]) store.#rows.set(row.entry.entryId, row);
    return store;
  }

  snapshot(): string {
    return JSON.stringify([...this.#rows.values()]);
  }

  add(entry: OutboxEntry): void {
    this.#rows.set(entry.entryId, { entry, state: 'queued', attempts: 0, notBefore: 0, acknowledgements: 0 });
  }

  /** A row whose document cannot be read any more. */
  spoil(entryId: string): void {
    this.#unreadable.push(entryId);
  }

  take(limit: number, now: number): readonly TakenEntry[] {
    const due = this.#free().filter(row => row.notBefore <= now);
    const taken = due.slice(0, limit);
    for (const row of taken) {
      row.state = 'sending';
      row.attempts++;
    }
    if (taken.length > 0) this.onChange?.();
    return taken.map(row => this.#asTaken(row));
  }

  unresolved(limit: number): readonly TakenEntry[] {
    return this.#in('sending')
      .slice(0, limit)
      .map(row => this.#asTaken(row));
  }

  settle(settlements: readonly Settlement[]): void {
    for (const settlement of settlements) {
      const row = this.row(settlement.entryId);
      assert.equal(row.state, 'sending', 'only an entry in sending is settled');
      row.settlement = settlement;
      row.state = settlement.kind === 'requeued' ? 'queued' : settlement.kind;
      if (settlement.kind === 'requeued') row.notBefore = settlement.notBefore;
      if (settlement.kind === 'enrolled') row.acknowledgements++;
    }
    this.onChange?.();
  }

  nextDue(): number | undefined {
    const free = this.#free();
    return free.length === 0 ? undefined : Math.min(...free.map(row => row.notBefore));
  }

  waiting(): number {
    return this.#free().length + this.#in('sending').length;
  }

  row(entryId: string): Row {
    const row = this.#rows.get(entryId);
    assert.ok(row, 'the entry is in the outbox');
    return row;
  }

  rows(): readonly Row[] {
    return [...this.#rows.values()];
  }

  /** Queued, and no change of the same enrollment before it, nor it as a change behind anything, is unsettled. */
  #free(): Row[] {
    const busy = new Map<string, boolean>();
    return [...this.#rows.values()].filter(row => {
      if (isFinal(row.state)) return false;
      const { registrationId, operation } = row.entry;
      const isChange = operation !== 'create';
      const before = busy.get(registrationId);
      busy.set(registrationId, before || isChange);
      return row.state === 'queued' && !(before || (before === false && isChange));
    });
  }

  #in(state: OutboxState): Row[] {
    return [...this.#rows.values()].filter(row => row.state === state);
  }

  #asTaken(row: Row): TakenEntry {
    const { entryId } = row.entry;
    return this.#unreadable.includes(entryId)
      ? { kind: 'unreadable', entryId, detail: 'spoilt by the test' }
      : { kind: 'entry', entry: { ...row.entry, attempts: row.attempts } };
  }
}
