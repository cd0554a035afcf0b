/** The Batch screen in a real Chromium, on a station in the page that runs through any file in a second. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright';
import { missing } from '../parts.ts';
import { everyStateOf } from './gallery/scenes.ts';
import { type GalleryPage, type GalleryPages, openGallery, type PageOptions } from './gallery-page.ts';
import { holdsUp } from './page-checks.ts';

const words = { en: 'Batch', ko: '일괄 등록' } as const;

describe('the Batch screen', { skip: missing('chromium') }, () => {
  let gallery: GalleryPages;
  before(async () => {
    gallery = await openGallery();
  });
  after(() => gallery.close());

  async function open(language: keyof typeof words = 'en', options?: PageOptions): Promise<GalleryPage> {
    const opened = await gallery.open(everyStateOf(4), { language, ...options });
    const { page } = opened;
    await page.keyboard.press('F10');
    await page.getByRole('dialog').getByRole('button', { name: words[language] }).first().click();
    await page.locator('.batch').waitFor();
    return opened;
  }
  const pick = (page: Page, name: string, size: number) =>
    page
      .locator('.batch-input')
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.alloc(size, 'A') });
  const called = async ({ page }: GalleryPage, name: string) =>
    (await page.evaluate(() => window.gallery.calls)).filter(
      call => call.startsWith(`${name} `) || call === name,
    );

  it('A4 sends a file in pieces, asks which column the key is, checks, imports and says where the report is', async () => {
    const opened = await open();
    const { page } = opened;
    await pick(page, 'maker.csv', 80_000);
    await page.locator('.batch-rows .attention').waitFor();
    const pieces = (await called(opened, 'sendBatchFile')).map(
      call => JSON.parse(call.slice(call.indexOf(' '))) as { at: number; data: string },
    );
    assert.deepEqual(
      pieces.map(({ at, data }) => [at, Buffer.from(data, 'base64').length]),
      [
        [0, 35_997],
        [35_997, 35_997],
        [71_994, 8_006],
      ],
    );
    const check = page.getByRole('button', { name: 'Check all rows' });
    assert.ok(await check.isDisabled());

    await page.locator('.choose-field .button').first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'EK modulus' }).click();
    await page.locator('.batch-rows [data-row="7"]').waitFor();
    assert.deepEqual(await called(opened, 'setBatch'), [
      'setBatch {"mapping":{"serial":"S/N","ek":"EK modulus"}}',
    ]);

    await check.click();
    const importing = page.getByRole('button', { name: 'Import 1,118 devices' });
    await importing.waitFor();
    await page.getByRole('button', { name: 'Unreadable 12' }).click();
    const first = page.locator('.batch-rows [data-row="0"]');
    await first.getByText('The key is a memory dump of old tpm2-tools').waitFor();
    await first.click();
    await page.getByRole('dialog').getByText('ek-host-order-struct').waitFor();
    await page.keyboard.press('Escape');
    await importing.click();
    await page.getByText('1,118 were imported and wait for DPS.').waitFor();
    await page.getByRole('button', { name: 'Save a report' }).click();
    await page.getByText(/reports\/import-/).waitFor();
    await page.getByRole('button', { name: 'Put the file away' }).click();
    await page.getByRole('heading', { name: 'Keys from a file' }).waitFor();
    assert.deepEqual(opened.complaints, []);
    await opened.close();
  });

  it('stops where it is told to, goes on, and says why a file is not taken', async () => {
    const opened = await open();
    const { page } = opened;
    await pick(page, 'huge.csv', 100);
    await page.getByText('The file is too large').waitFor();
    await pick(page, 'list.csv', 100);
    await page.getByRole('button', { name: 'Check all rows' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped before the end; nothing was recorded.').waitFor();
    assert.equal(await page.getByText('The file is too large').count(), 0);
    await opened.close();
  });

  it('does all of it by the keyboard, and scrolls on through the rows', async () => {
    const opened = await open();
    const { page } = opened;
    await pick(page, 'list.csv', 100);
    await page.getByRole('button', { name: 'Check all rows' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Import 1,118 devices' }).waitFor();
    await page.locator('.batch-rows [data-row="0"]').focus();
    const drawn = page.locator('.batch-rows [data-row]');
    const furthest = () =>
      drawn.evaluateAll(all => Math.max(...all.map(row => Number((row as HTMLElement).dataset.row))));
    // Further pages come as the end of those before is reached.
    while ((await furthest()) < 300) await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('dialog').count(), 0);
    await opened.close();
  });

  it('has nothing that axe complains of, no small target and no cut text, in both themes, languages and sizes', async () => {
    for (const [language, theme, size] of [
      ['ko', 'light', { width: 1280, height: 800 }],
      ['en', 'dark', { width: 1920, height: 1080 }],
    ] as const) {
      const opened = await open(language, { theme, size });
      const { page } = opened;
      const look = (what: string) => holdsUp(opened, what);
      await look('nothing');
      await pick(page, 'maker.csv', 100);
      await page.locator('.batch-rows .attention').waitFor();
      await look('a file without a key');
      await pick(page, 'list.csv', 100);
      await page.locator('.batch-rows [data-row="0"]').waitFor();
      await page.locator('.batch-next .button-main').click();
      await page.locator('.batch-actions .button-main').waitFor();
      await look('checked');
      await opened.close();
    }
  });
});
