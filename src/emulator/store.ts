/**
 * All that the emulator holds and counted, in one SQLite file or in memory. A request that was answered outlives a killed
 * process: each is one transaction in the write-ahead log before its answer. A file of a million enrollments opens at once,
 * because nothing is read at the start.
 */
import Database from 'better-sqlite3';
import { EmulatorError } from './errors.ts';
import { RecordTable } from './record-table.ts';
import { RegistrationTable } from './registration-table.ts';
import { Totals } from './totals.ts';
import { type InTransaction, transactionsOf } from './transactions.ts';

const schemaVersion = 2;
const schema = [
  RecordTable.schema('enrollment'),
  RecordTable.schema('enrollment_group'),
  RegistrationTable.schema,
  Totals.schema,
].join('');

export class Store {
  readonly #db: Database.Database;
  readonly #totals: Totals;
  readonly enrollments: RecordTable;
  readonly groups: RecordTable;
  readonly registrations: RegistrationTable;
  readonly inTransaction: InTransaction;

  /**
   * @param file SQLite file, made where it is missing; undefined = memory
   * @throws EmulatorError `state-unreadable`
   */
  constructor(file: string | undefined) {
    this.#db = openDatabase(file);
    this.inTransaction = transactionsOf(this.#db);
    this.#totals = new Totals(this.#db);
    this.enrollments = new RecordTable(this.#db, 'enrollment', this.#totals);
    this.groups = new RecordTable(this.#db, 'enrollment_group', this.#totals);
    this.registrations = new RegistrationTable(this.#db);
  }

  noteRequest(): void {
    this.#totals.add('requests', 1);
  }

  noteThrottled(): void {
    this.#totals.add('throttled', 1);
  }

  traffic(): { requests: number; throttled: number } {
    return { requests: this.#totals.of('requests'), throttled: this.#totals.of('throttled') };
  }

  close(): void {
    this.#db.close();
  }
}

function openDatabase(file: string | undefined): Database.Database {
  let db: Database.Database | undefined;
  try {
    db = new Database(file ?? ':memory:');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL'); // holds over a killed process; a power cut may cost the last rehearsed requests
    db.pragma('cache_size = -65536'); // 64 MiB: the upper pages of both indexes at a million enrollments
    db.pragma('wal_autocheckpoint = 32000'); // 128 MiB: pages of the indexes that change again and again are moved once
    const version = db.pragma('user_version', { simple: true });
    if (version !== 0 && version !== schemaVersion) throw new RangeError(`schema ${version} is not known`);
    db.exec(schema);
    db.pragma(`user_version = ${schemaVersion}`);
    return db;
  } catch (error) {
    db?.close();
    throw new EmulatorError('state-unreadable', `${file} cannot be opened as the emulator's state`, error);
  }
}
