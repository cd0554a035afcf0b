/** Every screen in a language that is a third longer than English and has no plain letters. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { en } from '../../renderer/messages/en.ts';
import { missing } from '../parts.ts';
import { signedIn } from './gallery/fake-session.ts';
import { pseudoLanguage } from './gallery/pseudo-language.ts';
import { everyStateOf } from './gallery/scenes.ts';
import { type GalleryPage, type GalleryPages, openGallery } from './gallery-page.ts';
import { cutTexts } from './page-checks.ts';

/** Words that no catalogue holds: of data, of standards and of Intl in the locale of English. */

describe('a language that needs a third more room', { skip: missing('chromium') }, () => {
  let gallery: GalleryPages;
  before(async () => {
    gallery = await openGallery();
  });
  after(() => gallery.close());

  for (const size of [
    { width: 1280, height: 800 },
    { width: 1920, height: 1080 },
  ])
    test(`no screen holds a text of its own, and none is cut: ${size.width}`, async () => {
      const view = everyStateOf(4, { who: signedIn('mina', 'pin') });
      const still = { ...view, fixtures: view.fixtures.filter(({ state }) => state !== 'running') };
      const at = await gallery.open(still, { size, language: pseudoLanguage });
      const menu = at.page.locator('.menu-place');
      await at.page.keyboard.press('F10');
      await looks(at, 'menu');
      const screens = await menu.count();
      assert.ok(screens > 3, `${screens} screens`);
      for (let place = 0; place < screens; place += 1) {
        if (place > 0) await at.page.keyboard.press('F10');
        const name = await menu.nth(place).innerText();
        await menu.nth(place).click();
        await menu.first().waitFor({ state: 'detached' });
        await looks(at, name);
      }
      await at.close();
    });
});

/** Serials, numbers, names of standards and keys; words of the gallery's data; units and months of Intl for English. */
const known =
  /\d|^[A-Z_]+$|^(?:Line|Station|Gateway|Sensor|Fixture|Kim|Mina|Lee|Sang-hoon|mina|choi|lee|park|swtpm|Infineon)$|^(?:Esc|Enter|min|hr|ms|days?|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)$/;
/** Codes are shown as they are, for whoever is called. */
const codes = new Set([en.verdict, en.warning, en.cause, en.dps].flatMap(cards => Object.keys(cards)));

async function looks(at: GalleryPage, what: string): Promise<void> {
  await settled(at);
  const unknown = (await plainWords(at)).filter(([word]) => !known.test(word!) && !codes.has(word!));
  assert.deepEqual(unknown, [], what);
  assert.deepEqual(await cutTexts(at), [], what);
}

/** What a screen asked for is drawn: for twenty frames nothing has changed. */
async function settled({ page }: GalleryPage): Promise<void> {
  await page.evaluate(async () => {
    let [shown, same] = ['', 0];
    while (same < 20) {
      await new Promise(requestAnimationFrame);
      const now = document.body.innerText;
      same = now === shown ? same + 1 : 0;
      shown = now;
    }
  });
}

/** Words in plain letters, each with the text that it stands in. */
function plainWords({ page }: GalleryPage): Promise<string[][]> {
  return page.evaluate(() => {
    const texts: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) texts.push(walker.currentNode.textContent ?? '');
    for (const name of ['aria-label', 'aria-description', 'title', 'placeholder', 'alt'])
      for (const element of document.querySelectorAll(`[${name}]`)) texts.push(element.getAttribute(name)!);
    return texts.flatMap(text =>
      [...text.replaceAll(/⟦[^⟧]*⟧/g, ' ').matchAll(/[A-Za-z][\w.-]+/g)].map(([word]) => [word, text]),
    );
  });
}
