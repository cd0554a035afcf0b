/**
 * Stored roots of perfect subtrees of a log's tree. This folder knows no hashing: what is put in is worked out by
 * whoever grows the tree, and everything here can be made again from the leaf hashes.
 */
import type Database from 'better-sqlite3';
import { Statement } from './statement.ts';

export class SubtreeTable {
  readonly #insert: Statement;
  readonly #range: Statement<{ number: number; hash: Buffer }>;
  readonly #count: Statement<{ n: number }>;

  constructor(db: Database.Database) {
    this.#insert = new Statement(
      db,
      `INSERT INTO subtree (log_id, level, number, hash) SELECT @log_id, @level, @number, @hash
       WHERE NOT EXISTS (SELECT 1 FROM subtree WHERE log_id = @log_id AND level = @level AND number = @number)`,
    );
    this.#range = new Statement(
      db,
      'SELECT number, hash FROM subtree WHERE log_id = ? AND level = ? AND number >= ? AND number < ? ORDER BY number',
    );
    this.#count = new Statement(
      db,
      'SELECT coalesce(max(number), -1) + 1 AS n FROM subtree WHERE log_id = ? AND level = ?',
    );
  }

  /** Keeps the first root of each place. */
  insert(row: {
    readonly log_id: string;
    readonly level: number;
    readonly number: number;
    readonly hash: Buffer;
  }): void {
    this.#insert.insert(row);
  }

  /** Roots `from` up to but without `to` of a level, in order; up to the first that is not stored. */
  range(logId: string, level: number, from: number, to: number): Buffer[] {
    const rows = this.#range.all(logId, level, from, to);
    const gap = rows.findIndex(({ number }, at) => number !== from + at);
    return (gap < 0 ? rows : rows.slice(0, gap)).map(({ hash }) => hash);
  }

  /** How many of a level are stored: they are filled in order. */
  count(logId: string, level: number): number {
    return this.#count.get(logId, level)!.n;
  }
}
