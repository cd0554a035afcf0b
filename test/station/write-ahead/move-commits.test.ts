import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startCommitMover } from '../../../src/station/write-ahead/move-commits.ts';
import { coreForTest } from '../station-fixture.ts';

/** More than SQLite leaves in the log by itself: 1,000 pages. */
const MEBIBYTES = 20;

test('commits are moved into the ledger by a thread, and not by who writes them', async t => {
  using core = coreForTest();
  const { ledger } = core;
  const mover = startCommitMover(ledger, { everyMs: 100 });
  t.after(() => mover.close());
  const sizeOf = (file: string) => statSync(file).size / 2 ** 20;
  // The thread cannot begin before this is done.
  for (let n = 0; n < MEBIBYTES; n += 1)
    ledger.transaction(() =>
      ledger.runNotes.put({
        bridge: `bridge-${n}`,
        harvest_id: 'h-1',
        handles_before: 'x'.repeat(2 ** 20),
        written_at: 1,
      }),
    );
  assert.ok(sizeOf(`${ledger.path}-wal`) > MEBIBYTES);
  assert.ok(sizeOf(ledger.path) < MEBIBYTES / 4, `${sizeOf(ledger.path)} MiB were moved by the writer`);
  for (const end = Date.now() + 10_000; sizeOf(ledger.path) < MEBIBYTES; ) {
    assert.ok(Date.now() < end, `${sizeOf(ledger.path)} MiB were moved in 10 s`);
    await pause(20);
  }
});
