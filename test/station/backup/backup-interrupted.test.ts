import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openLedgerToRead } from '../../../db/ledger-file.ts';
import { isBackupOf, isDraftOf } from '../../../src/station/backup/backup-name.ts';
import { verifyBackup } from '../../../src/station/backup/verify-backup.ts';
import { openCore } from '../../../src/station/open-core.ts';
import { noSmallDisk, onSmallDisk } from '../../small-disk.ts';
import { coreForTest } from '../station-fixture.ts';
import { backUp, env, placesFor, record, restore } from './backup-fixture.ts';

/** Kills the script some moment after it began its first or a later round. */
async function killed(what: string, data: string, place: string, afterMs: number): Promise<void> {
  const script = path.join(import.meta.dirname, 'crash-script.ts');
  const child = spawn(process.execPath, [script, what, data, place], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  // Not waiting for anything: any moment is as good as another, and all of them must hold.
  await pause(afterMs);
  child.kill('SIGKILL');
  const [, signal] = await once(child, 'close');
  assert.equal(signal, 'SIGKILL');
}

it('S4 a backup killed at any moment leaves none that is half, and clears away what it left', async t => {
  const places = placesFor(t);
  using core = coreForTest({ folder: places.data, env });
  record(core, 30);
  const { stationId } = core.identity;
  let drafts = 0;
  for (const afterMs of [5, 50, 120]) {
    await killed('backup', places.data, places.backups, afterMs);
    const names = readdirSync(places.backups);
    drafts += names.filter(name => isDraftOf(stationId, name)).length;
    for (const name of names.filter(each => isBackupOf(stationId, each)))
      await verifyBackup(path.join(places.backups, name));
  }
  t.diagnostic(`${drafts} drafts were left`);
  await backUp(core, places);
  assert.deepEqual(
    readdirSync(places.backups).filter(name => !isBackupOf(stationId, name)),
    [],
  );
});

it('S4 a restore killed at any moment loses no ledger, and the next one goes on', async t => {
  const places = placesFor(t);
  const core = coreForTest({ folder: places.data, env });
  record(core, 5);
  const { folder } = await backUp(core, places);
  record(core, 2);
  core.close();
  for (const afterMs of [5, 45, 100, 200]) {
    await killed('restore', places.data, folder, afterMs);
    const ledgers = ledgersIn(places.data);
    // The first one had seven devices: it is in its place or set aside, whole.
    assert.ok(
      ledgers.some(({ devices }) => devices === 7),
      JSON.stringify(ledgers),
    );
    assert.ok(ledgers.every(({ faults }) => faults === 0));
    if (existsSync(path.join(places.data, 'ledger.sqlite'))) {
      const opened = openCore({ dataDirectory: places.data, env });
      assert.ok([5, 7].includes(opened.ledger.counts.devices()));
      opened.close();
    } else assert.throws(() => openCore({ dataDirectory: places.data, env }), { code: 'ledger-missing' });
  }
  await restore(folder, places.data, { setAsideIntact: true });
  assert.deepEqual(
    readdirSync(places.data).filter(name => name.startsWith('restoring-')),
    [],
  );
});

function ledgersIn(data: string): { readonly devices: number; readonly faults: number }[] {
  return [
    data,
    ...readdirSync(data).flatMap(name => (name.startsWith('set-aside-') ? path.join(data, name) : [])),
  ]
    .map(folder => path.join(folder, 'ledger.sqlite'))
    .filter(file => existsSync(file))
    .map(file => {
      const ledger = openLedgerToRead(file)!;
      try {
        return { devices: ledger.counts.devices(), faults: ledger.quickCheck().length };
      } finally {
        ledger.close();
      }
    });
}

it('S4 a disk that is full or pulled out gives no backup, says so, and takes nothing from the station', {
  skip: noSmallDisk(),
}, () => {
  const { full, left, pulled, onStick, devices } = onSmallDisk(
    path.join(import.meta.dirname, 'small-disk-script.ts'),
    300,
  ) as Record<string, unknown>;
  assert.equal(full, 'backup-failed');
  assert.deepEqual(left, []);
  assert.equal(pulled, 'backup-failed');
  assert.deepEqual(onStick, []);
  assert.equal(devices, 2);
});
