/**
 * What must still reach DPS, and what became of it. Entries move between states and are never removed; one that DPS
 * acknowledged moves no more (rules O2, O3, O4: the schema refuses it too). Every move answers whether it happened, so
 * that the caller writes evidence only for what happened.
 */
import type Database from 'better-sqlite3';
import type { OutboxRow } from './rows.ts';
import { insertSql, Statement } from './statement.ts';

const columns = [
  'entry_id',
  'device_id',
  'harvest_id',
  'registration_id',
  'document',
  'dps_host',
  'id_scope',
  'state',
  'attempts',
  'not_before',
  'reason',
  'detail',
  'etag',
  'created_at',
  'sent_at',
  'settled_at',
] as const satisfies (keyof OutboxRow)[];

export type OutboxState = OutboxRow['state'];

export class OutboxTable {
  readonly #insert: Statement;
  readonly #get: Statement<OutboxRow>;
  readonly #ofDevice: Statement<OutboxRow>;
  readonly #due: Statement<OutboxRow>;
  readonly #inState: Statement<OutboxRow>;
  readonly #all: Statement<OutboxRow>;
  readonly #nextDue: Statement<{ due: number | null }>;
  readonly #oldest: Statement<{ created_at: number }>;
  readonly #send: Statement;
  readonly #target: Statement;
  readonly #enrol: Statement;
  readonly #setAside: Statement;
  readonly #requeue: Statement;

  constructor(db: Database.Database) {
    const select = `SELECT ${columns} FROM outbox`;
    const after = 'number > coalesce((SELECT number FROM outbox WHERE entry_id = ?), 0)';
    this.#insert = new Statement(db, insertSql('outbox', columns));
    this.#get = new Statement(db, `${select} WHERE entry_id = ?`);
    this.#ofDevice = new Statement(db, `${select} WHERE device_id = ? ORDER BY number`);
    // The index is named: without statistics SQLite would take the one on the state and sort the whole queue.
    this.#due = new Statement(
      db,
      `${select} INDEXED BY outbox_due WHERE state = 'queued' AND not_before <= ? ORDER BY not_before, number LIMIT ?`,
    );
    this.#inState = new Statement(db, `${select} WHERE state = ? AND ${after} ORDER BY number LIMIT ?`);
    this.#all = new Statement(db, `${select} WHERE ${after} ORDER BY number LIMIT ?`);
    this.#nextDue = new Statement(
      db,
      `SELECT min(not_before) AS due FROM outbox INDEXED BY outbox_due WHERE state = 'queued'`,
    );
    this.#oldest = new Statement(db, 'SELECT created_at FROM outbox WHERE state = ? ORDER BY number LIMIT 1');
    const update = 'UPDATE outbox SET';
    this.#send = new Statement(
      db,
      `${update} state = 'sending', attempts = attempts + 1, sent_at = ? WHERE entry_id = ? AND state = 'queued'`,
    );
    this.#target = new Statement(
      db,
      `${update} dps_host = ?, id_scope = ? WHERE entry_id = ? AND dps_host IS NULL`,
    );
    this.#enrol = new Statement(
      db,
      `${update} state = 'enrolled', etag = ?, reason = NULL, detail = NULL, settled_at = ?
       WHERE entry_id = ? AND state <> 'enrolled'`,
    );
    this.#setAside = new Statement(
      db,
      `${update} state = ?, reason = ?, detail = ?, settled_at = ? WHERE entry_id = ? AND state IN ('queued', 'sending')`,
    );
    this.#requeue = new Statement(
      db,
      `${update} state = 'queued', not_before = ?, reason = NULL, detail = ?, settled_at = NULL
       WHERE entry_id = ? AND state IN ('sending', 'conflict', 'quarantined')`,
    );
  }

  /** A row with `not_before` 0 is due whatever becomes of the clock; those that wait are in order of arrival. */
  insert(row: OutboxRow): void {
    this.#insert.insert(row);
  }

  get(entryId: string): OutboxRow | undefined {
    return this.#get.get(entryId);
  }

  /** Oldest first. */
  ofDevice(deviceId: string): OutboxRow[] {
    return this.#ofDevice.all(deviceId);
  }

  /** Queued entries that are due at `now` (epoch milliseconds), longest due first. */
  due(limit: number, now: number): OutboxRow[] {
    return this.#due.all(now, limit);
  }

  inState(state: OutboxState, limit: number): OutboxRow[] {
    return this.list({ state, limit });
  }

  /** In order of arrival; `after` is the entry id that the page before ended with. */
  list(page: { readonly state?: OutboxState; readonly limit: number; readonly after?: string }): OutboxRow[] {
    const after = page.after ?? null;
    return page.state === undefined
      ? this.#all.all(after, page.limit)
      : this.#inState.all(page.state, after, page.limit);
  }

  /** Epoch milliseconds at which the next queued entry is due. */
  nextDue(): number | undefined {
    return this.#nextDue.get()?.due ?? undefined;
  }

  /** When the oldest entry that is not settled (queued or sending) was made, epoch milliseconds. */
  oldestWaiting(): number | undefined {
    const waiting = (['queued', 'sending'] as const).flatMap(
      state => this.#oldest.get(state)?.created_at ?? [],
    );
    return waiting.length === 0 ? undefined : Math.min(...waiting);
  }

  /** queued → sending, counting the attempt. @returns how many of them moved */
  setSending(entryIds: readonly string[], now: number): number {
    return entryIds.reduce((moved, entryId) => moved + this.#send.run(now, entryId), 0);
  }

  /** Names the DPS of an entry that was made while none was configured; one that has a DPS keeps it (rule O8). */
  setTarget(entryId: string, dpsHost: string, idScope: string | null): boolean {
    return this.#target.run(dpsHost, idScope, entryId) === 1;
  }

  /** → enrolled, final. */
  setEnrolled(entryId: string, outcome: { readonly etag: string | null; readonly at: number }): boolean {
    return this.#enrol.run(outcome.etag, outcome.at, entryId) === 1;
  }

  /** queued or sending → conflict or quarantined. `detail` is JSON text. */
  setAside(
    entryId: string,
    outcome: {
      readonly state: 'conflict' | 'quarantined';
      readonly reason: string;
      readonly detail: string | null;
      readonly at: number;
    },
  ): boolean {
    const { state, reason, detail, at } = outcome;
    return this.#setAside.run(state, reason, detail, at, entryId) === 1;
  }

  /** sending, conflict or quarantined → queued. `detail` is JSON text. */
  requeue(entryId: string, again: { readonly notBefore: number; readonly detail: string | null }): boolean {
    return this.#requeue.run(again.notBefore, again.detail, entryId) === 1;
  }
}
