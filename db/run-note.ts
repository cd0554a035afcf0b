/** What was in a TPM before a run loaded anything, so that a killed run can be cleaned up at the next contact (rule H1). */
import type Database from 'better-sqlite3';
import type { RunNoteRow } from './rows.ts';
import { Statement } from './statement.ts';

const columns = 'bridge, harvest_id, handles_before, written_at';

export class RunNoteTable {
  readonly #put: Statement;
  readonly #get: Statement<RunNoteRow>;
  readonly #remove: Statement;

  constructor(db: Database.Database) {
    this.#put = new Statement(
      db,
      `INSERT INTO run_note (${columns}) VALUES (?, ?, ?, ?) ON CONFLICT (bridge) DO UPDATE SET
         harvest_id = excluded.harvest_id, handles_before = excluded.handles_before, written_at = excluded.written_at`,
    );
    this.#get = new Statement(db, `SELECT ${columns} FROM run_note WHERE bridge = ?`);
    this.#remove = new Statement(db, 'DELETE FROM run_note WHERE bridge = ? AND harvest_id = ?');
  }

  /** Writes the note of a run; a bridge has at most one. */
  put(row: RunNoteRow): void {
    this.#put.run(row.bridge, row.harvest_id, row.handles_before, row.written_at);
  }

  get(bridge: string): RunNoteRow | undefined {
    return this.#get.get(bridge);
  }

  /** Removes the note of exactly this run. */
  remove(bridge: string, harvestId: string): void {
    this.#remove.run(bridge, harvestId);
  }
}
