/**
 * Very many rows into a ledger that nobody else writes to: one transaction without triggers, syncs and foreign keys, indexes in
 * memory. Before it commits, the triggers stand again, and what they would have counted is written.
 */
import Database from 'better-sqlite3';
import { pageSize } from '../../db/pragmas.ts';

const CACHE_MIB = 1024;

export function inOneStroke(file: string, fill: (db: Database.Database) => void): void {
  const db = new Database(file);
  try {
    db.pragma(`cache_size = -${CACHE_MIB * 1024}`);
    db.pragma('synchronous = OFF');
    db.pragma('foreign_keys = OFF');
    if (db.pragma('page_size', { simple: true }) !== pageSize)
      throw new Error('not the page size of a ledger');
    const triggers = db
      .prepare<[], { name: string; sql: string }>(
        `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`,
      )
      .all();
    db.transaction(() => {
      for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
      fill(db);
      count(db);
      for (const { sql } of triggers) db.exec(sql);
    })();
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}

function count(db: Database.Database): void {
  const write = db.prepare('UPDATE count SET n = ? WHERE name = ?');
  const of = (from: string) => db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${from}`).get()!.n;
  write.run(of('harvest'), 'harvests');
  write.run(of('device'), 'devices');
  write.run(of('device WHERE certificate_debt = 1 AND retired_at IS NULL'), 'certificate-debt');
  const states = db
    .prepare<[], { state: string; n: number }>('SELECT state, count(*) AS n FROM outbox GROUP BY state')
    .all();
  for (const { state, n } of states) write.run(n, `outbox:${state}`);
}
