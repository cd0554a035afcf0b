/** Who acted, as the ledger knows them: a random id for the evidence, and the account it stands for. */
import type Database from 'better-sqlite3';
import type { PersonRow } from './rows.ts';
import { Statement } from './statement.ts';

const columns = 'person_id, account, created_at';

export class PersonTable {
  readonly #insert: Statement;
  readonly #get: Statement<PersonRow>;
  readonly #byAccount: Statement<PersonRow>;

  constructor(db: Database.Database) {
    this.#insert = new Statement(db, `INSERT INTO person (${columns}) VALUES (?, ?, ?)`);
    this.#get = new Statement(db, `SELECT ${columns} FROM person WHERE person_id = ?`);
    this.#byAccount = new Statement(db, `SELECT ${columns} FROM person WHERE account = ?`);
  }

  insert(row: PersonRow): void {
    this.#insert.run(row.person_id, row.account, row.created_at);
  }

  get(personId: string): PersonRow | undefined {
    return this.#get.get(personId);
  }

  byAccount(account: string): PersonRow | undefined {
    return this.#byAccount.get(account);
  }
}
