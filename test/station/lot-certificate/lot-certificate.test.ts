import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { findBrowser } from '../../../src/host/find-browser.ts';
import { printPage } from '../../../src/host/print-page.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { retire } from '../../../src/station/devices/retire-device.ts';
import { lotFigures } from '../../../src/station/lot-certificate/lot-figures.ts';
import { writeLotCertificate } from '../../../src/station/lot-certificate/write-lot-certificate.ts';
import { moveEntry } from '../../../src/station/queue/move-entry.ts';
import { requestChange } from '../../../src/station/queue/request-entry.ts';
import { missing } from '../../parts.ts';
import { launchChromium } from '../../standin/run-app.ts';
import { coreForTest, entriesOf, readAttempt, type TestCore, temporaryFolder } from '../station-fixture.ts';

describe('the certificate of a lot', () => {
  let core: TestCore;
  const folder = temporaryFolder();
  const lot = { workOrder: 'W-<1>' };
  const write = (more: Partial<Parameters<typeof writeLotCertificate>[1]> = {}) =>
    writeLotCertificate(core, { ...lot, out: path.join(folder, 'lot.html'), account: 'os:test', ...more });
  const page = () => readFileSync(path.join(folder, 'lot.html'), 'utf8');
  const enrol = (count: number) => {
    for (const row of core.ledger.outbox.inState('queued', count))
      core.ledger.transaction(() => {
        moveEntry(core, row, { event: 'take', at: core.clock.read().at });
        moveEntry(core, core.ledger.outbox.get(row.entry_id)!, {
          event: 'enrol',
          how: 'acknowledged',
          dpsHost: 'dps',
        });
      });
  };

  const failedAttempt = (serial: string, changes: { workOrder: string }, code = 'bridge-lost') => {
    const finding = { outcome: 'failed', code, detail: 'gone', step: 'connect', warnings: [] };
    return { ...readAttempt(1, serial, changes), finding: finding as never };
  };

  before(() => {
    core = coreForTest();
    for (let key = 1; key <= 20; key += 1) {
      if (key % 5 === 0) {
        recordAttempt(core, failedAttempt(`SN-${key}`, lot));
      }
      if (key !== 20) recordAttempt(core, readAttempt(key, `SN-${key}`, lot));
    }
    recordAttempt(core, readAttempt(99, 'SN-99', { workOrder: 'W-2' }));
  });
  after(() => {
    core[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });

  it('A4 refuses to say complete while devices are missing or not enrolled, and lists why', async () => {
    enrol(12);
    const result = await write({ quantity: 20 });
    assert.partialDeepStrictEqual(result, {
      complete: false,
      ordered: 20,
      harvested: 19,
      enrolled: 12,
      neverPassed: 1,
      incomplete: [
        { why: 'too-few', count: 1 },
        { why: 'not-enrolled', count: 7 },
      ],
    });
    assert.match(page(), /Not complete/);
    assert.match(page(), /7 devices are not acknowledged by DPS/);
    assert.match(page(), /never passed<\/td><td>SN-20<\/td>/);
    assert.match(page(), /3 \(15%\)|16 \(80%\)/);
    assert.equal(page().match(/not enrolled<\/td>/g)?.length, 7);
    assert.deepEqual((await write()).incomplete[0], { why: 'quantity-unknown' });
    assert.deepEqual((await write({ workOrder: 'none', quantity: 1 })).incomplete, [
      { why: 'no-device' },
      { why: 'too-few', count: 1 },
    ]);
  });

  it('A4 a device that was disabled is not enrolled, also after a later change of it', async () => {
    recordAttempt(core, readAttempt(100, 'SN-100', { workOrder: 'W-3' }));
    const device = core.ledger.devices.bySerial('SN-100', 'default')!;
    const by = { account: 'os:test', reason: 'recalled' };
    const change = (operation: 'disable' | 'update' | 'enable', members = {}) => {
      core.ledger.transaction(() => requestChange(core, device, operation, members, by));
      enrol(100);
    };
    enrol(100);
    change('disable', { provisioningStatus: 'disabled' });
    change('update', { deviceId: 'other' });
    const lot = { workOrder: 'W-3', quantity: 1 };
    assert.partialDeepStrictEqual(await write(lot), { complete: false, harvested: 1, enrolled: 0 });
    change('enable', { provisioningStatus: 'enabled' });
    assert.partialDeepStrictEqual(await write(lot), { complete: true, enrolled: 1 });
  });

  it('A4 says complete where ordered = recorded = enrolled, with what left service and its reason', async () => {
    enrol(100);
    const device = core.ledger.devices.bySerial('SN-3', 'default')!;
    core.ledger.transaction(() => {
      retire(core, device, { account: 'os:test', reason: 'scrap & gone' });
    });
    const result = await write({ quantity: 18 });
    assert.partialDeepStrictEqual(result, {
      complete: true,
      harvested: 18,
      enrolled: 18,
      retired: 1,
      incomplete: [],
    });
    assert.match(page(), /Complete<\/p>/);
    assert.doesNotMatch(page(), /Not complete/);
    assert.match(page(), /left service<\/td><td>SN-3<\/td><td>scrap &amp; gone<\/td>/);
    assert.match(page(), /Rehearsal/);
    assert.ok(page().includes(core.identity.verifierKey));
    assert.partialDeepStrictEqual(entriesOf(core).at(-1)!.data, { format: 'lot-certificate', ...lot });
  });

  it('A4 counts a unit once, by its attempts under this order alone', async () => {
    const order = { workOrder: 'W-5' };
    const read = (key: number, serial: string) => recordAttempt(core, readAttempt(key, serial, order));
    recordAttempt(core, failedAttempt('SN-never', order));
    recordAttempt(core, failedAttempt('SN-later', order));
    read(201, 'SN-first');
    recordAttempt(core, failedAttempt('SN-elsewhere', { workOrder: 'W-6' }));
    read(202, 'SN-later');
    read(203, 'SN-elsewhere');
    recordAttempt(core, failedAttempt('SN-first', order));
    recordAttempt(core, failedAttempt('SN-later', order));
    recordAttempt(core, failedAttempt('SN-never', order, 'link-timeout'));
    assert.equal(read(201, 'SN-first').verdict, 'retest');
    const { counted, exceptions } = await lotFigures(core, order.workOrder);
    assert.partialDeepStrictEqual(counted, {
      harvested: 3,
      attempts: 8,
      passedAtFirst: 2,
      passedLater: 1,
      neverPassed: 1,
    });
    assert.equal(
      counted.buckets.reduce((sum, { passed }) => sum + passed, 0),
      3,
    );
    const [never, ...others] = exceptions();
    assert.partialDeepStrictEqual(never, { kind: 'never-passed', serial: 'SN-never', why: 'link-timeout' });
    assert.deepEqual([...new Set(others.map(({ kind, why }) => `${kind} ${why}`))], ['not-enrolled queued']);
  });

  it('A4 escapes what people and devices wrote', () => {
    assert.doesNotMatch(page(), /W-<1>|<b>"/);
    assert.match(page(), /W-&lt;1&gt;/);
  });

  it('prints by a real browser, and as a page asks for nothing and shows its code', {
    skip: missing('chromium'),
  }, async () => {
    const browser = findBrowser(process.env, process.platform, existsSync).path!;
    const file = path.join(folder, 'lot.pdf');
    const result = await write({
      quantity: 18,
      out: file,
      language: 'ko',
      print: html => printPage(browser, html),
    });
    assert.equal(readFileSync(file).subarray(0, 5).toString(), '%PDF-');
    assert.equal(result.complete, true);
    const chromium = await launchChromium();
    try {
      const tab = await chromium.newPage();
      const asked: string[] = [];
      tab.on('request', request => asked.push(request.url()));
      for (const language of ['en', 'ko'] as const) {
        await write({ quantity: language === 'en' ? 18 : 20, language });
        await tab.goto(pathToFileURL(path.join(folder, 'lot.html')).href);
        assert.equal(asked.length, language === 'en' ? 1 : 2);
        assert.ok((await tab.locator('.qr svg').boundingBox())!.width > 100);
        if (process.env.KEYLINE_SCREENSHOTS)
          await tab.screenshot({
            path: path.join(process.env.KEYLINE_SCREENSHOTS, `lot-${language}.png`),
            fullPage: true,
          });
      }
    } finally {
      await chromium.close();
    }
  });
});
