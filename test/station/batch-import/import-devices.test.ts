import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { deriveRegistrationId } from '../../../src/enrollment/registration-id.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { type ImportVerdict, importDevices } from '../../../src/station/batch-import/import-devices.ts';
import { retire } from '../../../src/station/devices/retire-device.ts';
import { outboxStoreOf } from '../../../src/station/drain/outbox-store.ts';
import { exportAudit } from '../../../src/station/export/export-audit.ts';
import { verifyFile } from '../../../src/station/export/verify-audit.ts';
import type { StationCore } from '../../../src/station/open-core.ts';
import fc from '../../property.ts';
import { base64Key, endorsementKey, keyDigest } from '../attempt/endorsement-keys.ts';
import { coreForTest, entriesOf, readAttempt, type TestCore } from '../station-fixture.ts';

async function importText(
  core: TestCore,
  text: string | Buffer,
  changes: { dryRun?: boolean } = {},
): Promise<ImportVerdict[]> {
  const file = path.join(core.folder, 'import');
  writeFileSync(file, text);
  return importFile(core, file, changes);
}

async function importFile(
  core: StationCore,
  file: string,
  { dryRun = false } = {},
): Promise<ImportVerdict[]> {
  return Array.fromAsync(importDevices(core, file, { dryRun, account: 'os:test' }));
}

const idOf = (key: number) => deriveRegistrationId(endorsementKey(key));

