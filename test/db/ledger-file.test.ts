import assert from 'node:assert/strict';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { LedgerError, type LedgerErrorCode } from '../../db/errors.ts';
import { createLedger, openLedger } from '../../db/ledger-file.ts';
import { schemaVersion } from '../../db/migrations.ts';
import { pageSize } from '../../db/pragmas.ts';
import { directoryFor, noon, recordDevice, seed } from './ledger-fixture.ts';

const made = { kind: 'production', ledgerId: 'ledger-1', now: noon } as const;
const withCode = (code: LedgerErrorCode) => (error: unknown) =>
  error instanceof LedgerError && error.code === code && error.hint.length > 0;

describe('createLedger', () => {
  it('S5 makes a ledger of one kind, for its owner only, and leaves nothing else behind', t => {
    const directory = directoryFor(t);
    const path = join(directory, 'ledger.db');
    const ledger = createLedger(path, { ...made, kind: 'rehearsal' });
    assert.deepEqual(ledger.identity, { ledger_id: 'ledger-1', kind: 'rehearsal', created_at: noon });
    assert.equal(ledger.schema, schemaVersion);
    seed(ledger);
    for (const name of readdirSync(directory)) {
      assert.match(name, /^ledger\.db(-wal|-shm)?$/);
      assert.equal(statSync(join(directory, name)).mode & 0o777, 0o600, name);
    }
    ledger.close();
    assert.deepEqual(readdirSync(directory), ['ledger.db']);
  });

  it('never overwrites one that is there', t => {
    const path = join(directoryFor(t), 'ledger.db');
    const first = createLedger(path, made);
    assert.throws(() => createLedger(path, { ...made, ledgerId: 'ledger-2' }), withCode('exists'));
    assert.equal(first.identity.ledger_id, 'ledger-1');
    first.close();
    const again = openLedger(path);
    assert.equal(again.identity.ledger_id, 'ledger-1');
    again.close();
  });

  it('names a directory that is not there', t => {
    assert.throws(() => createLedger(join(directoryFor(t), 'none', 'ledger.db'), made), withCode('missing'));
  });
});

describe('openLedger', () => {
  it('opens what was written, in a second process or later', t => {
    const path = join(directoryFor(t), 'ledger.db');
    const writer = createLedger(path, made);
    seed(writer);
    const { device } = recordDevice(writer, 1);
    const reader = openLedger(path);
    assert.deepEqual(reader.devices.byEkSha256(device.ek_sha256), device);
    reader.close();
    writer.close();
  });

  it('S4 refuses what is not a ledger, each with its reason, and leaves it untouched', t => {
    const directory = directoryFor(t);
    const place = (name: string) => join(directory, name);
    assert.throws(() => openLedger(place('none')), withCode('missing'));
    mkdirSync(place('directory'));
    assert.throws(() => openLedger(place('directory')), withCode('not-a-file'));
    writeFileSync(place('empty'), '');
    assert.throws(() => openLedger(place('empty')), withCode('not-sqlite'));
    writeFileSync(place('text'), 'serial,ek\n'.repeat(1000));
    assert.throws(() => openLedger(place('text')), withCode('not-sqlite'));
    const foreign = new Database(place('foreign'));
    foreign.exec('CREATE TABLE bookmarks (url TEXT)');
    foreign.close();
    assert.throws(() => openLedger(place('foreign')), withCode('not-a-ledger'));
    assert.deepEqual(readdirSync(directory).sort(), ['directory', 'empty', 'foreign', 'text']);
  });

  it('S4 refuses a newer schema without changing it', t => {
    const path = join(directoryFor(t), 'ledger.db');
    createLedger(path, made).close();
    const newer = new Database(path);
    newer.pragma(`user_version = ${schemaVersion + 1}`);
    newer.close();
    assert.throws(() => openLedger(path), withCode('newer-schema'));
    const after = new Database(path);
    assert.equal(after.pragma('user_version', { simple: true }), schemaVersion + 1);
    after.close();
  });

  it('S4 refuses a ledger that was cut off or overwritten', t => {
    const directory = directoryFor(t);
    const cut = join(directory, 'cut.db');
    createLedger(cut, made).close();
    truncateSync(cut, 20_000);
    assert.throws(() => openLedger(cut), withCode('corrupt'));
    const short = join(directory, 'short.db');
    createLedger(short, made).close();
    truncateSync(short, 50);
    assert.throws(() => openLedger(short), withCode('corrupt'));
  });

  it('S4 names damage that shows only later', t => {
    const path = join(directoryFor(t), 'ledger.db');
    const ledger = createLedger(path, made);
    seed(ledger);
    for (let n = 0; n < 40; n++) recordDevice(ledger, n);
    ledger.close();
    const db = new Database(path);
    const pages = db
      .prepare<[], number>(`SELECT pageno FROM dbstat WHERE name IN ('device', 'count')`)
      .pluck()
      .all();
    db.close();
    const descriptor = openSync(path, 'r+');
    for (const page of pages) writeSync(descriptor, Buffer.alloc(200, 0xa5), 0, 200, (page - 1) * pageSize);
    closeSync(descriptor);
    const damaged = openLedger(path);
    t.after(() => damaged.close());
    assert.notDeepEqual(damaged.quickCheck(), []);
    assert.throws(() => damaged.devices.oldest(50), withCode('corrupt'));
    assert.throws(() => recordDevice(damaged, 99), withCode('corrupt'));
  });
});
