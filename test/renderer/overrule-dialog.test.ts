/** A refused duplicate on the Station screen and a supervisor's decision in place, in real Chromium, on a session that decides nothing. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { en } from '../../renderer/messages/en.ts';
import { ko } from '../../renderer/messages/ko.ts';
import { missing } from '../parts.ts';
import { signedIn } from './gallery/fake-session.ts';
import { decided, running, stationWith } from './gallery/scenes.ts';
import { type GalleryPage, type GalleryPages, openGallery, type PageOptions } from './gallery-page.ts';
import { cutTexts, findsNothing, smallTargets } from './page-checks.ts';

const skip = missing('chromium');
const clone = decided(1, 'refused', 'clone', { otherSerial: 'GX2-004107' });
const swap = decided(2, 'refused', 'other-tpm');
const view = stationWith([clone, swap, running(3)], { who: signedIn('park', 'badge') });
const serial = clone.serial!;
const effect = en.overrule.effect.relabel
  .replace('{{serial}}', serial)
  .replace('{{serialBefore}}', 'GX2-004107');

describe('deciding on a duplicate', { skip }, () => {
  let gallery: GalleryPages;
  before(async () => {
    gallery = await openGallery();
  });
  after(() => gallery.close());

  /** With the decision on this fixture open, by keys alone. */
  async function on(number: number, body: (at: GalleryPage) => Promise<void>, options: PageOptions = {}) {
    const at = await gallery.open(view, options);
    try {
      await at.page.keyboard.press(String(number));
      await at.page.keyboard.press('Enter');
      await at.page.locator('.act').waitFor();
      await body(at);
      assert.deepEqual(at.complaints, []);
    } finally {
      await at.page.context().close();
    }
  }

  test('H6 S1 shows both sides, says what will happen, and takes a supervisor’s PIN in place: the operator stays signed in', () =>
    on(1, async at => {
      const { page } = at;
      const dialog = page.getByRole('dialog');
      await dialog.getByText(effect).waitFor();
      assert.deepEqual(await dialog.locator('.comparison-differs').count(), 1, 'the serial');
      assert.equal(await dialog.locator('tbody tr').first().getAttribute('data-field'), 'endorsementKey');
      assert.deepEqual(await dialog.locator('.tries-side').count(), 2);
      await dialog.getByText(en.overrule.reasons.wrongLabel).click();
      await dialog.getByLabel(en.act.id, { exact: true }).fill('park');
      await dialog.getByRole('textbox', { name: en.act.pin, exact: true }).fill('111111');
      await page.keyboard.press('Enter');
      await dialog.getByRole('alert').getByText(en.access['role-missing'].what).waitFor();
      await dialog.getByLabel(en.act.id, { exact: true }).fill('mina');
      await dialog.getByRole('textbox', { name: en.act.pin, exact: true }).fill('240817');
      await page.keyboard.press('Enter');
      await dialog.getByText(en.overrule.done.relabel.replace('{{serial}}', serial)).waitFor();
      assert.equal(
        (await at.calls()).at(-1),
        `overruleAttempt ${JSON.stringify({
          harvest: clone.verdict!.harvestId,
          overruling: 'relabel',
          device: 'device-1',
          reason: en.overrule.reasons.wrongLabel,
          by: { id: 'mina', pin: '240817' },
        })}`,
      );
      await page.keyboard.press('Enter');
      const tile = page.locator('[data-fixture=f1]');
      await tile.getByText('Passed by decision of Kim Mina').waitFor();
      await tile.getByText(en.word.passed, { exact: true }).waitFor();
      await page.getByText('박지훈').waitFor();
      await page.locator('[data-fixture=f3].tile-running').waitFor();
    }));

  test('H6 says that the ledger has gone on, and changes nothing', () =>
    on(2, async ({ page, show }) => {
      await show({ ...view, fixtures: [clone, running(2), running(3)] });
      await page.getByLabel(en.act.reason).fill('new board');
      await page.getByLabel(en.act.id, { exact: true }).fill('mina');
      await page.getByRole('textbox', { name: en.act.pin, exact: true }).fill('240817');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText(en.desk['harvest-outdated'].what).waitFor();
    }));

  for (const [language, theme, size] of [
    ['en', 'dark', { width: 1280, height: 800 }],
    ['ko', 'light', { width: 1920, height: 1080 }],
  ] as const)
    test(`${language} ${theme} ${size.width}: axe finds nothing, every target is 44 px, nothing is cut off`, () =>
      on(
        2,
        async at => {
          const { accept } = (language === 'ko' ? ko : en).overrule.choice;
          await at.page.getByRole('button', { name: accept }).waitFor();
          await findsNothing(at);
          assert.deepEqual(await smallTargets(at), []);
          assert.deepEqual(await cutTexts(at), []);
        },
        { language, theme, size },
      ));
});
