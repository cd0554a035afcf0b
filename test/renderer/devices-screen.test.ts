/** The Devices screen in a real Chromium, on a station in the page that knows two hundred thousand devices. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright';
import { missing } from '../parts.ts';
import { everyStateOf } from './gallery/scenes.ts';
import { type GalleryPage, type GalleryPages, openGallery, type PageOptions } from './gallery-page.ts';
import { holdsUp } from './page-checks.ts';

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
/** Hands, not a scanner. */
const hands = { delay: 130 };

describe('the Devices screen', { skip: missing('chromium') }, () => {
  let gallery: GalleryPages;
  before(async () => {
    gallery = await openGallery();
  });
  after(() => gallery.close());

  async function open(options?: PageOptions): Promise<GalleryPage> {
    const opened = await gallery.open(everyStateOf(4), options);
    await opened.page.keyboard.press('F4');
    await opened.page.locator('.devices [data-row="0"]').waitFor();
    return opened;
  }
  const first = (page: Page, serial: string) =>
    page.locator('.devices [data-row="0"]', { hasText: serial }).waitFor();

  it('finds while somebody types, wherever the focus is, and takes everything back by Esc', async () => {
    const opened = await open();
    const { page } = opened;
    await page.keyboard.type('00190', hands);
    await first(page, 'KL26-00190999');
    await page.keyboard.press('Backspace');
    assert.equal(await page.locator('.device-search-text').inputValue(), '0019');
    await first(page, 'KL26-00199999');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('.timeline').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.className), 'device-panel');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.device-panel').count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-row')), '1');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.device-search-text').inputValue(), '');
    assert.deepEqual(opened.complaints, []);
    await opened.close();
  });

  it('opens the one device whose serial was scanned, also under a Hangul input method', async () => {
    const opened = await open();
    const { page } = opened;
    await page.keyboard.type('07', hands);
    await page.keyboard.press('Backspace');
    await opened.scan('KL26-00001234', () => 'ㅁ');
    await page.locator('.timeline').waitFor();
    assert.equal(await page.locator('.device-serial').textContent(), 'KL26-00001234');
    assert.equal(await page.locator('.device-search-text').inputValue(), 'KL26-00001234');
    assert.equal(await page.locator('.moment').count(), 5, 'four attempts and one entry');
    await page.locator('.moment summary').last().click();
    assert.match(await page.locator('.moment pre').last().innerText(), /"provisioningStatus": "enabled"/);
    await opened.close();
  });

  it('opens the one device whose serial was typed whole, by Enter', async () => {
    const opened = await open();
    const { page } = opened;
    await page.keyboard.type('KL26-00001234', hands);
    await page.keyboard.press('Enter');
    await page.locator('.timeline').waitFor();
    assert.equal(await page.locator('.device-serial').textContent(), 'KL26-00001234');
    await opened.close();
  });

  it('goes from a device to the one that it goes on from', async () => {
    const opened = await open();
    const { page } = opened;
    await opened.scan('KL26-00001231');
    await page.locator('.device-line .button').click();
    await page.locator('.device-retired').waitFor();
    assert.equal(await page.locator('.device-serial').textContent(), 'KL26-00001230');
    await opened.close();
  });

  it('says when there is none, and offers the keys on the screen', async () => {
    const opened = await open();
    const { page } = opened;
    await page.getByRole('button', { name: 'Keys' }).click();
    for (const key of ['Z', 'Q', 'Z']) await page.getByRole('button', { name: key, exact: true }).click();
    await page.getByRole('heading', { name: 'No such device' }).waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.locator('.devices [data-row="0"]').waitFor();
    await opened.close();
  });

  it('scrolls on through thousands without a blank row', async () => {
    const opened = await open();
    const { page } = opened;
    const scroller = page.locator('.devices .long-table-scroll');
    let furthest = 0;
    for (let turn = 0; turn < 60 && furthest < 2_000; turn += 1) {
      const seen = await scroller.evaluate(async element => {
        element.scrollTop += element.clientHeight;
        await new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame));
        const { top, bottom } = element.getBoundingClientRect();
        const rows = [...element.querySelectorAll<HTMLElement>('[data-row]')].map(row => ({
          number: Number(row.dataset.row),
          box: row.getBoundingClientRect(),
        }));
        const drawn = rows.filter(({ box }) => box.bottom > top + 1 && box.top < bottom - 1);
        const height = drawn[0]?.box.height ?? 1;
        const wanted = Math.floor((bottom - top) / height);
        return { drawn: drawn.length, wanted, last: Math.max(...drawn.map(({ number }) => number)) };
      });
      assert.ok(seen.drawn >= seen.wanted, JSON.stringify(seen));
      furthest = seen.last;
    }
    assert.ok(furthest > 200, `reached row ${furthest}`);
    await opened.close();
  });

  it('has nothing that axe complains of, no small target and no cut text, in both themes, languages and sizes', async () => {
    for (const [index, size] of sizes.entries()) {
      const opened = await open({
        size,
        language: index === 0 ? 'ko' : 'en',
        theme: index === 0 ? 'light' : 'dark',
      });
      const { page } = opened;
      const look = (what: string) => holdsUp(opened, what);
      await look('the list');
      await opened.scan('KL26-00001231');
      await page.locator('.timeline').waitFor();
      await look('the history');
      await opened.close();
    }
  });
});
