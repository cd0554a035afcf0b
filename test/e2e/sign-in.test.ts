/** People at a real kiosk in a real browser: first start, lock, handing over while a test runs, a reload, and who is put down. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright';
import { en } from '../../renderer/messages/en.ts';
import { startHost } from '../../src/host/start-host.ts';
import { openStation, type Station } from '../../src/station/open-station.ts';
import { unexpected } from '../api/scripted-station.ts';
import { missing } from '../parts.ts';
import { scanByWedge } from '../renderer/scan-by-wedge.ts';
import { launchChromium, root } from '../standin/run-app.ts';
import { entriesOf } from '../station/station-fixture.ts';

const pin = '240817';

describe('people at the kiosk, in a browser', { skip: missing('chromium') }, () => {
  const ending: (() => unknown)[] = [];
  after(async () => {
    for (const end of ending) await end();
  });
  let station: Station;
  let page: Page;
  before(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'keyline-people-'));
    ending.unshift(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    // Takes the connection and says nothing: a test there runs until it is stopped.
    const silent = createServer(socket => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    ending.unshift(() => silent.close());
    const dataDirectory = path.join(folder, 'station');
    await mkdir(dataDirectory);
    const bridge = `swtpm:host=127.0.0.1,port=${(silent.address() as AddressInfo).port}`;
    const settings = { fixtures: [{ id: 'left', bridge }], station: { badgePrefix: 'B-' } };
    await writeFile(path.join(dataDirectory, 'keyline.json'), JSON.stringify(settings));
    station = await openStation({ dataDirectory, env: { KEYLINE_REHEARSAL: '1' } });
    ending.unshift(() => station.close());
    const rendererDir = path.join(root, 'out', 'renderer');
    const host = await startHost({ station: station.kiosk, rendererDir, onFault: unexpected });
    ending.unshift(() => host.close());
    const browser = await launchChromium();
    ending.unshift(() => browser.close());
    page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(host.url);
    await page.locator('.tiles').waitFor();
  });

  const signedIn = (name: string) => page.locator('.header-person').getByText(name).waitFor();
  const locked = () => page.locator('.header[data-locked]').waitFor();
  const givePin = async (times = 1) => {
    for (let n = 0; n < times; n += 1) {
      if (times > 1) await page.getByRole('group', { name: n ? en.pin.again : en.pin.new }).waitFor();
      await page.keyboard.type(pin, { delay: 20 });
      await page.keyboard.press('Enter');
    }
  };

  test('makes the first supervisor from the menu, who adds an operator with a badge', async () => {
    await page.keyboard.press('F10');
    await page.getByRole('button', { name: en.first.make }).click();
    await page.getByLabel(en.people.name).fill('Kim Mina');
    await page.getByLabel(en.people.id, { exact: true }).fill('mina');
    await page.getByRole('button', { name: en.people.choosePin }).click();
    await givePin(2);
    await page.locator('.first .button-main:enabled').click();
    await signedIn('Kim Mina');
    await page.keyboard.press('F9');
    await page.locator('[data-person=mina]').waitFor();
    await page.getByLabel(en.people.name).fill('박지훈');
    await page.getByLabel(en.people.id, { exact: true }).fill('park');
    await scanByWedge(page, 'B-0002');
    await page.locator('.person-form .button-main:enabled').click();
    await page.locator('[data-person=park]').waitFor();
  });

  test('hands over by badge, which is no serial; a reload keeps who is signed in', async () => {
    await page.keyboard.press('Escape');
    await scanByWedge(page, 'B-0002');
    await signedIn('박지훈');
    assert.equal(station.kiosk.view().fixtures[0]?.state, 'idle');
    await page.reload();
    await signedIn('박지훈');
  });

  test('locks while a test runs; it goes on, its verdict shows, and it is the operator’s (A1)', async () => {
    await scanByWedge(page, 'SN-1');
    await page.locator('.tile-armed').waitFor();
    await page.keyboard.press('F1');
    await page.locator('.tile-running').waitFor();
    await page.keyboard.press('F8');
    await locked();
    await page.keyboard.press('F1');
    await station.kiosk.stop({ fixture: 'left' });
    await page.locator('.tile-decided').getByText(en.word.failed, { exact: true }).waitFor();
    await page.reload();
    await locked();
    const entries = entriesOf(station.core);
    const park = entries.findLast(entry => entry.type === 'person' && entry.data.change === 'added')!;
    const harvest = entries.find(entry => entry.type === 'harvest')!;
    assert.equal(harvest.personId, park.data.subjectId);
    assert.doesNotMatch(JSON.stringify(entries), /mina|park|박지훈|B-0002/i);
  });

  test('opens to the supervisor by id and PIN, who removes the operator: their badge opens nothing more', async () => {
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: en.signIn.who }).waitFor();
    await page.keyboard.type('mina', { delay: 130 });
    await page.keyboard.press('Enter');
    await page.locator('.pin-pad').waitFor();
    await givePin();
    await signedIn('Kim Mina');
    await page.keyboard.press('F9');
    await page.locator('[data-person=park]').getByText(en.people.remove).click();
    await page.getByRole('dialog').getByRole('button', { name: en.people.remove }).click();
    await page.locator('[data-person=park]').waitFor({ state: 'detached' });
    await page.keyboard.press('F8');
    await locked();
    await scanByWedge(page, 'B-0002');
    await page.getByRole('alert').getByText(en.access['sign-in-refused'].title).waitFor();
  });
});
