/** A passport claims what was read, proved and acknowledged of its own device: no more where others come near it, and no less. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import canonicalize from 'canonicalize';
import { verifyPassport } from '../../../src/audit/verify/verify-passport.ts';
import type { Actor } from '../../../src/station/access/authorize.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { deleteDevice } from '../../../src/station/devices/retire-device.ts';
import { writePassport } from '../../../src/station/export/device-passport.ts';
import { overruleAttempt } from '../../../src/station/overruling/overrule-attempt.ts';
import { personOf } from '../../../src/station/people.ts';
import { moveEntry } from '../../../src/station/queue/move-entry.ts';
import { enterSupervisor } from '../conflict-desk/two-stations.ts';
import { coreForTest, entriesOf, readAttempt, type TestCore, temporaryFolder } from '../station-fixture.ts';

// biome-ignore lint/suspicious/noExplicitAny: a passport taken apart
type Loose = any;

describe('the claims of a passport', () => {
  const folder = temporaryFolder();
  let core: TestCore;
  let who: Actor;
  /** Entries by what they are in the story. */
  const at: Record<string, number> = {};
  const record = (key: number, serial: string, members: object = {}) => {
    const attempt = readAttempt(key, serial, { product: core.configuration.products[0]! });
    const finding = { ...attempt.finding, ...members } as typeof attempt.finding;
    const { code } = recordAttempt(core, { ...attempt, finding });
    return { harvestId: attempt.harvestId, code, index: entriesOf(core).at(-1)!.index };
  };
  const acknowledge = () => {
    for (const entry of core.ledger.outbox.due(10, Number.MAX_SAFE_INTEGER)) {
      core.ledger.transaction(() => {
        moveEntry(core, core.ledger.outbox.get(entry.entry_id)!, { event: 'take', at: 1 });
        const taken = core.ledger.outbox.get(entry.entry_id)!;
        moveEntry(core, taken, { event: 'enrol', how: 'acknowledged', dpsHost: 'localhost' });
      });
    }
  };
  const claimsOf = async (name: string) => {
    const { file } = await writePassport(core, {
      name,
      out: path.join(folder, `${name}.json`),
      account: 'os:test',
    });
    const passport = JSON.parse(readFileSync(file, 'utf8'));
    assert.partialDeepStrictEqual(await verifyPassport(file), { ok: true });
    return { passport, claims: passport.claims.map(({ what, index }: Loose) => [what, index]) };
  };
  const verified = (text: string) => {
    const der = Buffer.from(text);
    const sha256 = createHash('sha256').update(der).digest('hex');
    return { certificate: { status: 'verified', der: der.toString('base64'), sha256, chain: [sha256] } };
  };

  before(() => {
    core = coreForTest();
    who = enterSupervisor(core);
    at.made = record(1, 'SN-1', verified('a')).index;
    acknowledge();
    at.enrolled = entriesOf(core).at(-1)!.index;
    const other = record(9, 'SN-1', verified('b'));
    const clone = record(1, 'SN-2');
    assert.equal(clone.code, 'clone');
    Object.assign(at, { other: other.index, clone: clone.index });
  });
  after(() => {
    core[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });

  it('A3 H6 nothing is claimed of an attempt that was refused, under another serial or with another key', async () => {
    const { passport, claims } = await claimsOf('SN-1');
    const shown = passport.logs[0].entries.map(({ index }: Loose) => index);
    assert.ok(shown.includes(at.other) && shown.includes(at.clone), 'they are on record all the same');
    assert.deepEqual(claims, [
      ['key-read', at.made],
      ['possession', at.made],
      ['certificate', at.made],
      ['enrolled', at.enrolled],
    ]);
  });

  it('A3 H6 of a device that passed by decision: what the refused attempt proved, and that a person decided', async () => {
    const { harvest_id } = core.ledger.harvests.ofSerial('SN-2')[0]!;
    overruleAttempt(core, { harvestId: harvest_id, overruling: 'relabel' }, { who, reason: 'wrong label' });
    at.decided = entriesOf(core).find(({ type }) => type === 'decision')!.index;
    acknowledge();
    acknowledge();
    const changes = entriesOf(core).filter(({ data }) => data.change === 'enrolled');
    const [, deleted, created] = changes.map(({ index }) => index);
    const { passport, claims } = await claimsOf('SN-2');
    assert.deepEqual(claims, [
      ['key-read', at.made],
      ['possession', at.made],
      ['certificate', at.made],
      ['key-read', at.clone],
      ['possession', at.clone],
      ['decided', at.decided],
      ['enrolled', created],
    ]);
    const before = await claimsOf(core.ledger.devices.retiredOfSerial('SN-1')[0]!.device_id);
    const retired = entriesOf(core).find(({ data }) => data.change === 'retired')!.index;
    assert.deepEqual(before.claims.slice(3), [
      ['enrolled', at.enrolled],
      ['retired', retired],
      ['deleted', deleted],
    ]);
    const forged = path.join(folder, 'forged.json');
    for (const [what, index] of [
      ['key-read', at.decided],
      ['enrolled', deleted],
      ['deleted', created],
      ['retired', retired],
      ['certificate', at.clone],
      ['possession', at.decided],
    ] as const) {
      const { at: time } = entriesOf(core)[index!] as Loose;
      const { origin } = passport.claims[0];
      const more = { ...passport, claims: [...passport.claims, { what, origin, index, at: time }] };
      writeFileSync(forged, `${canonicalize(more)}\n`);
      const verdict = await verifyPassport(forged);
      assert.partialDeepStrictEqual(verdict, { ok: false, problem: 'claim-differs', index }, what);
    }
  });

  it('A3 says that DPS acknowledged the delete of one that left service, not that it was enrolled again', async () => {
    deleteDevice(core, 'SN-2', { who, reason: 'scrap' });
    acknowledge();
    const { claims } = await claimsOf('SN-2');
    assert.deepEqual(
      claims.slice(-2).map(([what]: Loose) => what),
      ['retired', 'deleted'],
    );
  });

  it('H8 A3 follows the newest judgement of a certificate: revoked takes verified back, until a list says otherwise', async () => {
    const certificate = verified('c');
    const { sha256, chain } = certificate.certificate;
    const made = record(3, 'SN-3', certificate);
    const { ek_sha256 } = core.ledger.harvests.ofSerial('SN-3')[0]!;
    const judge = (status: string) =>
      core.ledger.transaction(() =>
        core.audit.append(core.identity, personOf(core.ledger, 'system', 1), {
          type: 'certificate-judgement',
          data: {
            registrationId: core.ledger.devices.bySerial('SN-3', 'default')!.registration_id,
            harvestId: made.harvestId,
            serial: 'SN-3',
            workOrder: null,
            ekSha256: ek_sha256!,
            change: status === 'revoked' ? 'revoked' : 'settled',
            statusBefore: 'verified',
            certificate: { status, sha256, ...(status === 'verified' ? { chain } : {}) },
          },
        }),
      );
    const newest = () => entriesOf(core).at(-1)!.index;
    const said = async () => {
      const { claims } = await claimsOf('SN-3');
      return claims.filter(([what]: Loose) => what.startsWith('certificate'));
    };
    assert.deepEqual(await said(), [['certificate', made.index]]);
    judge('revoked');
    const revoked = newest();
    assert.deepEqual(await said(), [['certificate-revoked', revoked]]);
    // By a maker's list nobody looked at, it is not in force again; another certificate of the key is its own.
    const unlooked = record(3, 'SN-3', { ...certificate, warnings: ['certificate-revocation-unknown'] });
    const other = record(3, 'SN-3', verified('d'));
    assert.deepEqual(await said(), [
      ['certificate-revoked', revoked],
      ['certificate', other.index],
    ]);
    const { passport } = await claimsOf('SN-3');
    for (const [what, index] of [
      ['certificate', made.index],
      ['certificate', revoked],
      ['certificate', unlooked.index],
      ['certificate-revoked', made.index],
      ['certificate-revoked', other.index],
    ] as const) {
      const { at: time } = entriesOf(core)[index] as Loose;
      const { origin } = passport.claims[0];
      const forged = path.join(folder, 'forged.json');
      writeFileSync(
        forged,
        `${canonicalize({ ...passport, claims: [{ what, origin, index, at: time }] })}\n`,
      );
      const verdict = await verifyPassport(forged);
      assert.partialDeepStrictEqual(verdict, { ok: false, problem: 'claim-differs', index }, what);
    }
    judge('verified');
    const lifted = newest();
    assert.deepEqual(await said(), [
      ['certificate', made.index],
      ['certificate', unlooked.index],
      ['certificate', other.index],
      ['certificate', lifted],
    ]);
  });
});
