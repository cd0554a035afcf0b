import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { type NetworkSource, NetworkWatch } from '../../../src/station/drain/watch-network.ts';
import { SimulatedTime } from '../../outbox/simulated-time.ts';

describe('NetworkWatch', () => {
  it('O5 tells of each address that came, within a second, and of none that went', async () => {
    const timing = new SimulatedTime();
    let addresses = new Set(['lo 127.0.0.1']);
    let reads = 0;
    const source: NetworkSource = {
      timing,
      addresses: () => {
        reads += 1;
        return addresses;
      },
    };
    const told: number[] = [];
    const watch = new NetworkWatch(() => told.push(timing.now() - timing.startedAt), source);
    await timing.pass(5_000);
    assert.equal(reads, 0, 'nothing is read while nobody waits');
    watch.start();
    watch.start();
    await timing.pass(2_500);
    addresses = new Set([...addresses, 'eth0 192.0.2.7']);
    await timing.pass(2_000);
    addresses = new Set(['lo 127.0.0.1']);
    await timing.pass(2_000);
    addresses = new Set([...addresses, 'eth0 192.0.2.8']);
    await timing.pass(1_000);
    assert.deepEqual(told, [8_000, 12_000]);
    watch.stop();
    const before = reads;
    await timing.pass(10_000);
    assert.deepEqual([reads, told.length], [before, 2]);
  });

  it('O5 sees a real interface of Linux come', { skip: cannotMakeInterface() }, async context => {
    const name = `kl${process.pid % 1_000_000}`;
    const ip = (...words: string[]) => execFileSync('ip', words);
    ip('link', 'add', name, 'type', 'dummy');
    context.after(() => ip('link', 'del', name));
    const begun = Promise.withResolvers<number>();
    const watch = new NetworkWatch(() => begun.resolve(performance.now()));
    watch.start();
    context.after(() => watch.stop());
    ip('address', 'add', '192.0.2.77/32', 'dev', name);
    ip('link', 'set', name, 'up');
    const up = performance.now();
    const seen = await begun.promise;
    assert.ok(seen - up < 2_000, `${seen - up} ms`);
  });
});

/** Why not, else false. */
function cannotMakeInterface(): string | false {
  const name = `klt${process.pid % 1_000_000}`;
  if (spawnSync('ip', ['link', 'add', name, 'type', 'dummy']).status !== 0)
    return 'needs ip (apt-get install iproute2), root, and a kernel that makes dummy interfaces';
  spawnSync('ip', ['link', 'del', name]);
  return false;
}
