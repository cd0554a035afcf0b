/** A ledger that takes every row of a transaction and refuses its commit: what a full disk does, without filling one. */
import Database from 'better-sqlite3';

/** @returns what makes it a ledger as before */
export function refuseCommits(ledgerFile: string): () => void {
  const run = (sql: string) => {
    const db = new Database(ledgerFile);
    try {
      db.exec(sql);
    } finally {
      db.close();
    }
  };
  run(`
    CREATE TABLE test_nobody (id INTEGER PRIMARY KEY);
    CREATE TABLE test_refused (of_nobody INTEGER REFERENCES test_nobody DEFERRABLE INITIALLY DEFERRED);
    CREATE TRIGGER test_refuse AFTER INSERT ON audit_entry BEGIN INSERT INTO test_refused VALUES (1); END;
  `);
  return () => run('DROP TRIGGER test_refuse; DROP TABLE test_refused; DROP TABLE test_nobody;');
}
