import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { it } from 'node:test';
import { createLedger, openLedger } from '../../db/ledger-file.ts';
import { directoryFor, noon, seed } from './ledger-fixture.ts';

/** Lets the script record until it has acknowledged `enough` rows and a bit, then kills it. @returns the last number */
async function killedAfter(path: string, enough: number): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-script.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > enough) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  assert.equal(signal, 'SIGKILL');
  return Number(said.split('\n').at(-2));
}

it('O1 kill -9 at any moment loses no acknowledged row and leaves no half of one', async t => {
  const path = join(directoryFor(t), 'ledger.db');
  const ledger = createLedger(path, { kind: 'rehearsal', ledgerId: 'l', now: noon });
  seed(ledger);
  ledger.close();
  for (const enough of [1, 7, 60, 150, 333]) {
    const last = await killedAfter(path, enough);
    const reopened = openLedger(path);
    const devices = reopened.counts.devices();
    // One more may be on disk that it had no time to say.
    assert.ok(devices === last + 1 || devices === last + 2, `${devices} devices, said 0 to ${last}`);
    assert.equal(reopened.audit.size(), devices);
    assert.equal(reopened.counts.outbox().queued, devices);
    assert.equal(reopened.counts.harvests(), devices);
    for (const row of reopened.audit.iterate()) {
      const device = reopened.devices.byRegistrationId(`reg-${row.idx}`);
      assert.ok(device, `device ${row.idx}`);
      assert.equal(reopened.outbox.ofDevice(device.device_id).length, 1);
      assert.equal(reopened.harvests.get(device.harvest_id)?.audit_index, row.idx);
    }
    assert.deepEqual(reopened.quickCheck(), []);
    reopened.close();
  }
});
