import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EnrollmentRecord } from '../../src/dps/service.ts';
import { findChange } from '../../src/outbox/change.ts';
import fc from '../property.ts';
import { makeChange, makeEntry } from './entries.ts';

const created = makeEntry({ document: { initialTwin: { tags: { line: 1 } } } });
const etag = 'IjEi';
/** As DPS gives it back: nulls left out, its own members added. */
const record: EnrollmentRecord = {
  ...created.document,
  etag,
  createdDateTimeUtc: '2026-11-20T12:00:00Z',
  lastUpdatedDateTimeUtc: '2026-11-20T12:00:00Z',
  registrationState: { status: 'unassigned' },
  allocationPolicy: 'hashed',
};
const kindOf = (...change: Parameters<typeof makeChange> extends [unknown, ...infer Rest] ? Rest : never) =>
  findChange(makeChange(created, ...change), record).kind;

describe('findChange', () => {
  it('14 takes for done what DPS has as wanted, by its defaults and without what it leaves out', () => {
    assert.equal(kindOf('enable', { provisioningStatus: 'enabled' }), 'so');
    assert.equal(kindOf('disable', { provisioningStatus: 'disabled' }), 'to-do');
    assert.equal(kindOf('update', { initialTwin: { tags: { line: 1, old: null }, properties: {} } }), 'so');
    assert.equal(kindOf('update', { initialTwin: { tags: { line: 2 } } }), 'to-do');
    assert.equal(kindOf('update', { initialTwin: null }), 'to-do');
    assert.equal(
      kindOf('update', {
        allocationPolicy: null,
        reprovisionPolicy: { updateHubAssignment: true, migrateDeviceData: true },
        capabilities: { iotEdge: false },
        deviceId: created.registrationId,
        iotHubs: [],
      }),
      'so',
    );
    assert.equal(kindOf('update', { capabilities: { iotEdge: true } }), 'to-do');
    assert.equal(kindOf('update', { reprovisionPolicy: null, deviceId: 'another' }), 'to-do');
    assert.equal(kindOf('delete'), 'to-do');
  });

  it('16 does not touch what is not ours, and says why', () => {
    const other = makeEntry({ registrationId: created.registrationId });
    const cases = [
      [{ ...other.document, etag }, 'other-endorsement-key'],
      [{ ...record, optionalDeviceInformation: { serial: 'another' } }, 'clone-elsewhere'],
      [{ ...record, optionalDeviceInformation: undefined }, 'unknown-origin'],
    ] as const;
    for (const operation of ['update', 'disable', 'delete'] as const)
      for (const [theirs, reason] of cases) {
        const entry = makeChange(created, operation, { provisioningStatus: 'disabled' });
        assert.deepEqual(findChange(entry, theirs), { kind: 'conflict', reason, theirs });
        const decided = findChange({ ...entry, overEtag: etag }, theirs);
        assert.equal(decided.kind, 'to-do', 'a supervisor decided it, for this very record');
        assert.equal(findChange({ ...entry, overEtag: 'IjAi' }, theirs).kind, 'conflict', 'and no other');
      }
  });

  it('finds a delete done where nothing is, and any other change in conflict', () => {
    assert.deepEqual(findChange(makeChange(created, 'delete'), undefined), { kind: 'so' });
    const missing = findChange(makeChange(created, 'enable', { provisioningStatus: 'enabled' }), undefined);
    assert.deepEqual(missing, { kind: 'conflict', reason: 'gone-from-dps', theirs: {} });
  });

  it('keeps in DPS what the change does not name, and which harvest made it', () => {
    const theirs = {
      ...record,
      attestation: { type: 'tpm', tpm: { ...created.document.attestation.tpm, storageRootKey: 'AToA' } },
      customAllocationDefinition: { webhookUrl: 'https://plant' },
      optionalDeviceInformation: { serial: created.serial, harvestId: 'of another station', shelf: 7 },
    };
    const entry = makeChange(created, 'update', {
      initialTwin: null,
      optionalDeviceInformation: { serial: created.serial, harvestId: created.harvestId },
    });
    const found = findChange(entry, theirs);
    assert.ok(found.kind === 'to-do');
    assert.equal(found.etag, etag);
    const {
      initialTwin: _,
      etag: _tag,
      createdDateTimeUtc,
      lastUpdatedDateTimeUtc,
      registrationState,
      ...kept
    } = theirs as typeof theirs & EnrollmentRecord;
    assert.deepEqual(found.document, kept);
    assert.ok(createdDateTimeUtc && lastUpdatedDateTimeUtc && registrationState);
  });

  it('14 a zero has no sign on the wire: what was written with one is so', () => {
    const entry = makeChange(created, 'update', {
      initialTwin: { tags: { offset: -0, steps: [-0] } },
    } as never);
    const theirs = { ...record, initialTwin: { tags: { offset: 0, steps: [0] } } };
    assert.equal(findChange(entry, theirs as never).kind, 'so');
  });

  it('14 is done by doing it: whatever DPS had, what is written is what was wanted', () => {
    const twin = fc.option(fc.dictionary(fc.constantFrom('tags', 'properties', 'x'), fc.jsonValue()), {
      nil: null,
    });
    const change = fc.record(
      {
        deviceId: fc.constantFrom('a', 'B', null),
        initialTwin: twin,
        capabilities: fc.option(fc.record({ iotEdge: fc.boolean() }), { nil: null }),
        provisioningStatus: fc.constantFrom('enabled', 'disabled'),
        reprovisionPolicy: fc.option(
          fc.record({ updateHubAssignment: fc.boolean(), migrateDeviceData: fc.boolean() }),
          { nil: null },
        ),
        allocationPolicy: fc.constantFrom('hashed', 'static', null),
        iotHubs: fc.option(fc.array(fc.string(), { maxLength: 2 }), { nil: null }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(change, change, (wanted, had) => {
        const entry = makeChange(created, 'update', wanted as never);
        const found = findChange(entry, { ...record, ...had });
        assert.ok(found.kind === 'so' || found.kind === 'to-do');
        if (found.kind === 'so') return;
        const written: EnrollmentRecord = { ...found.document, etag: 'IjIi' };
        assert.equal(findChange(entry, JSON.parse(JSON.stringify(written))).kind, 'so');
      }),
    );
  });
});
