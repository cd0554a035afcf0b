/**
 * Entries of the audit log that hold one of two texts somewhere in their bytes: what a device is called in all that was
 * written of it. There is no index for that, and none is worth its price at every record: the log is read through,
 * slice by slice, inside SQLite and with no statement left open in between.
 */
import type Database from 'better-sqlite3';
import type { AuditEntryRow } from './rows.ts';
import { Statement } from './statement.ts';

const entriesPerSlice = 8192;

export class AuditMentions {
  readonly #slice: Statement<AuditEntryRow>;

  constructor(db: Database.Database) {
    this.#slice = new Statement(
      db,
      `SELECT idx, entry, leaf_hash FROM audit_entry
       WHERE log_id = ? AND idx >= ? AND idx < ? AND (instr(entry, ?) > 0 OR instr(entry, ?) > 0) ORDER BY idx`,
    );
  }

  /**
   * In order; an empty slice now and then, so that the caller may give way.
   * @param to number of entries to look through
   */
  *slices(
    logId: string,
    to: number,
    texts: readonly [string, string],
  ): Generator<readonly AuditEntryRow[], void, undefined> {
    const one = Buffer.from(texts[0]);
    const other = Buffer.from(texts[1]);
    for (let from = 0; from < to; from += entriesPerSlice)
      yield this.#slice.all(logId, from, Math.min(to, from + entriesPerSlice), one, other);
  }
}
