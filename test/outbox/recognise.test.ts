import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EnrollmentRecord } from '../../src/dps/service.ts';
import { recognise } from '../../src/outbox/recognise.ts';
import { makeEntry, randomKey, stationId } from './entries.ts';

const key = randomKey();
const ours = makeEntry({ key, serial: 'SN-1', harvestId: 'harvest-1' });
const ourKey = key.toString('base64');
const serialless = makeEntry({ key, serial: null, harvestId: 'harvest-1' });

function record(information: unknown, more: EnrollmentRecord = {}): EnrollmentRecord {
  return {
    registrationId: ours.registrationId,
    attestation: { type: 'tpm', tpm: { endorsementKey: ourKey } },
    optionalDeviceInformation: information,
    ...more,
  };
}

const from = (serial: string | undefined, harvestId: string | undefined, station = stationId) => ({
  serial,
  harvestId,
  stationId: station,
});

const otherKey = { attestation: { type: 'tpm', tpm: { endorsementKey: randomKey().toString('base64') } } };

const table: readonly (readonly [string, EnrollmentRecord, string])[] = [
  ['our harvest and our serial', record(from('SN-1', 'harvest-1')), 'recognised'],
  ['our harvest, the serial left out by the template', record(from(undefined, 'harvest-1')), 'recognised'],
  ['an earlier harvest, same serial', record(from('SN-1', 'harvest-0')), 'already-there'],
  ['another station, same serial', record(from('SN-1', 'harvest-9', 'station-9')), 'already-there'],
  ['same serial and nothing else', record({ serial: 'SN-1' }), 'already-there'],
  ['same harvest id by a restored copy', record(from('SN-1', 'harvest-1', 'station-9')), 'already-there'],
  ['another serial', record(from('SN-2', 'harvest-9')), 'clone-elsewhere'],
  ['another serial under our harvest id', record(from('SN-2', 'harvest-1')), 'clone-elsewhere'],
  ['a serial that differs in case', record(from('sn-1', 'harvest-9')), 'clone-elsewhere'],
  ['no information', record(undefined), 'unknown-origin'],
  ['information of somebody else', record({ colour: 'red' }), 'unknown-origin'],
  ['information that is no object', record('SN-1'), 'unknown-origin'],
  ['a serial that is no text', record({ serial: 1 }), 'unknown-origin'],
  ['another harvest without a serial', record(from(undefined, 'harvest-9')), 'unknown-origin'],
  [
    'twin tags in place of the information',
    record(undefined, { initialTwin: { tags: from('SN-1', 'harvest-1') } }),
    'recognised',
  ],
  ['another key with our own data', record(from('SN-1', 'harvest-1'), otherKey), 'other-endorsement-key'],
  ['an X.509 enrollment', record(undefined, { attestation: { type: 'x509' } }), 'other-endorsement-key'],
  ['no attestation at all', record(undefined, { attestation: undefined }), 'other-endorsement-key'],
];

describe('recognise', () => {
  for (const [what, theirs, expected] of table) {
    it(`O2 ${what}: ${expected}`, () => {
      const found = recognise(ours, theirs);
      assert.equal(found.kind === 'enrolled' ? found.how : found.reason, expected);
    });
  }

  it('O2 an entry without a serial is recognised by its harvest alone', () => {
    assert.deepEqual(recognise(serialless, record(from(undefined, 'harvest-1'))), {
      kind: 'enrolled',
      how: 'recognised',
    });
    assert.equal(recognise(serialless, record(from('SN-1', 'harvest-9'))).kind, 'conflict');
    assert.equal(recognise(serialless, record({})).kind, 'conflict');
  });

  it('O2 compares keys as bytes: base64 without padding is the same key', () => {
    const unpadded = { type: 'tpm', tpm: { endorsementKey: ourKey.replace(/=+$/, '') } };
    assert.equal(
      recognise(ours, record(from('SN-1', 'harvest-1'), { attestation: unpadded })).kind,
      'enrolled',
    );
  });

  it('keeps the etag as DPS wrote it', () => {
    const found = recognise(ours, record(from('SN-1', 'harvest-1'), { etag: 'IjA5MDA1MCI=' }));
    assert.equal(found.kind === 'enrolled' && found.etag, 'IjA5MDA1MCI=');
  });
});
