/**
 * The floor of a durable record: the very rows that Keyline wrote, put by better-sqlite3 alone into the same tables and
 * indexes, one transaction a device, with the same durability (WAL, synchronous=FULL, the same page size). No triggers,
 * no foreign keys, no judging, nothing computed.
 */
import Database from 'better-sqlite3';

/** The tables that one passed attempt writes to. */
const tables = ['audit_entry', 'harvest', 'device', 'outbox'] as const;
type Table = (typeof tables)[number];
type Row = Readonly<Record<string, unknown>>;

/** What Keyline wrote for one passed attempt. */
export type AttemptRows = Readonly<Record<Table, Row>>;

interface LedgerContent {
  /** CREATE TABLE and CREATE INDEX statements. */
  readonly schema: readonly string[];
  readonly pageSize: number;
  readonly attempts: readonly AttemptRows[];
}

/** Reads a ledger in which every attempt passed. */
export function readLedger(file: string): LedgerContent {
  const db = new Database(file, { readonly: true });
  try {
    const named = tables.map(() => '?').join(', ');
    const schema = db
      .prepare<Table[], { sql: string }>(
        `SELECT sql FROM sqlite_schema WHERE type IN ('table', 'index') AND sql IS NOT NULL AND tbl_name IN (${named})
         ORDER BY type DESC`,
      )
      .all(...tables);
    const by = (table: Table, key: string) =>
      new Map(
        db
          .prepare<[], Row>(`SELECT * FROM ${table}`)
          .all()
          .map(row => [row[key], row]),
      );
    const entries = by('audit_entry', 'idx');
    const devices = by('device', 'harvest_id');
    const outbox = by('outbox', 'harvest_id');
    const attempts = db
      .prepare<[], Row>('SELECT * FROM harvest ORDER BY number')
      .all()
      .map(harvest => ({
        harvest,
        audit_entry: entries.get(harvest.audit_index)!,
        device: devices.get(harvest.harvest_id)!,
        outbox: outbox.get(harvest.harvest_id)!,
      }));
    const pageSize = Number(db.pragma('page_size', { simple: true }));
    return { schema: schema.map(({ sql }) => sql), pageSize, attempts };
  } finally {
    db.close();
  }
}

export interface RawLedger {
  /** Durable when it returns. */
  record(attempt: AttemptRows): void;
  count(): number;
  close(): void;
}

export function openRawLedger(file: string, { schema, pageSize, attempts }: LedgerContent): RawLedger {
  const db = new Database(file);
  db.pragma(`page_size = ${pageSize}`);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = OFF');
  for (const statement of schema) db.exec(statement);
  const inserts = tables.map(table => {
    const columns = Object.keys(attempts[0]![table]);
    const values = columns.map(column => `@${column}`).join(', ');
    return [
      table,
      db.prepare<Row>(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values})`),
    ] as const;
  });
  const record = db.transaction((rows: AttemptRows) => {
    for (const [table, insert] of inserts) insert.run(rows[table]);
  });
  return {
    record: rows => record.immediate(rows),
    count: () => db.prepare<[], { n: number }>('SELECT count(*) AS n FROM device').get()!.n,
    close: () => db.close(),
  };
}
