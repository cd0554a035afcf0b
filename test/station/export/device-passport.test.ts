import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import canonicalize from 'canonicalize';
import type { ProblemCode } from '../../../src/audit/verify/verdict.ts';
import { verifyPassport } from '../../../src/audit/verify/verify-passport.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { retire } from '../../../src/station/devices/retire-device.ts';
import { writePassport } from '../../../src/station/export/device-passport.ts';
import { verifyFile } from '../../../src/station/export/verify-audit.ts';
import { rotateKey } from '../../../src/station/log/rotate-key.ts';
import { openCore } from '../../../src/station/open-core.ts';
import fc from '../../property.ts';
import { mina } from '../access/people-fixture.ts';
import { coreForTest, entriesOf, readAttempt, type TestCore, temporaryFolder } from '../station-fixture.ts';

// biome-ignore lint/suspicious/noExplicitAny: a passport taken apart
type Loose = any;

describe('a device’s passport', () => {
  let core: TestCore;
  const folder = temporaryFolder();
  const out = path.join(folder, 'passport.json');
  const certificate = Buffer.from('not parsed here');
  let passport: Loose;
  const write = (name: string, to = out) => writePassport(core, { name, out: to, account: 'os:test' });
  const problemOf = async (content: string | Buffer, trust = {}): Promise<ProblemCode | 'none'> => {
    const changed = path.join(folder, 'changed.json');
    writeFileSync(changed, content);
    const verdict = await verifyPassport(changed, trust);
    return verdict.ok ? 'none' : verdict.problem;
  };
  const changedBy = (change: (json: Loose) => void): string => {
    const json = structuredClone(passport);
    change(json);
    return `${canonicalize(json)}\n`;
  };

  before(async () => {
    core = coreForTest();
    for (let key = 1; key <= 600; key += 1) {
      if (key === 300) {
        const { finding, ...attempt } = readAttempt(300, 'SN-300', { workOrder: 'W-1' });
        if (finding.outcome !== 'read') throw new Error('not read');
        const der = certificate.toString('base64');
        recordAttempt(core, {
          ...attempt,
          finding: { ...finding, certificate: { status: 'unchecked', der, sha256: sha256(certificate) } },
        });
      } else if (key === 450) recordAttempt(core, readAttempt(300, 'SN-300'));
      else if (key === 500) recordAttempt(core, readAttempt(300, 'SN-other'));
      else recordAttempt(core, readAttempt(key, `SN-${key}`));
    }
    await write('SN-300');
    passport = JSON.parse(readFileSync(out, 'utf8'));
  });
  after(() => {
    core[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });

  it('A3 holds all entries of the device with their proofs, and no others', () => {
    const [log] = passport.logs;
    assert.deepEqual(
      log.entries.map(({ index, entry }: Loose) => [index, JSON.parse(entry).data.verdict]),
      [
        [300, 'passed'],
        [450, 'retest'],
        [500, 'refused'],
      ],
    );
    assert.ok(log.entries.every(({ proof }: Loose) => proof.length >= 9 && proof.length <= 10));
    assert.equal(readFileSync(out, 'utf8').includes('SN-299'), false);
    assert.deepEqual(passport.certificates, [certificate.toString('base64')]);
    assert.deepEqual(
      passport.claims.map(({ what, index }: Loose) => [what, index]),
      [
        ['key-read', 300],
        ['possession', 300],
        ['key-read', 450],
        ['possession', 450],
      ],
    );
    assert.partialDeepStrictEqual(entriesOf(core).at(-1), {
      type: 'export',
      data: { format: 'passport', registrationId: passport.device.registrationId },
    });
  });

  it('A3 verifies as intact, signed by the key, witnessed by the same checkpoint from outside', async () => {
    const trust = { key: undefined, checkpoints: [] };
    assert.partialDeepStrictEqual(await verifyFile(out, trust), { ok: true, level: 'intact', entries: 3 });
    const key = core.identity.verifierKey;
    assert.partialDeepStrictEqual(await verifyPassport(out, { key }), { ok: true, level: 'signed' });
    const { checkpoint } = passport.logs[0];
    assert.partialDeepStrictEqual(await verifyPassport(out, { checkpoints: [checkpoint] }), {
      ok: true,
      level: 'witnessed',
    });
    const later = core.audit.checkpoint(() => core.identity).note;
    assert.partialDeepStrictEqual(await verifyPassport(out, { checkpoints: [later] }), {
      ok: true,
      level: 'signed',
    });
    using other = coreForTest();
    const foreign = await verifyPassport(out, { key: other.identity.verifierKey });
    assert.partialDeepStrictEqual(foreign, { ok: false, problem: 'key-differs' });
  });

  for (const [what, change, problem] of [
    [
      'an entry',
      (p: Loose) => (p.logs[0].entries[1].entry = p.logs[0].entries[1].entry.replace('retest', 'passed')),
      'entry-changed',
    ],
    ['a proof', (p: Loose) => p.logs[0].entries[0].proof.reverse(), 'entry-changed'],
    ['an index', (p: Loose) => (p.logs[0].entries[0].index = 299), 'entry-changed'],
    ['an entry twice', (p: Loose) => p.logs[0].entries.push(p.logs[0].entries[2]), 'entry-doubled'],
    ['the order', (p: Loose) => p.logs[0].entries.reverse(), 'entry-reordered'],
    ['an entry left out', (p: Loose) => p.logs[0].entries.splice(1, 1), 'claim-differs'],
    ['an entry that nothing is claimed of left out', (p: Loose) => p.logs[0].entries.pop(), 'seal-differs'],
    ['the serial', (p: Loose) => (p.device.serial = 'SN-301'), 'device-differs'],
    ['the product', (p: Loose) => (p.device.product = 'other'), 'device-differs'],
    ['the work order', (p: Loose) => (p.device.workOrder = 'W-2'), 'device-differs'],
    ['the digest', (p: Loose) => (p.device.ekSha256 = 'a'.repeat(64)), 'device-differs'],
    ['the registration id', (p: Loose) => (p.device.registrationId = 'other'), 'device-differs'],
    ['a certificate', (p: Loose) => (p.certificates = ['AAAA']), 'certificate-differs'],
    ['a certificate left out', (p: Loose) => (p.certificates = []), 'seal-differs'],
    ['a claim', (p: Loose) => (p.claims[0].what = 'enrolled'), 'claim-differs'],
    ['a time', (p: Loose) => (p.claims[0].at = '2020-01-01T00:00:00.000Z'), 'claim-differs'],
    ['a claim left out', (p: Loose) => p.claims.pop(), 'seal-differs'],
    ['when it was made', (p: Loose) => (p.madeAt = '2020-01-01T00:00:00.000Z'), 'seal-differs'],
    ['production for rehearsal', (p: Loose) => (p.rehearsal = false), 'entry-of-another-log'],
    ['the checkpoint', (p: Loose) => (p.logs[0].checkpoint = p.seal), 'checkpoint-differs'],
    ['the size', (p: Loose) => (p.logs[0].size += 1), 'checkpoint-differs'],
    ['the origin', (p: Loose) => (p.logs[0].origin = 'station/other'), 'signature-wrong'],
    ['the seal', (p: Loose) => (p.seal = p.logs[0].checkpoint), 'seal-differs'],
    ['another member', (p: Loose) => (p.note = 'x'), 'malformed'],
  ] as const)
    it(`A3 finds a change of ${what}: ${problem}`, async () => {
      assert.equal(await problemOf(changedBy(change)), problem);
    });

  it('A3 finds a passport that was signed anew with another key', async () => {
    using other = coreForTest();
    recordAttempt(other, readAttempt(300, 'SN-300'));
    const forged = path.join(folder, 'forged.json');
    await writePassport(other, { name: 'SN-300', out: forged, account: 'os:test' });
    const verdict = await verifyPassport(forged, { key: core.identity.verifierKey });
    assert.partialDeepStrictEqual(verdict, { ok: false, problem: 'key-differs' });
    const mixed = JSON.parse(readFileSync(forged, 'utf8'));
    assert.notEqual(
      await problemOf(changedBy(p => (p.logs[0].verifierKey = mixed.logs[0].verifierKey))),
      'none',
    );
  });

  it('A3 finds any byte that is changed, taken away or put in', async () => {
    const bytes = readFileSync(out);
    assert.equal(await problemOf(bytes), 'none');
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= mask;
        assert.notEqual(await problemOf(flipped), 'none', `byte ${at} changed by ${mask}`);
        assert.notEqual(await problemOf(bytes.subarray(0, at)), 'none', `cut to ${at}`);
        const put = Buffer.concat([bytes.subarray(0, at), Buffer.of(mask), bytes.subarray(at)]);
        assert.notEqual(await problemOf(put), 'none', `${mask} put in at ${at}`);
      }),
      { numRuns: 100 },
    );
  });

  it('A1 A2 goes back over a changed machine and an exchanged key, and is signed for by any of the keys', async () => {
    const place = path.join(folder, 'moved');
    mkdirSync(place);
    const moved = await movedStation(place);
    try {
      const file = path.join(folder, 'moved.json');
      const result = await writePassport(moved.core, { name: 'SN-1', out: file, account: 'os:test' });
      assert.deepEqual([result.entries, result.unproved], [3, 0]);
      const two = JSON.parse(readFileSync(file, 'utf8'));
      assert.deepEqual(
        two.logs.map(({ entries }: Loose) => entries.map(({ index }: Loose) => index).length),
        [1, 2],
      );
      assert.deepEqual(
        two.logs.map(({ rotations = [] }: Loose) => rotations.length),
        [1, 0],
      );
      assert.partialDeepStrictEqual(await verifyPassport(file), { ok: true, level: 'intact', entries: 3 });
      const found: string[] = [];
      for (const change of [
        (p: Loose) => (p.logs[0].checkpoint = moved.earlier),
        (p: Loose) => p.logs[1].entries.shift(),
        (p: Loose) => delete p.logs[0].rotations,
        (p: Loose) => p.logs.shift(),
      ]) {
        const json = structuredClone(two);
        change(json);
        found.push(await problemOf(`${canonicalize(json)}\n`));
      }
      assert.deepEqual(found, ['signature-wrong', 'checkpoint-differs', 'seal-differs', 'claim-differs']);
    } finally {
      moved.core.close();
    }
  });

  it('finds a device that left service, and says that there is none', async () => {
    const device = core.ledger.devices.bySerial('SN-7', 'default')!;
    core.ledger.transaction(() => {
      retire(core, device, { account: 'os:test', reason: 'scrap' });
    });
    const result = await write('SN-7', path.join(folder, 'retired.json'));
    assert.equal(result.serial, 'SN-7');
    assert.partialDeepStrictEqual(await verifyPassport(result.file), { ok: true });
    await assert.rejects(write('SN-none'), { code: 'device-unknown' });
  });
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A device, an exchange of the key, and the same device again on another machine, where another log begins. */
async function movedStation(
  folder: string,
): Promise<{ readonly core: ReturnType<typeof openCore>; readonly earlier: string }> {
  const on = (id: string) =>
    openCore({ dataDirectory: folder, env: { KEYLINE_REHEARSAL: '1', KEYLINE_MACHINE_ID: id } });
  const first = on('a');
  recordAttempt(first, readAttempt(1, 'SN-1'));
  const earlier = first.audit.checkpoint(() => first.identity).note;
  rotateKey(first, { who: await mina(first), reason: 'a new one' });
  first.close();
  const core = on('b');
  recordAttempt(core, readAttempt(1, 'SN-1'));
  return { core, earlier };
}
