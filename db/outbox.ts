/**
 * What must still reach DPS, and what became of it. Entries move between states and are never removed; the schema refuses
 * every move that there is not (rules O2, O3, O4). A move answers whether it happened, so that the caller writes evidence
 * only for what happened.
 */
import type Database from 'better-sqlite3';
import type { OutboxRow } from './rows.ts';
import { insertSql, Statement } from './statement.ts';

const columns = [
  'entry_id',
  'device_id',
  'harvest_id',
  'registration_id',
  'operation',
  'document',
  'dps_host',
  'id_scope',
  'state',
  'waits_for',
  'over_etag',
  'because',
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

/** What a move leaves in the row; what is not named stays. */
export type OutboxMove = Partial<
  Pick<OutboxRow, 'attempts' | 'not_before' | 'reason' | 'detail' | 'etag' | 'sent_at' | 'settled_at'>
>;

export class OutboxTable {
  readonly #insert: Statement;
  readonly #get: Statement<OutboxRow>;
  readonly #ofDevice: Statement<OutboxRow>;
  readonly #due: Statement<OutboxRow>;
  readonly #inState: Statement<OutboxRow>;
  readonly #all: Statement<OutboxRow>;
  readonly #nextDue: Statement<{ due: number | null }>;
  readonly #oldest: Statement<{ created_at: number }>;
  readonly #target: Statement<
    Pick<OutboxRow, 'dps_host' | 'id_scope' | 'harvest_id'> & { number: number | null }
  >;
  readonly #unsettled: Statement<{ entry_id: string | null }>;
  readonly #setTarget: Statement;
  readonly #retarget: Statement;
  readonly #waitFor: Statement;
  readonly #move: Statement;
  readonly #assumeSent: Statement;
  readonly #countAsSent: Statement;

  constructor(db: Database.Database) {
    const select = `SELECT ${columns} FROM outbox`;
    const after = 'number > coalesce((SELECT number FROM outbox WHERE entry_id = ?), 0)';
    const due = `FROM outbox INDEXED BY outbox_due WHERE state = 'queued' AND waits_for IS NULL`;
    this.#insert = new Statement(db, insertSql('outbox', columns));
    this.#get = new Statement(db, `${select} WHERE entry_id = ?`);
    this.#ofDevice = new Statement(db, `${select} WHERE device_id = ? ORDER BY number`);
    // The index is named: without statistics SQLite would take the one on the state and sort the whole queue.
    this.#due = new Statement(
      db,
      `SELECT ${columns} ${due} AND not_before <= ? ORDER BY not_before, number LIMIT ?`,
    );
    this.#inState = new Statement(db, `${select} WHERE state = ? AND ${after} ORDER BY number LIMIT ?`);
    this.#all = new Statement(db, `${select} WHERE ${after} ORDER BY number LIMIT ?`);
    this.#nextDue = new Statement(db, `SELECT min(not_before) AS due ${due}`);
    this.#oldest = new Statement(db, 'SELECT created_at FROM outbox WHERE state = ? ORDER BY number LIMIT 1');
    this.#target = new Statement(
      db,
      `SELECT dps_host, id_scope, harvest_id, max(number) AS number FROM outbox WHERE device_id = ? AND state <> 'cancelled'`,
    );
    // max() makes the other column that of the row that has the maximum (SQLite, "bare columns in an aggregate").
    this.#unsettled = new Statement(
      db,
      `SELECT entry_id, max(number) FROM outbox WHERE state NOT IN ('enrolled', 'cancelled') AND device_id IN (
         SELECT ? UNION ALL
         SELECT device_id FROM device WHERE registration_id = ? AND retired_at IS NULL UNION ALL
         SELECT device_id FROM device WHERE registration_id = ? AND retired_at IS NOT NULL)`,
    );
    this.#setTarget = new Statement(
      db,
      `UPDATE outbox SET dps_host = ?, id_scope = ? WHERE entry_id = ? AND dps_host IS NULL`,
    );
    this.#retarget = new Statement(
      db,
      `UPDATE outbox SET dps_host = ?, id_scope = ? WHERE entry_id = ? AND state IN ('queued', 'quarantined')`,
    );
    this.#waitFor = new Statement(db, 'UPDATE outbox SET waits_for = ? WHERE entry_id = ?');
    this.#move = new Statement(
      db,
      `UPDATE outbox SET state = ?, attempts = ?, not_before = ?, reason = ?, detail = ?, etag = ?, sent_at = ?, settled_at = ?
       WHERE entry_id = ? AND state = ?`,
    );
    this.#assumeSent = new Statement(
      db,
      `UPDATE outbox SET state = 'sending', sent_at = coalesce(sent_at, ?)
       WHERE state = 'queued' AND waits_for IS NULL`,
    );
    this.#countAsSent = new Statement(
      db,
      `UPDATE outbox SET attempts = 1 WHERE state = 'queued' AND attempts = 0`,
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

  /** Queued entries that are due at `now` (epoch milliseconds) and wait for no other, longest due first. */
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

  /** Epoch milliseconds at which the next queued entry that waits for no other is due. */
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

  /** The newest entry of this device, or of any device that has or had this registration id, that is not settled. */
  newestUnsettled(registrationId: string, deviceId: string): string | undefined {
    return this.#unsettled.get(deviceId, registrationId, registrationId)?.entry_id ?? undefined;
  }

  /** Of the device's newest entry that was not cancelled: its DPS, and the harvest that the enrollment there names; undefined where it has none. */
  targetOf(deviceId: string): Pick<OutboxRow, 'dps_host' | 'id_scope' | 'harvest_id'> | undefined {
    const { number, ...target } = this.#target.get(deviceId)!;
    return number === null ? undefined : target;
  }

  /** Names the DPS of an entry that was made while none was configured; one that has a DPS keeps it (rule O8). */
  setTarget(entryId: string, dpsHost: string, idScope: string | null): boolean {
    return this.#setTarget.run(dpsHost, idScope, entryId) === 1;
  }

  /** Sends what is queued or set aside to another DPS than it was made for. @returns false where it is in another state */
  retarget(entryId: string, dpsHost: string, idScope: string | null): boolean {
    return this.#retarget.run(dpsHost, idScope, entryId) === 1;
  }

  /** The first takes the second's place in the order, and the second waits for it. Neither is settled. */
  putBefore(entryId: string, laterId: string): void {
    this.#waitFor.run(this.get(laterId)?.waits_for ?? null, entryId);
    this.#waitFor.run(entryId, laterId);
  }

  /** In a ledger that is older than what was done with it: what was queued may have been sent since, so nothing of it may be cancelled. */
  countAsSent(): void {
    this.#countAsSent.run();
  }

  /** Then DPS is asked about it before any of it is sent; what waits for another entry stays in its place. @returns how many */
  assumeSent(at: number): number {
    return this.#assumeSent.run(at);
  }

  /**
   * Moves an entry from the state that the row was read in. @returns false where it is in another state by now
   * @throws LedgerError where the schema has no such move
   */
  move(row: OutboxRow, to: OutboxState, changes: OutboxMove = {}): boolean {
    const { attempts, not_before, reason, detail, etag, sent_at, settled_at } = { ...row, ...changes };
    const { entry_id, state } = row;
    return (
      this.#move.run(to, attempts, not_before, reason, detail, etag, sent_at, settled_at, entry_id, state) ===
      1
    );
  }
}
