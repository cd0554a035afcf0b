import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { drainOnce } from '../../src/outbox/drain-once.ts';
import { drainAndKill } from './drain-and-kill.ts';
import { EmulatedDps } from './emulated-dps.ts';
import { makeChange, makeEntry } from './entries.ts';
import { ManualTiming } from './manual-timing.ts';
import { MemoryStore } from './memory-store.ts';

const kills = 10;
const lives = 150;

/** Of each kind of life: its entries, and what DPS must have counted and hold in the end. */
function lifeOf(n: number) {
  const created = makeEntry();
  const update = makeChange(created, 'update', { initialTwin: { tags: { n } } });
  const disable = makeChange(created, 'disable', { provisioningStatus: 'disabled' });
  const { registrationId, serial } = created;
  const fresh = makeEntry({ registrationId, serial });
  const twin = { tags: { n } };
  switch (n % 3) {
    case 0:
      return {
        entries: [created, update, disable],
        counts: { created: 1, overwritten: 2, deleted: 0 },
        holds: { document: created.document, twin, status: 'disabled' },
      };
    case 1:
      return {
        entries: [created, disable, makeChange(created, 'delete')],
        counts: { created: 1, overwritten: 1, deleted: 1 },
        holds: undefined,
      };
    default:
      return {
        entries: [
          created,
          makeChange(created, 'delete'),
          fresh,
          makeChange(fresh, 'update', { initialTwin: twin }),
        ],
        counts: { created: 2, overwritten: 1, deleted: 1 },
        holds: { document: fresh.document, twin, status: 'enabled' },
      };
  }
}

it('O3 14 15 kill -9 at random moments, with replies lost: each change is made once, in order', async context => {
  const dps = await EmulatedDps.start();
  const directory = await mkdtemp(path.join(os.tmpdir(), 'keyline-changes-killed-'));
  context.after(async () => {
    await dps.close();
    await rm(directory, { recursive: true, force: true });
  });
  const stateFile = path.join(directory, 'outbox.json');
  const all = Array.from({ length: lives }, (_, n) => lifeOf(n));
  await writeFile(stateFile, new MemoryStore(all.flatMap(({ entries }) => entries)).snapshot());
  await dps.arm({ kind: 'slow', delayMs: 5 });
  await dps.arm({ kind: 'reply-dropped', probability: 0.05, seed: 12 });

  let unfinished = 0;
  for (let round = 0; round < kills; round++) {
    await drainAndKill(stateFile, dps);
    const left = MemoryStore.restored(await readFile(stateFile, 'utf8'));
    if (left.unresolved(1).length > 0) unfinished++;
  }
  assert.ok(unfinished > 0, 'at least one kill came while something was on its way');

  await dps.clearFaults();
  const store = MemoryStore.restored(await readFile(stateFile, 'utf8'));
  const service = dps.connect();
  // What the killed processes put off, they put off by the real clock.
  const timing = new ManualTiming(Date.now());
  const report = await drainOnce({ store, service, timing });
  assert.equal(report.remaining, 0);
  assert.ok(store.rows().every(row => row.state === 'enrolled' && row.acknowledgements === 1));

  const { enrollments } = await dps.state();
  const counted = new Map(enrollments.map(each => [each.registrationId, each]));
  for (const { entries, counts, holds } of all) {
    const { registrationId } = entries[0]!;
    const count = counted.get(registrationId) as typeof counts | undefined;
    assert.partialDeepStrictEqual(count, counts, 'nothing was done twice');
    const record = await service.get(registrationId);
    assert.deepEqual(
      record && {
        key: (record.attestation as { tpm: { endorsementKey: string } }).tpm.endorsementKey,
        twin: record.initialTwin,
        status: record.provisioningStatus,
      },
      holds && {
        key: holds.document.attestation.tpm.endorsementKey,
        twin: holds.twin,
        status: holds.status,
      },
    );
  }
});
