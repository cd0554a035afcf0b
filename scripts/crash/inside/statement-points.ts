/** A point after every SQL statement that may change something, transactions' own included, and after a database is closed. */
import Database from 'better-sqlite3';
import { pass } from './points.ts';

type Run = (this: Database.Statement, ...values: unknown[]) => unknown;
const ways = ['run', 'get', 'all'] as const;
const longest = 60;

export function watchStatements(): void {
  const any = new Database(':memory:');
  const prototype = Object.getPrototypeOf(any.prepare('SELECT 1')) as Record<(typeof ways)[number], Run>;
  any.close();
  for (const way of ways) {
    const original = prototype[way];
    prototype[way] = function (...values) {
      const result = original.apply(this, values);
      if (mayChange(this)) pass(shortened(this.source));
      return result;
    };
  }
  const databases = Database.prototype;
  const { exec, close } = databases;
  databases.exec = function (sql) {
    const result = exec.call(this, sql);
    pass(shortened(sql));
    return result;
  };
  databases.close = function () {
    const result = close.call(this);
    pass('database closed');
    return result;
  };
}

/** SQLite counts COMMIT among the statements that only read, and asking for a setting among those that do not. */
function mayChange({ readonly, source }: Database.Statement): boolean {
  return source === 'COMMIT' || !(readonly || /^PRAGMA \w+$/.test(source));
}

function shortened(sql: string): string {
  return sql.replaceAll(/\s+/g, ' ').trim().slice(0, longest);
}
