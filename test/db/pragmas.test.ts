import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { LedgerError } from '../../db/errors.ts';
import { applicationId, createLedger, openLedger } from '../../db/ledger-file.ts';
import { setPragmas } from '../../db/pragmas.ts';
import { directoryFor, noon } from './ledger-fixture.ts';

const expected = {
  journal_mode: 'wal',
  synchronous: 2,
  page_size: 16384,
  foreign_keys: 1,
  busy_timeout: 5000,
  trusted_schema: 0,
  recursive_triggers: 1,
  cell_size_check: 1,
  application_id: applicationId,
};

/** Reads the pragmas on the very connection that opening a ledger made. */
function pragmasAfter(open: () => { close(): void }): Record<string, unknown> {
  const connections: Database.Database[] = [];
  const { transaction } = Database.prototype;
  Database.prototype.transaction = function (this: Database.Database, work: () => unknown) {
    connections.push(this);
    return transaction.call(this, work);
  } as typeof transaction;
  try {
    const ledger = open();
    const db = connections.at(-1)!;
    const actual = Object.fromEntries(
      Object.keys(expected).map(name => [name, db.pragma(name, { simple: true })]),
    );
    ledger.close();
    return actual;
  } finally {
    Database.prototype.transaction = transaction;
  }
}

describe('the pragmas of a ledger', () => {
  it('O1 hold after creation and after every opening', t => {
    const path = join(directoryFor(t), 'ledger.db');
    assert.deepEqual(
      pragmasAfter(() => createLedger(path, { kind: 'production', ledgerId: 'l', now: noon })),
      expected,
    );
    assert.deepEqual(
      pragmasAfter(() => openLedger(path)),
      expected,
    );
  });

  it('O1 are read back: a database that cannot be made durable is refused', () => {
    // SQLite silently keeps journal_mode=memory here, as it keeps others on a file system without shared memory.
    const db = new Database(':memory:');
    assert.throws(
      () => setPragmas(db),
      (error: unknown) => error instanceof LedgerError && error.code === 'not-durable',
    );
    db.close();
  });
});