describe('importDevices', () => {
  it('O1 makes device, outbox entry and audit entry of a Keyline CSV row, origin imported', async () => {
    using core = coreForTest();
    const verdicts = await importText(
      core,
      `serial,endorsementKey\r\nSN-1,${base64Key(1)}\r\nSN-2,${base64Key(2)}\r\n`,
    );
    assert.deepEqual(
      verdicts.map(v => [v.verdict, v.serial, v.registrationId]),
      [
        ['imported', 'SN-1', idOf(1)],
        ['imported', 'SN-2', idOf(2)],
      ],
    );
    assert.equal(core.ledger.counts.outbox().queued, 2);
    const entry = entriesOf(core).at(-1)!;
    assert.equal(entry.type, 'import');
    assert.equal(entry.data.possession, 'not-tested');
    assert.equal(core.ledger.devices.bySerial('SN-2', 'default')!.origin, 'imported');
  });

  it('reads the CSV and the JSON that Limpet writes', async () => {
    using core = coreForTest();
    const csv = `"Registration Id", "Endorsement Key"\r\n"${idOf(1)}", "${base64Key(1)}"\r\n`;
    assert.deepEqual(
      (await importText(core, csv)).map(v => v.verdict),
      ['imported'],
    );
    const json = `[\r\n{\r\n\t"attestation": {\r\n\t\t"type": "tpm",\r\n\t\t"tpm": {\r\n\t\t\t"endorsementKey": "${base64Key(2)}"\r\n\t\t}\r\n\t},\r\n\t"registrationId": "${idOf(2)}"\r\n}\r\n]\r\n`;
    assert.deepEqual(
      (await importText(core, json)).map(v => v.registrationId),
      [idOf(2)],
    );
    assert.equal(core.ledger.devices.byRegistrationId(idOf(2))!.serial, null);
  });

  it('H6 lets the first harvest of a device that was imported without a serial name it', async () => {
    using core = coreForTest();
    await importText(core, `endorsementKey\n${base64Key(1)}\n`);
    const again = await importText(
      core,
      `serial,endorsementKey,registrationId\nSN-1,${base64Key(1)},another-id\n`,
    );
    assert.deepEqual([again[0]!.verdict, again[0]!.code], ['refused', 'registration-id-differs']);
    const recorded = recordAttempt(core, readAttempt(1, 'SN-1'));
    assert.equal(recorded.verdict, 'retest');
    assert.equal(recorded.namesSerial, true);
    assert.equal(core.ledger.devices.bySerial('SN-1', 'default')!.registration_id, idOf(1));
    assert.equal(core.ledger.counts.outbox().queued, 1);
  });

  it('says what is wrong with each bad row and takes the good ones', async () => {
    using core = coreForTest();
    const rows = [
      `SN-1,${base64Key(1)},`,
      'SN-2,not base64!,',
      `SN-3,${base64Key(3).slice(0, 100)},`,
      `,,`,
      `SN\u0007,${base64Key(4)},`,
      `SN-5,${base64Key(5)},another-id`,
      `SN-6,${base64Key(1)},`,
      `SN-1,${base64Key(1)},`,
      `SN-1,${base64Key(7)},`,
      'SN-8,OgEAAAEACwCyAAMAAAAAAAAA,',
    ];
    const verdicts = await importText(core, `serial,endorsementKey,registrationId\n${rows.join('\n')}\n`);
    assert.deepEqual(
      verdicts.map(v => [v.row, v.verdict, v.code]),
      [
        [2, 'imported', 'imported'],
        [3, 'bad', 'ek-not-base64'],
        [4, 'bad', 'ek-malformed'],
        [5, 'bad', 'row-unreadable'],
        [6, 'bad', 'serial-characters'],
        [7, 'refused', 'registration-id-differs'],
        [8, 'refused', 'clone'],
        [9, 'duplicate', 'duplicate-in-file'],
        [10, 'refused', 'serial-has-other-key'],
        [11, 'bad', 'ek-host-order-struct'],
      ],
    );
    assert.equal(core.ledger.counts.devices(), 1);
  });

  it('says the same in a dry run, and writes nothing', async () => {
    using core = coreForTest();
    const text = `serial,endorsementKey\nSN-1,${base64Key(1)}\nSN-1,${base64Key(1)}\nSN-2,${base64Key(1)}\nSN-1,${base64Key(2)}\nSN-3,${base64Key(3)}\n`;
    const size = core.ledger.audit.size();
    const dry = await importText(core, text, { dryRun: true });
    assert.equal(core.ledger.audit.size(), size);
    assert.equal(core.ledger.counts.devices(), 0);
    const real = await importText(core, text);
    assert.deepEqual(
      dry.map(v => [v.row, v.verdict, v.code]),
      real.map(v => [v.row, v.verdict, v.code]),
    );
    assert.deepEqual(
      dry.map(v => v.verdict),
      ['imported', 'duplicate', 'refused', 'refused', 'imported'],
    );
  });

  it('A4 takes back what an export in CSV holds, and only the devices of it', async () => {
    using core = coreForTest();
    recordAttempt(core, readAttempt(1, 'SN-1'));
    recordAttempt(core, readAttempt(1, 'SN-2'));
    recordAttempt(core, readAttempt(3, '=cmd()'));
    const out = path.join(core.folder, 'audit.csv');
    await exportAudit(core, { format: 'csv', out, account: 'os:test' });
    using second = coreForTest();
    const verdicts = await importFile(second, out);
    assert.deepEqual(
      verdicts.map(v => [v.verdict, v.serial, v.registrationId]),
      [
        ['imported', 'SN-1', idOf(1)],
        ['imported', '=cmd()', idOf(3)],
      ],
    );
  });

  for (const format of ['csv', 'jsonl', 'json'] as const)
    it(`A4 an export in ${format} makes the same devices at an empty station, by their log, but for those that left service`, async () => {
      using core = coreForTest();
      recordAttempt(core, readAttempt(1, 'SN-1', { workOrder: 'WO-1' }));
      recordAttempt(core, readAttempt(2, '시리얼 2'));
      recordAttempt(core, readAttempt(3, 'SN-3'));
      recordAttempt(core, readAttempt(4, 'SN-1'));
      await importText(core, `endorsementKey\n${base64Key(5)}\n`);
      const gone = core.ledger.devices.bySerial('SN-3', 'default')!;
      core.ledger.transaction(() => void retire(core, gone, { account: 'os:test', reason: 'scrap' }));
      const out = path.join(core.folder, `audit.${format}`);
      await exportAudit(core, { format, out, account: 'os:test' });
      using second = coreForTest();
      const devices = ({ ledger }: StationCore) =>
        [1, 2, 3, 4, 5].map(key => {
          const row = ledger.devices.byEkSha256(keyDigest(key));
          return row && [row.serial, row.product, row.work_order, row.registration_id, row.ek_template];
        });
      for (const dryRun of [true, false])
        assert.deepEqual(
          (await importFile(second, out, { dryRun })).map(v => [v.verdict, v.serial]),
          [
            ['imported', 'SN-1'],
            ['imported', '시리얼 2'],
            ['imported', undefined],
          ],
        );
      assert.deepEqual(devices(second), devices(core));
      const { source } = entriesOf(second).at(-1)!.data;
      assert.deepEqual(source, { log: core.identity.origin, logSealed: true });

      const text = readFileSync(out, 'utf8');
      writeFileSync(out, text.replace('WO-1', 'WO-2'));
      const size = second.ledger.audit.size();
      await assert.rejects(importFile(second, out), /changed after it was sealed/);
      assert.equal(second.ledger.audit.size(), size);
    });

  it('H6 done again, or gone on with after it was killed, an import makes nothing twice and says what was there', async () => {
    using core = coreForTest();
    const rows = Array.from({ length: 40 }, (_, n) => `SN-${n},${base64Key(n)}`);
    const file = `serial,endorsementKey\n${rows.join('\n')}\n`;
    const ending = new AbortController();
    const place = path.join(core.folder, 'import');
    writeFileSync(place, file);
    let acknowledged = 0;
    for await (const row of importDevices(core, place, {
      dryRun: false,
      account: 'os:test',
      signal: ending.signal,
    })) {
      if (row.verdict === 'imported') acknowledged += 1;
      if (acknowledged === 20) ending.abort();
    }
    assert.ok(acknowledged < rows.length);
    assert.equal(core.ledger.counts.devices(), acknowledged);
    const again = await importText(core, file);
    const count = (kind: string) => again.filter(({ verdict }) => verdict === kind).length;
    assert.deepEqual([count('known'), count('imported')], [acknowledged, rows.length - acknowledged]);
    const size = core.ledger.audit.size();
    assert.ok((await importText(core, file)).every(({ verdict }) => verdict === 'known'));
    assert.equal(core.ledger.audit.size(), size);
  });

  it('says in a dry run of any rows what the import then does', async () => {
    using core = coreForTest();
    let run = 0;
    const cell = fc.tuple(fc.constantFrom('', '1', '2', '3', '\u0007'), fc.constantFrom(1, 2, 3, 4, 'no'));
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 12 }), async cells => {
        run += 1;
        const rowOf = ([serial, key]: readonly [string, number | string]) =>
          `${serial && `SN-${run}-${serial}`},${typeof key === 'string' ? key : base64Key(`${run}/${key}`)}`;
        const text = (rows: typeof cells) => `serial,endorsementKey\n${rows.map(rowOf).join('\n')}\n`;
        await importText(
          core,
          text([
            ['3', 3],
            ['', 4],
          ]),
        );
        const before = core.ledger.counts.devices();
        const dry = await importText(core, text(cells), { dryRun: true });
        assert.equal(core.ledger.counts.devices(), before);
        const real = await importText(core, text(cells));
        const told = (verdicts: readonly ImportVerdict[]) => verdicts.map(v => [v.row, v.verdict, v.code]);
        assert.deepEqual(told(dry), told(real));
        // A device each that was made: no serial and no key twice.
        const made = real.filter(({ verdict }) => verdict === 'imported').length;
        assert.equal(core.ledger.counts.devices(), before + made);
      }),
      { numRuns: 40 },
    );
  });

  it('H2 takes a maker’s list of public keys, remembers its columns, and writes down how the key was there', async () => {
    using core = coreForTest();
    const modulus = (key: number) => endorsementKey(key).subarray(-256).toString('hex').toUpperCase();
    const list = (key: number) => `Chip No;Public Modulus;EK Modulus\r\nSN-${key};junk;${modulus(key)}\r\n`;
    const file = path.join(core.folder, 'import');
    const mapping = { serial: 'Chip No', ek: 'EK Modulus' };
    writeFileSync(file, list(1));
    const first = await Array.fromAsync(
      importDevices(core, file, { dryRun: false, mapping, account: 'os:test' }),
    );
    assert.deepEqual(
      first.map(v => [v.verdict, v.serial, v.registrationId, v.keyForm]),
      [['imported', 'SN-1', idOf(1), 'modulus']],
    );
    assert.deepEqual(entriesOf(core).at(-1)!.data.source, { keyForm: 'modulus' });
    assert.equal((await importText(core, list(2)))[0]?.serial, 'SN-2');
  });

  it('A4 shows in the export of a work order what became of its devices, and the rest as hashes', async () => {
    using core = coreForTest();
    recordAttempt(core, readAttempt(1, 'SN-1', { workOrder: 'WO-1' }));
    recordAttempt(core, readAttempt(2, 'SN-2', { workOrder: 'WO-2' }));
    const store = outboxStoreOf(core, { host: 'h', idScope: null });
    const taken = store.take(10, Date.now());
    store.settle(
      taken.map(item => ({
        kind: 'enrolled',
        how: 'acknowledged',
        entryId: item.kind === 'entry' ? item.entry.entryId : '',
      })),
    );
    const out = path.join(core.folder, 'audit.jsonl');
    const exported = await exportAudit(core, { format: 'jsonl', out, workOrder: 'WO-1', account: 'os:test' });
    assert.deepEqual([exported.entries, exported.withheld], [3, 4]);
    const verdict = await verifyFile(out, { key: core.identity.verifierKey, checkpoints: [] });
    assert.equal(verdict.ok && verdict.level, 'signed');
  });

  it('S4 writes no export over a file of the station itself', async () => {
    using core = coreForTest();
    symlinkSync(core.folder, `${core.folder}-link`);
    const places = ['ledger.sqlite', 'ledger.sqlite-wal', 'secrets/station-key', 'keyline.json'];
    // A ledger that a restore set aside is nobody's to write over, nor what counts wrong PINs.
    const others = [
      'set-aside-1/ledger.sqlite',
      'restore-pins.json',
      'restored.json',
      'trust-fetched/fetches.json',
    ];
    for (const folder of ['set-aside-1', 'trust-fetched']) mkdirSync(path.join(core.folder, folder));
    for (const place of [...places, ...others])
      for (const folder of [core.folder, `${core.folder}-link`])
        await assert.rejects(
          exportAudit(core, { format: 'csv', out: path.join(folder, place), account: 'os:test' }),
          {
            code: 'export-over-station',
          },
        );
    rmSync(`${core.folder}-link`);
    await exportAudit(core, { format: 'csv', out: path.join(core.folder, 'audit.csv'), account: 'os:test' });
  });

  it('S5 takes no rows of a rehearsal into a production ledger', async () => {
    using rehearsal = coreForTest();
    recordAttempt(rehearsal, readAttempt(1, 'SN-1'));
    const out = path.join(rehearsal.folder, 'audit.csv');
    await exportAudit(rehearsal, { format: 'csv', out, account: 'os:test' });
    using production = coreForTest({ env: { KEYLINE_REHEARSAL: '' } });
    assert.equal(production.rehearsal, false);
    const verdicts = await importFile(production, out);
    assert.deepEqual(
      verdicts.map(v => [v.verdict, v.code]),
      [['refused', 'rehearsal-export']],
    );
    assert.equal(production.ledger.counts.devices(), 0);
  });

  for (const [name, content] of [
    ['an empty file', ''],
    ['a file without the column', 'serial,key\nSN-1,x\n'],
    ['a binary file', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0])],
    ['broken JSON', '[{"registrationId":'],
  ] as const)
    it(`refuses ${name} as a whole`, async () => {
      using core = coreForTest();
      await assert.rejects(importText(core, content), { name: 'ImportFormError' });
    });

  it('refuses a file that is not there', async () => {
    using core = coreForTest();
    await assert.rejects(importFile(core, path.join(core.folder, 'nothing')), { name: 'ImportFormError' });
  });
});
