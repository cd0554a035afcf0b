/** A prepared statement whose failures are LedgerErrors. Rows come out as SQLite has them: STRICT tables keep the types. */
import type Database from 'better-sqlite3';
import { speakingLedger } from './sqlite-failure.ts';

export type SqlValue = string | number | Buffer | null;

export class Statement<Row = never> {
  readonly #statement: Database.Statement<unknown[], Row>;

  constructor(db: Database.Database, sql: string) {
    this.#statement = speakingLedger(() => db.prepare<unknown[], Row>(sql));
  }

  get(...values: readonly SqlValue[]): Row | undefined {
    return speakingLedger(() => this.#statement.get(...values));
  }

  /** For a SELECT with named values. */
  named(values: object): Row | undefined {
    return speakingLedger(() => this.#statement.get(values));
  }

  /** For a SELECT with named values. */
  allNamed(values: object): Row[] {
    return speakingLedger(() => this.#statement.all(values));
  }

  all(...values: readonly SqlValue[]): Row[] {
    return speakingLedger(() => this.#statement.all(...values));
  }

  /** @returns how many rows were changed */
  run(...values: readonly SqlValue[]): number {
    return speakingLedger(() => this.#statement.run(...values).changes);
  }

  /** For an INSERT that names each column of a row as `@column`. */
  insert(row: object): number {
    return speakingLedger(() => this.#statement.run(row).changes);
  }
}

/** `a, b, c` and `@a, @b, @c` for the columns of one table, so that a row type and its INSERT cannot part. */
export function insertSql(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(name => `@${name}`).join(', ')})`;
}
