/** Reference units: their checks are attempts of their own, which make no device, count nowhere, and hold for a shift. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Attempt } from '../../../src/station/attempt/attempt.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import type { StationClock } from '../../../src/station/clock/station-clock.ts';
import { fixtureCheck, mayTest } from '../../../src/station/golden/fixture-check.ts';
import { goldenUnit } from '../../../src/station/golden/golden-unit.ts';
import { recordGoldenCheck } from '../../../src/station/golden/record-golden-check.ts';
import { keyDigest } from '../attempt/endorsement-keys.ts';
import { coreForTest, entriesOf, readAttempt, type TestCore } from '../station-fixture.ts';

const hour = 3_600_000;
const noon = Date.UTC(2026, 10, 20, 12);
const settings = { units: [{ serial: 'GOLD-1' }], everyHours: 8, required: true };
const stationWith = (goldenCheck: object = settings, clock?: StationClock) =>
  coreForTest({ configuration: { station: { goldenCheck } }, ...(clock ? { clock } : {}) });
const check = (core: TestCore, key: number, changes: Partial<Attempt> = {}) =>
  recordGoldenCheck(
    core,
    readAttempt(key, 'GOLD-1', { fixture: 'left', ...changes }),
    goldenUnit(core, 'GOLD-1')!,
  );
const found = (members: object): Partial<Attempt> => ({
  finding: { ...readAttempt(1, 'GOLD-1').finding, ...members } as Attempt['finding'],
});
const failed: Partial<Attempt> = {
  finding: {
    outcome: 'failed',
    code: 'bridge-timeout',
    detail: 'mute',
    step: 'connect',
    possession: 'not-tested',
    warnings: [],
  },
};

/** A clock that a test moves. */
function handClock(): StationClock & { now: number } {
  const clock = {
    now: noon,
    read: () => ({ at: clock.now, clock: 'synced', bootId: 'boot', monotonicMs: clock.now - noon }),
    aheadMs: () => undefined,
  };
  return clock as never;
}

describe('golden check', () => {
  it('H4 O1 is an attempt of its own with its audit entry, and no device, entry or number comes of it', () => {
    using core = stationWith();
    const recorded = check(core, 1);
    assert.deepEqual([recorded.verdict, recorded.code], ['passed', 'golden-passed']);
    const { ledger } = core;
    const { devices, harvests, outbox } = ledger.counts;
    assert.deepEqual([devices.call(ledger.counts), harvests.call(ledger.counts)], [0, 0]);
    assert.equal(outbox.call(ledger.counts).queued, 0);
    const audited = entriesOf(core)[recorded.auditIndex]!;
    assert.equal(audited.type, 'golden-check');
    assert.partialDeepStrictEqual(audited.data, {
      serial: 'GOLD-1',
      fixture: 'left',
      verdict: 'passed',
      ekSha256: keyDigest(1),
      possession: 'proved',
    });
  });

  it('fails where the key is another one than at its last check, or than the configuration states', () => {
    using core = stationWith();
    check(core, 1);
    assert.deepEqual([check(core, 2).code, check(core, 1).code], ['golden-key-differs', 'golden-passed']);
    using stated = stationWith({ ...settings, units: [{ serial: 'GOLD-1', ekSha256: keyDigest(2) }] });
    assert.deepEqual([check(stated, 1).code, check(stated, 2).code], ['golden-key-differs', 'golden-passed']);
  });

  it('fails where the certificate no longer holds, or the chain broke anywhere', () => {
    using core = stationWith();
    assert.equal(check(core, 1, found({ certificate: { status: 'untrusted' } })).code, 'golden-certificate');
    assert.equal(check(core, 1, found({ certificate: { status: 'verified' } })).code, 'golden-passed');
    const worse = check(core, 1, found({ certificate: { status: 'unchecked' } }));
    assert.deepEqual([worse.verdict, worse.code], ['failed', 'golden-certificate']);
    const mute = check(core, 1, failed);
    assert.deepEqual([mute.verdict, mute.code], ['failed', 'bridge-timeout']);
  });

  it('holds for a shift at the fixture where it passed, until it fails there', () => {
    const clock = handClock();
    using core = stationWith(settings, clock);
    const state = (fixture = 'left') => fixtureCheck(core, fixture)?.state;
    assert.deepEqual([state(), mayTest(core, 'left', 'SN-1')], ['due', false]);
    assert.equal(mayTest(core, 'left', 'GOLD-1'), true, 'a reference unit always may');
    check(core, 1);
    assert.deepEqual([state(), state('right'), mayTest(core, 'left', 'SN-1')], ['checked', 'due', true]);
    check(core, 1, found({ outcome: 'failed', code: 'cancelled', detail: '', step: 'key' }));
    assert.equal(state(), 'checked', 'one that was stopped says nothing');
    check(core, 1, failed);
    assert.deepEqual([state(), mayTest(core, 'left', 'SN-1')], ['failed', false]);
    check(core, 1);
    clock.now += 8 * hour - 1;
    assert.equal(state(), 'checked');
    clock.now += 1;
    assert.equal(state(), 'due');
    clock.now -= 9 * hour;
    assert.equal(state(), 'due', 'a check from the future holds for nothing');
  });

  it('asks nothing of a station without reference units, and holds nothing up where it is not required', () => {
    using none = coreForTest();
    assert.deepEqual([fixtureCheck(none, 'left'), mayTest(none, 'left', 'SN-1')], [undefined, true]);
    using offered = stationWith({ units: [{ serial: 'GOLD-1' }] });
    assert.deepEqual([fixtureCheck(offered, 'left')?.state, mayTest(offered, 'left', 'SN-1')], ['due', true]);
  });

  it('H6 never records a reference unit as a device: neither its key under another serial nor an import', () => {
    using core = stationWith();
    check(core, 1);
    const disguised = recordAttempt(core, readAttempt(1, 'SN-1'));
    assert.deepEqual([disguised.verdict, disguised.code], ['refused', 'golden-unit']);
    const { finding } = readAttempt(7, 'GOLD-1');
    const imported = recordAttempt(
      core,
      readAttempt(7, 'GOLD-1', {
        finding: { ...finding, outcome: 'imported', statedRegistrationId: null } as Attempt['finding'],
      }),
    );
    assert.equal(imported.code, 'golden-unit');
    assert.equal(recordAttempt(core, readAttempt(2, 'SN-1')).verdict, 'passed');
  });
});
