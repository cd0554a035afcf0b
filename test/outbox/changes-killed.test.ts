import assert from 'node:assert/strict';
import { it } from 'node:test';
import { drainOverKills } from './drain-and-kill.ts';
import { makeChange, makeEntry } from './entries.ts';

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
  const all = Array.from({ length: lives }, (_, n) => lifeOf(n));
  const entries = all.flatMap(life => life.entries);
  const { dps, service } = await drainOverKills(context, entries, 12);
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
