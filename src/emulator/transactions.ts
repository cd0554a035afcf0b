/** Work that is done whole or not at all; inside other such work it is a part of that. */
import type Database from 'better-sqlite3';

export type InTransaction = <T>(work: () => T) => T;

export function transactionsOf(db: Database.Database): InTransaction {
  const run = db.transaction((work: () => unknown) => work());
  return <T>(work: () => T) => (db.inTransaction ? work() : (run.immediate(work) as T));
}
