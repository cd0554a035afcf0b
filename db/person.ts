/**
 * Who acted, as the ledger knows them: a random id for the evidence, and the account it stands for. People who sign in
 * have a role besides, a name, a badge's digest and a PIN's hash; what they lose when they leave, their id outlives.
 */
import type Database from 'better-sqlite3';
import type { PersonRow } from './rows.ts';
import { Statement } from './statement.ts';

const columns =
  'person_id, account, created_at, name, role, badge_digest, pin_hash, wrong_pins, pin_not_before, removed_at';

/** What somebody who signs in is entered with. */
export type NewPersonRow = Pick<
  PersonRow,
  'person_id' | 'account' | 'created_at' | 'name' | 'role' | 'badge_digest' | 'pin_hash'
>;

export class PersonTable {
  readonly #insert: Statement;
  readonly #enter: Statement;
  readonly #get: Statement<PersonRow>;
  readonly #byAccount: Statement<PersonRow>;
  readonly #byBadge: Statement<PersonRow>;
  readonly #signingIn: Statement<PersonRow>;
  readonly #setPin: Statement;
  readonly #countPin: Statement;
  readonly #remove: Statement;
  readonly #forgetSignIns: Statement;

  constructor(db: Database.Database) {
    const select = `SELECT ${columns} FROM person`;
    this.#insert = new Statement(db, 'INSERT INTO person (person_id, account, created_at) VALUES (?, ?, ?)');
    this.#enter = new Statement(
      db,
      `INSERT INTO person (person_id, account, created_at, name, role, badge_digest, pin_hash)
       VALUES (@person_id, @account, @created_at, @name, @role, @badge_digest, @pin_hash)`,
    );
    this.#get = new Statement(db, `${select} WHERE person_id = ?`);
    this.#byAccount = new Statement(db, `${select} WHERE account = ?`);
    this.#byBadge = new Statement(db, `${select} WHERE badge_digest = ?`);
    this.#signingIn = new Statement(
      db,
      `${select} INDEXED BY person_signing_in WHERE role IS NOT NULL ORDER BY account`,
    );
    this.#setPin = new Statement(
      db,
      'UPDATE person SET pin_hash = ?, wrong_pins = 0, pin_not_before = 0 WHERE person_id = ? AND role IS NOT NULL',
    );
    this.#countPin = new Statement(
      db,
      'UPDATE person SET wrong_pins = ?, pin_not_before = ? WHERE person_id = ?',
    );
    this.#remove = new Statement(
      db,
      `UPDATE person SET account = 'removed:' || person_id, name = NULL, role = NULL, badge_digest = NULL,
       pin_hash = NULL, wrong_pins = 0, pin_not_before = 0, removed_at = ? WHERE person_id = ? AND role IS NOT NULL`,
    );
    this.#forgetSignIns = new Statement(
      db,
      'UPDATE person SET badge_digest = NULL, pin_hash = NULL, wrong_pins = 0, pin_not_before = 0 WHERE role IS NOT NULL',
    );
  }

  /** An account of the host, which has no role. */
  insert(row: Pick<PersonRow, 'person_id' | 'account' | 'created_at'>): void {
    this.#insert.run(row.person_id, row.account, row.created_at);
  }

  /** Somebody who signs in. */
  enter(row: NewPersonRow): void {
    this.#enter.insert(row);
  }

  get(personId: string): PersonRow | undefined {
    return this.#get.get(personId);
  }

  byAccount(account: string): PersonRow | undefined {
    return this.#byAccount.get(account);
  }

  byBadge(badgeDigest: string): PersonRow | undefined {
    return this.#byBadge.get(badgeDigest);
  }

  /** Everybody with a role, by account. A plant's people: some hundreds at most. */
  signingIn(): PersonRow[] {
    return this.#signingIn.all();
  }

  /** Also forgives the wrong PINs of before. */
  setPin(personId: string, pinHash: string): boolean {
    return this.#setPin.run(pinHash, personId) === 1;
  }

  /** @param notBefore epoch milliseconds before which no PIN of this person is looked at */
  countPins(personId: string, wrong: number, notBefore: number): void {
    this.#countPin.run(wrong, notBefore, personId);
  }

  /** All badges and PINs, where the key that they were hashed with is gone; people stay. */
  forgetSignIns(): void {
    this.#forgetSignIns.run();
  }

  /** Takes away everything but the random id. */
  remove(personId: string, at: number): boolean {
    return this.#remove.run(at, personId) === 1;
  }
}
