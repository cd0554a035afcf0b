/**
 * A new technician's first shift, from the first start to the lock, on a real station with real TPMs, a DPS and a browser, by
 * scanner and keyboard alone. In `npm test` once, in English; KEYLINE_JOURNEY=all walks it in each language at each size
 * (`ko-large`: in one), and KEYLINE_JOURNEY_PICTURES names a folder for a picture of each step.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { en } from '../../../renderer/messages/en.ts';
import { ko } from '../../../renderer/messages/ko.ts';
import { waitFor } from '../../../scripts/demo/kiosk-hand.ts';
import { keyline } from '../../cli/run-keyline.ts';
import { missing } from '../../parts.ts';
import { launchChromium } from '../../standin/run-app.ts';
import { Hands } from './hands.ts';
import { openPlant } from './plant.ts';

const sizes = { small: { width: 1280, height: 800 }, large: { width: 1920, height: 1080 } } as const;
const languages = { en, ko } as const;
const all = [
  ['en', 'small'],
  ['ko', 'large'],
  ['en', 'large'],
  ['ko', 'small'],
] as const;

const asked = process.env.KEYLINE_JOURNEY ?? 'en-small';
for (const [language, size] of all.filter(each => asked === 'all' || asked === each.join('-')))
  describe(`a new technician, ${language} at ${sizes[size].width}×${sizes[size].height}`, {
    skip: missing('swtpm', 'swtpm-tools', 'chromium'),
  }, () => {
    const ending: (() => unknown)[] = [];
    after(async () => {
      for (const end of ending) await end();
    });

    test('sets a station up, tests, decides, goes offline and back, settles, searches, exports and locks', async t => {
      const words = languages[language];
      const later = (end: () => unknown) => void ending.unshift(end);
      const plant = await openPlant(later);
      const { line, station } = plant;
      const browser = await launchChromium();
      later(() => browser.close());
      const context = await browser.newContext({ viewport: sizes[size], locale: language });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      await page.addInitScript(tag => localStorage.setItem('keyline.language', tag), language);
      const folder = process.env.KEYLINE_JOURNEY_PICTURES;
      const hands = new Hands(page, folder && path.join(folder, `${language}-${size}`));
      const button = (name: string) => page.getByRole('button', { name }).locator('visible=true').first();
      const main = () => page.locator('dialog[open] .button-main:enabled').last();
      const tile = (number: number) => page.locator(`.tile[data-fixture="${number}"]`);
      const says = (number: number, word: string) => tile(number).getByText(word, { exact: true }).waitFor();
      const person = (name: string) => page.locator('.header-person').getByText(name).waitFor();
      const dialogGone = () => page.locator('dialog[open]').waitFor({ state: 'detached' });
      const pin = async (digits: string) => {
        await page.locator('.pin-pad').waitFor();
        await hands.type(digits);
        await hands.press('Enter');
      };
      const holds = (fixture: number, serial: string) =>
        tile(fixture).locator('.serial').getByText(serial, { exact: true }).waitFor();
      const put = async (fixture: number, serial: string) => {
        await hands.press(String(fixture));
        await page.locator(`.tile[data-fixture="${fixture}"][data-picked]`).waitFor();
        await hands.scan(serial, 'from the number to the label');
        await holds(fixture, serial);
      };
      const supervisor = { badge: 'B-0001', pin: '240817' };
      /** Reason, badge and PIN of a supervisor who comes over. */
      const decide = async () => {
        await hands.choose(page.locator('.act-reasons button').first());
        await hands.scan(supervisor.badge);
        await hands.type(supervisor.pin);
        await hands.press('Enter');
      };

      await page.goto(plant.host.url);
      await page.locator('.first-steps').waitFor();
      await hands.look('first-start');
      await hands.press('Enter');
      await page.locator('.first').waitFor();
      await hands.type('Kim Mina');
      await hands.press('Enter');
      await hands.type('mina');
      await hands.press('Enter');
      await pin(supervisor.pin);
      await page.getByRole('group', { name: words.pin.again }).waitFor();
      await pin(supervisor.pin);
      await hands.scan(supervisor.badge);
      await page.locator('.person-state').getByText(words.people.hasBadge).waitFor();
      await hands.look('first-supervisor');
      await hands.choose(main());
      await person('Kim Mina');
      await hands.look('signed-in');

      await hands.press('Enter');
      for (const [index, port] of plant.ports.entries()) {
        await hands.choose(button(words.settings.fixtures.add));
        const name = page.locator('.setting-one input').first();
        await hands.reach(name);
        await page.waitForFunction(
          number =>
            document.querySelector('.setting-members [aria-current]')?.textContent?.startsWith(`${number}`),
          index + 1,
        );
        const radios = page.locator('.setting-one input[type=radio]');
        await hands.reach(radios.first());
        await hands.press('ArrowRight', 'ArrowRight');
        await hands.reach(page.getByLabel(words.settings.field.port.label, { exact: true }));
        await hands.type(String(port));
        if (index > 0) {
          await hands.reach(button(words.settings.fixtures.add), 'Shift+Tab');
          continue;
        }
        await hands.choose(button(words.settings.fixtures.test));
        await page.locator('.setting-found').waitFor();
        await hands.look('fixture-tested');
        await hands.reach(button(words.settings.fixtures.add), 'Shift+Tab');
      }
      await page.locator('.header .button-main:enabled').waitFor();
      await hands.press('F1');
      await page.locator('.setting-save').waitFor();
      await hands.look('save-settings');
      await hands.press('Enter');
      await dialogGone();

      await hands.press('F9');
      await page.locator('[data-person=mina]').waitFor();
      await hands.reach(page.getByLabel(words.people.name));
      await hands.type('Park Jihun');
      await hands.press('Enter');
      await hands.type('park');
      await hands.scan('B-0002');
      await hands.choose(page.locator('.person-form .button-main:enabled'));
      await page.locator('[data-person=park]').waitFor();
      await hands.look('people');
      await hands.press('Escape');
      await tile(4).waitFor();
      await hands.look('four-fixtures');
      await hands.press('F6');
      await page.locator('.help').waitFor();
      await hands.look('help');
      await hands.press('Escape');

      await hands.scan('B-0002');
      await person('Park Jihun');
      await hands.scan('WO-7731');
      await page.locator('.order-numbers').waitFor();
      await hands.type('12');
      await hands.look('new-order');
      await hands.press('Enter');
      await page.locator('.order-block').getByText('WO-7731').waitFor();

      const serials = ['GX2-004101', 'GX2-004102', 'GX2-004103', 'GX2-004104'];
      for (const [index, serial] of serials.entries()) {
        await hands.scan(serial);
        await holds(index + 1, serial);
      }
      await hands.look('all-ready');
      await hands.press('F1');
      for (const number of [1, 2, 3, 4]) await says(number, words.word.passed);
      await hands.look('all-passed');

      const board = await plant.seatNew(1);
      await put(1, 'GX2-004105');
      await line.place('fixture-2', await line.copy(board));
      await hands.press('F1');
      await says(1, words.word.passed);
      await put(2, 'GX2-004106');
      await hands.press('F1');
      await says(2, words.word.refused);
      await hands.look('clone');
      await hands.press('Enter');
      await page.locator('.act').waitFor();
      await hands.look('clone-compared');
      await decide();
      await page.locator('.desk-done').waitFor();
      await hands.look('clone-relabelled');
      await hands.press('Enter');
      await says(2, words.word.passed);

      await plant.seatNew(3);
      await put(3, serials[2]!);
      await hands.press('F1');
      await says(3, words.word.refused);
      await hands.press('Enter');
      await page.locator('.act').waitFor();
      await hands.look('board-swapped');
      await decide();
      await page.locator('.desk-done').waitFor();
      await hands.press('Enter');
      await says(3, words.word.passed);

      await plant.seatNew(4);
      await put(4, 'GX2-004107');
      await hands.press('F1');
      await page.locator('.tile-running[data-fixture="4"] .step').first().waitFor();
      plant.link.cut();
      await says(4, words.word.failed);
      await hands.look('bridge-cut');
      await hands.press('Enter');
      await says(4, words.word.passed);

      const sent = await waitFor(
        station.kiosk,
        'all is enrolled',
        ({ outbox }) => outbox.queued + outbox.sending === 0,
      );
      await line.emulator.stopListening();
      await plant.seatNew(1);
      await put(1, 'GX2-004108');
      await hands.press('F1');
      await says(1, words.word.passed);
      await waitFor(station.kiosk, 'it says offline', view => view.connection.state === 'offline');
      await hands.look('offline');
      await hands.press('F2');
      await page.locator('.outbox-list').waitFor();
      await hands.look('outbox-waiting');
      await line.emulator.listenAgain();
      await hands.choose(button(words.outbox.tryNow));
      await waitFor(station.kiosk, 'it is drained', ({ outbox }) => outbox.enrolled > sent.outbox.enrolled);
      await hands.press('Escape');

      await plant.seatNew(1);
      await plant.enrollElsewhere('GX2-009001');
      await put(1, 'GX2-004109');
      await hands.press('F1');
      await says(1, words.word.passed);
      await waitFor(station.kiosk, 'the conflict is seen', view => view.outbox.conflict === 1);
      await hands.press('F2');
      await hands.choose(page.locator('[data-filter=conflict]'));
      await hands.choose(page.locator('.long-table-row').first());
      await page.locator('.desk-choices').waitFor();
      await hands.look('conflict');
      await hands.choose(page.locator('.desk-choice:enabled').first());
      await hands.look('conflict-decision');
      await decide();
      await page.locator('.desk-done').waitFor();
      await waitFor(station.kiosk, 'it is settled', view => view.outbox.conflict === 0);
      await hands.look('conflict-settled');
      await hands.press('Enter');
      await dialogGone();

      await hands.press('F4');
      await page.locator('.devices').waitFor();
      await hands.type('4106');
      await page.locator('.long-table-row', { hasText: 'GX2-004106' }).waitFor();
      await hands.press('ArrowDown', 'Enter');
      await page.locator('.timeline').waitFor();
      await hands.look('history');

      const out = path.join(line.folder, 'audit.csv');
      const ran = { dataDir: line.dataDirectory, env: line.environment };
      const exported = await keyline(['audit', 'export', '--format', 'csv', '--out', out], ran);
      assert.equal(exported.code, 0, exported.stderr);
      const verified = await keyline(['audit', 'verify', out], ran);
      assert.equal(verified.code, 0, verified.stderr);

      await hands.press('F8');
      await page.locator('.header[data-locked]').waitFor();
      await hands.look('locked');
      t.diagnostic(`${hands.strokes} keys`);
    });
  });
