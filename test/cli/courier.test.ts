/** The courier by the command line: documents, exit codes and hints. What holds is in test/station/courier. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { trustPeer } from '../../src/station/courier/peers.ts';
import { EmulatedDps } from '../outbox/emulated-dps.ts';
import { enterSupervisor } from '../station/conflict-desk/two-stations.ts';
import { CourierLine, harvest, sync } from '../station/courier/courier-fixture.ts';
import type { TestCore } from '../station/station-fixture.ts';
import { documentOf, type Ended, keyline } from './run-keyline.ts';

describe('keyline courier', () => {
  let dps: EmulatedDps;
  let line: CourierLine;
  let sender: TestCore;
  let receiver: TestCore;

  before(async () => {
    dps = await EmulatedDps.start();
    line = new CourierLine(dps);
    sender = line.offline('sender');
    receiver = line.online('receiver');
    harvest(sender, 1, 'SN-1');
    harvest(sender, 2, 'SN-2');
  });
  after(async () => {
    line.close();
    await dps.close();
  });

  const at = (core: TestCore, ...args: string[]): Promise<Ended> =>
    keyline(['courier', ...args, '--json'], { dataDir: core.folder });
  const ok = async (...call: Parameters<typeof at>) => {
    const ended = await at(...call);
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    return documentOf(ended);
  };
  const codeOf = (ended: Ended) => [ended.code, documentOf(ended).code];

  it('O2 S1 carries devices and their receipt, with a code and a hint for what is refused', async () => {
    const keyFile = line.file('key');
    writeFileSync(keyFile, `${sender.identity.verifierKey}\n`);
    const [packed, mine, alone] = await Promise.all([
      ok(sender, 'pack', '--out', line.file('bundle'), '--max-size', '4K'),
      ok(receiver, 'key'),
      at(receiver, 'trust', 'add', keyFile, '--reason', 'line 7'),
    ]);
    const files = packed.files as string[];
    assert.deepEqual([packed.entries, files.length > 1], [2, true]);
    assert.deepEqual(
      [mine.verifierKey, /^age1/.test(String(mine.recipient))],
      [receiver.identity.verifierKey, true],
    );
    assert.deepEqual(codeOf(alone), [4, 'sign-in-needed']);
    const trust = (core: TestCore, key: string, takes: 'bundles' | 'receipts') =>
      trustPeer(core, key, takes, { who: enterSupervisor(core), reason: 'line 7' });
    trust(receiver, sender.identity.verifierKey, 'bundles');
    trust(sender, receiver.identity.verifierKey, 'receipts');

    assert.deepEqual(codeOf(await at(receiver, 'unpack', files[0]!)), [2, 'courier-part-missing']);
    assert.deepEqual(((await ok(receiver, 'unpack', ...files)).counts as { taken: number }).taken, 2);
    await sync(receiver);
    const receipt = path.join(line.stick, 'receipt');
    await ok(receiver, 'receipt', 'write', '--out', receipt);
    const closed = await ok(sender, 'receipt', 'take', receipt);
    assert.equal((closed.counts as { enrolled: number }).enrolled, 2);
    const { packed: listed } = (await ok(sender, 'list')) as { packed: { receipt: number }[] };
    assert.deepEqual(
      listed.map(one => one.receipt),
      [1],
    );
  });
});
