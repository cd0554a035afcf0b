/** What is done to a device from its panel on the Devices screen, in real Chromium, on a session that decides nothing. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { en } from '../../renderer/messages/en.ts';
import { ko } from '../../renderer/messages/ko.ts';
import { missing } from '../parts.ts';
import { idle, stationWith } from './gallery/scenes.ts';
import { type GalleryPage, type GalleryPages, openGallery, type PageOptions } from './gallery-page.ts';
import { cutTexts, findsNothing, smallTargets } from './page-checks.ts';

const skip = missing('chromium');

describe('acts on a device', { skip }, () => {
  let gallery: GalleryPages;
  before(async () => {
    gallery = await openGallery();
  });
  after(() => gallery.close());

  async function on(body: (at: GalleryPage) => Promise<void>, options: PageOptions = {}) {
    const at = await gallery.open(stationWith([idle(1)]), options);
    try {
      const { page } = at;
      await page.keyboard.press('F4');
      await page.locator('.long-table-row').nth(1).click();
      await page.locator('.device-acts').waitFor();
      await body(at);
      assert.deepEqual(at.complaints, []);
    } finally {
      await at.page.context().close();
    }
  }

  test('S1 says what will happen, takes why and who in place, and types into the form alone', () =>
    on(async at => {
      const { page } = at;
      const { acts } = en.devices;
      await page.getByRole('button', { name: acts.disable.name }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(acts.disable.effect).waitFor();
      await dialog.getByLabel(en.act.reason).focus();
      await page.keyboard.type('gone', { delay: 120 });
      assert.equal(
        await page.locator('.devices input[type=search], .devices input').first().inputValue(),
        '',
      );
      await dialog.getByLabel(en.act.id, { exact: true }).fill('mina');
      await dialog.getByRole('textbox', { name: en.act.pin, exact: true }).fill('240817');
      await page.keyboard.press('Enter');
      await dialog.getByText(acts.disable.done).waitFor();
      const call = (await at.calls()).find(each => each.startsWith('actOnDevice'));
      assert.match(call!, /"verb":"disable","reason":"gone","by":\{"id":"mina","pin":"240817"\}/);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await page.locator('.device-acts').waitFor();
    }));

  for (const [language, theme, size] of [
    ['ko', 'light', { width: 1280, height: 800 }],
    ['en', 'dark', { width: 1920, height: 1080 }],
  ] as const)
    test(`${language} ${theme} ${size.width}: axe finds nothing, every target is 44 px, nothing is cut off`, () =>
      on(
        async at => {
          const { name } = (language === 'ko' ? ko : en).devices.acts.delete;
          await at.page.getByRole('button', { name }).click();
          await at.page.locator('.act').waitFor();
          await findsNothing(at);
          assert.deepEqual(await smallTargets(at), []);
          assert.deepEqual(
            (await cutTexts(at)).filter(text => !text.includes('device-panel')),
            [],
          );
        },
        { language, theme, size },
      ));
});
