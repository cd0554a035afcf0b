/**
 * One change to the rows of a ledger, as somebody would make it who knows SQLite: the triggers are taken away, the row is
 * changed, and the triggers are put back.
 */
import Database from 'better-sqlite3';
import type { Random } from '../fuzz/random.ts';

interface Way {
  readonly what: string;
  /** SQL for one row that `random` picks. */
  readonly change: (db: Database.Database, random: Random) => string | undefined;
}

type Row = Readonly<Record<string, unknown>>;

/** Columns that are evidence, or that the log has to bear out. */
const columns: Readonly<Record<string, readonly string[]>> = {
  log: ['station_id', 'origin', 'verifier_key'],
  log_key: ['verifier_key', 'note', 'idx'],
  audit_entry: ['entry', 'leaf_hash'],
  checkpoint: ['note', 'size'],
  subtree: ['hash'],
  harvest: [
    'harvest_id',
    'serial',
    'product',
    'work_order',
    'verdict',
    'code',
    'ek_sha256',
    'registration_id',
    'audit_index',
    'origin',
  ],
  device: [
    'serial',
    'product',
    'work_order',
    'registration_id',
    'ek_sha256',
    'endorsement_key',
    'certificate_status',
    'harvest_id',
  ],
  outbox: ['state', 'registration_id', 'document', 'harvest_id'],
  archive: ['work_order', 'file', 'sha256', 'bytes', 'size', 'entries', 'first', 'last', 'audit_index'],
  archive_run: ['first', 'last', 'audit_index'],
};
/** Tables of which no row may be missing. */
const removable = ['audit_entry', 'harvest', 'device', 'outbox', 'log_key', 'archive', 'archive_run'];

const ways: readonly Way[] = [
  ...Object.entries(columns).flatMap(([table, names]) =>
    names.map(name => ({
      what: `${table}.${name}`,
      change: (db: Database.Database, random: Random) => {
        const row = pick(db, table, random);
        return (
          row &&
          `UPDATE ${table} SET ${name} = ${literal(changed(row[name], name, random))} WHERE ${where(db, table, row)}`
        );
      },
    })),
  ),
  ...removable.map(table => ({
    what: `a row of ${table} removed`,
    change: (db: Database.Database, random: Random) => {
      const row = pick(db, table, random);
      return row && `DELETE FROM ${table} WHERE ${where(db, table, row)}`;
    },
  })),
  {
    what: 'two entries changed places',
    change: (db, random) => {
      const [a, b] = [pick(db, 'audit_entry', random)!, pick(db, 'audit_entry', random)!];
      if (a.idx === b.idx || a.log_id !== b.log_id) return undefined;
      const put = (from: Row, to: Row) =>
        `UPDATE audit_entry SET entry = ${literal(from.entry)}, leaf_hash = ${literal(from.leaf_hash)} WHERE ${where(db, 'audit_entry', to)};`;
      return put(a, b) + put(b, a);
    },
  },
  {
    what: 'the bytes of an entry gone',
    change: (db, random) => {
      const row = pick(db, 'audit_entry', random)!;
      return (row.entry as Buffer).length === 0
        ? undefined
        : `UPDATE audit_entry SET entry = x'' WHERE ${where(db, 'audit_entry', row)}`;
    },
  },
  {
    what: 'an attempt twice',
    change: (db, random) => {
      const row = pick(db, 'harvest', random)!;
      const names = Object.keys(row).filter(name => name !== 'number');
      const values = names.map(name =>
        name === 'harvest_id' ? literal(`${row[name]}x`) : literal(row[name]),
      );
      return `INSERT INTO harvest (${names}) VALUES (${values})`;
    },
  },
  {
    what: 'the newest entries cut off, with their rows',
    change: (db, random) => {
      // What came after the newest checkpoint is the station's word alone; a checkpoint from outside covers it later.
      const { log_id, size } = db
        .prepare<[], { log_id: string; size: number }>(
          'SELECT log_id, max(size) AS size FROM checkpoint WHERE log_id = (SELECT log_id FROM log ORDER BY number DESC)',
        )
        .get()!;
      const from = size - 1 - random.below(20);
      const gone = `(SELECT harvest_id FROM harvest WHERE log_id = '${log_id}' AND audit_index >= ${from})`;
      return `DELETE FROM outbox WHERE harvest_id IN ${gone}; DELETE FROM device WHERE harvest_id IN ${gone};
        DELETE FROM harvest WHERE log_id = '${log_id}' AND audit_index >= ${from};
        DELETE FROM audit_entry WHERE log_id = '${log_id}' AND idx >= ${from}`;
    },
  },
  {
    what: 'a trigger taken away',
    change: (db, random) => {
      const triggers = db
        .prepare<[], { name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)
        .all();
      return `DROP TRIGGER ${random.pick(triggers).name}; -- for good`;
    },
  },
];

/** Changes the ledger in this file. @returns what was done */
export function tamperLedger(file: string, random: Random): string {
  const db = new Database(file);
  try {
    db.pragma('foreign_keys = OFF');
    db.pragma('ignore_check_constraints = ON');
    for (;;) {
      const { what, change } = random.pick(ways);
      const sql = change(db, random);
      if (sql === undefined) continue;
      const triggers = db
        .prepare<[], { name: string; sql: string }>(
          `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`,
        )
        .all();
      if (sql.endsWith('for good')) {
        db.exec(sql);
        return `${what}: ${sql}`;
      }
      try {
        db.transaction(() => {
          for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
          db.exec(sql);
          for (const trigger of triggers) db.exec(trigger.sql);
        })();
      } catch (error) {
        // The same key twice: the table itself does not take it.
        if (error instanceof Database.SqliteError) continue;
        throw error;
      }
      return `${what}: ${sql.slice(0, 300)}`;
    }
  } finally {
    db.close();
  }
}

function pick(db: Database.Database, table: string, random: Random): Row | undefined {
  const { n } = db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()!;
  return n === 0
    ? undefined
    : db.prepare<[number], Row>(`SELECT * FROM ${table} LIMIT 1 OFFSET ?`).get(random.below(n));
}

function where(db: Database.Database, table: string, row: Row): string {
  const key = db
    .prepare<[], { name: string; pk: number }>(`PRAGMA table_info(${table})`)
    .all()
    .filter(column => column.pk > 0)
    .map(column => `${column.name} = ${literal(row[column.name])}`);
  return key.join(' AND ');
}

function changed(value: unknown, name: string, random: Random): unknown {
  if (name === 'state')
    return random.pick(['enrolled', 'cancelled', 'conflict'].filter(state => state !== value));
  if (name === 'verdict') return value === 'passed' ? 'failed' : 'passed';
  if (name === 'certificate_status') return 'verified';
  if (name === 'origin' && (value === 'harvested' || value === 'imported'))
    return value === 'harvested' ? 'imported' : 'harvested';
  if (typeof value === 'number') return value + 1;
  // An entry that rests in an archive has bytes again.
  if (value instanceof Buffer && value.length === 0) return random.bytes(1 + random.below(40));
  if (value instanceof Buffer) {
    const bytes = Buffer.from(value);
    bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
    return bytes;
  }
  const text = `${value ?? ''}`;
  // The document's evidence is whom it is for and with which key.
  const at =
    name === 'document'
      ? text.indexOf('"endorsementKey":"') + 30 + random.below(300)
      : random.below(text.length + 1);
  return `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`;
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number') return `${value}`;
  if (value instanceof Buffer) return `x'${value.toString('hex')}'`;
  return `'${`${value}`.replaceAll("'", "''")}'`;
}
