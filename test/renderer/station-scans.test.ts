/** What hands do at the Station screen: scans, keys and typed serials, and what is said of what was scanned. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { en } from '../../renderer/messages/en.ts';
import { missing } from '../parts.ts';
import { armed, decided, everyStateOf, idle, running, stationWith } from './gallery/scenes.ts';
import { type GalleryPage, type GalleryPages, openGallery } from './gallery-page.ts';
import { cutTexts } from './page-checks.ts';

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
const languages = ['en', 'ko'] as const;

describe('scans and keys at the Station screen', { skip: missing('chromium') }, () => {
  let gallery: GalleryPages;
  before(async () => {
    gallery = await openGallery();
  });
  after(() => gallery.close());

  const on: GalleryPages['on'] = (...asked) => gallery.on(...asked);

  describe('scanner and keys', () => {
    const free = stationWith([idle(1), running(2), armed(3), running(4)]);
    const expected = ['scan {"text":"gX2-0O1l_/.z"}'];

    for (const [where, focus] of [
      ['nowhere', undefined],
      ['on the switch for the language', 'header .button-bare'],
      ['on a Start button', '[data-fixture=f3] .button-main'],
      ['on the foot', '.foot-connection'],
    ] as const)
      test(`takes a scan with the focus ${where}, and the scan does nothing else`, () =>
        on(free, async at => {
          if (focus) await at.page.locator(focus).first().focus();
          await at.scan('gX2-0O1l_/.z');
          await at.page.locator('[data-fixture=f1].tile-armed').waitFor();
          assert.deepEqual(await at.calls(), expected);
          assert.equal(await at.page.locator('html').getAttribute('lang'), 'en');
          assert.equal(await at.page.getByRole('dialog').count(), 0);
        }));

    for (const [system, shown] of [
      ['a Hangul input method', () => 'Process'],
      ['a Hangul layout', (key: string) => (/[a-z]/i.test(key) ? 'ㄴ' : key)],
      ['a German layout', (key: string) => ({ z: 'y', Z: 'Y', '-': 'ß', '/': '-' })[key] ?? key],
    ] as const)
      test(`reads a scan whole under ${system}`, () =>
        on(free, async at => {
          await at.scan('gX2-0O1l_/.z', shown);
          await at.page.locator('[data-fixture=f1].tile-armed').waitFor();
          assert.deepEqual(await at.calls(), expected);
        }));

    test('a scan into a free choice keeps its text until a number says where', () =>
      on(stationWith([idle(1), idle(2)]), async at => {
        await at.scan('SN-1');
        await at.page.getByRole('dialog', { name: en.choose.title }).getByText('SN-1').first().waitFor();
        await at.page.keyboard.press('2');
        await at.page.locator('[data-fixture=f2].tile-armed').waitFor();
        assert.deepEqual(await at.calls(), ['scan {"text":"SN-1"}', 'scan {"text":"SN-1","fixture":"f2"}']);
      }));

    test('Esc leaves the choice, and nothing was assigned', () =>
      on(stationWith([idle(1), idle(2)]), async at => {
        await at.scan('SN-1');
        await at.page.getByRole('dialog').waitFor();
        await at.page.keyboard.press('Escape');
        await at.page.getByRole('dialog').waitFor({ state: 'detached' });
        assert.deepEqual(await at.calls(), ['scan {"text":"SN-1"}']);
      }));

    test('a digit picks the fixture of the next scan; Enter then starts what the scan armed', () =>
      on(stationWith([idle(1), idle(2), idle(3)]), async at => {
        await at.page.keyboard.press('3');
        await at.page.locator('[data-fixture=f3][data-picked]').waitFor();
        // Nobody has the scanner at the label sooner: until then a digit may be the head of a scan that stalled.
        await pastOf(at, 500);
        await at.scan('SN-3');
        await at.page.locator('[data-fixture=f3].tile-armed').waitFor();
        // A second line end right after the scan belongs to the scanner.
        await at.page.keyboard.press('Enter');
        await pastOf(at, 150);
        await at.page.keyboard.press('Enter');
        await at.page.locator('[data-fixture=f3].tile-running').waitFor();
        assert.deepEqual(await at.calls(), ['scan {"text":"SN-3","fixture":"f3"}', 'start {"fixture":"f3"}']);
      }));

    test('F1 takes what is typed, and then starts all that is armed', () =>
      on(stationWith([armed(1), idle(2)]), async at => {
        await at.page.locator('[data-fixture=f2] .button-whole').click();
        await at.page.locator('.key', { hasText: 'Q' }).click();
        await at.page.keyboard.press('F1');
        await at.page.locator('[data-fixture=f2].tile-armed').waitFor();
        // The tile may be drawn before the answer closes the dialog, whose F1 this would be.
        await at.page.locator('.entry').waitFor({ state: 'detached' });
        await at.page.keyboard.press('F1');
        await at.page.locator('[data-fixture=f2].tile-running').waitFor();
        assert.deepEqual(await at.calls(), ['scan {"text":"Q","fixture":"f2"}', 'start {}']);
      }));

    test('a serial typed by hand into an idle tile goes there, also under a Hangul input method', () =>
      on(stationWith([idle(1), idle(2)]), async at => {
        await at.page.locator('[data-fixture=f2] .button-whole').click();
        const field = at.page.getByLabel(en.entry.label, { exact: true }).first();
        await at.page.keyboard.type('ab', { delay: 90 });
        await at.page.locator('.key', { hasText: 'X' }).click();
        await at.page.keyboard.press('Backspace');
        await at.page.keyboard.press('Shift+Digit1');
        await at.page.keyboard.press('Enter');
        await field.waitFor({ state: 'detached' });
        assert.deepEqual(await at.calls(), ['scan {"text":"ab!","fixture":"f2"}']);
      }));

    test('a scan while the field is open is taken whole, in place of what was typed', () =>
      on(stationWith([idle(1), idle(2)]), async at => {
        await at.page.locator('[data-fixture=f2] .button-whole').click();
        await at.page.locator('.key', { hasText: 'Q' }).click();
        await at.scan('SN-77');
        await at.page.locator('[data-fixture=f2].tile-armed').waitFor();
        assert.deepEqual(await at.calls(), ['scan {"text":"SN-77","fixture":"f2"}']);
      }));

    test('a slow scan behind a slow one takes its place: two serials never become one', () =>
      on(stationWith([idle(1)]), async at => {
        const field = at.page.getByLabel(en.entry.label, { exact: true }).first();
        await at.page.keyboard.type('sn-1', { delay: 130 });
        await at.page.keyboard.press('Enter');
        await field.waitFor();
        assert.equal(await field.inputValue(), 'sn-1');
        await at.page.keyboard.type('sn-27', { delay: 130 });
        await at.page.keyboard.press('Backspace');
        assert.equal(await field.inputValue(), 'sn-2');
        await at.page.keyboard.press('Enter');
        await field.waitFor({ state: 'detached' });
        assert.deepEqual(await at.calls(), ['scan {"text":"sn-2","fixture":"f1"}']);
      }));

    test('a refused serial is told in words and leaves the typed text in its field', () =>
      on(stationWith([idle(1)]), async at => {
        await at.scan(`SN-${'9'.repeat(130)}`);
        await at.page.getByRole('alert').getByText(en.verdict['serial-too-long'].title).waitFor();
        await at.page.keyboard.press('Escape');
        await at.page.getByRole('alert').waitFor({ state: 'detached' });
      }));
  });

  describe('what was scanned', () => {
    for (const language of languages)
      for (const size of sizes)
        test(`a refused scan and the product stand in the notice, which hides nothing: ${language}, ${size.width}`, () =>
          on(
            everyStateOf(4),
            async at => {
              const before = await boxOf(at, '.header-place');
              await at.scan(`OTHER-${'7'.repeat(60)}-END`);
              const notice = at.page.getByRole('alert');
              await notice.getByText('OTHER-7777…777777-END', { exact: true }).waitFor();
              await notice.getByText(/Gateway GX-2/).waitFor();
              const box = await boxOf(at, '.notice');
              const place = await boxOf(at, '.header-place');
              const after = await boxOf(at, '.header-switches');
              assert.deepEqual(place, before);
              assert.ok(place.x + place.width <= box.x && box.x + box.width <= after.x, JSON.stringify(box));
              const heads = await boxOf(at, '[data-fixture=f1] .face-head');
              assert.ok(box.y + box.height <= heads.y, `${box.y + box.height} over ${heads.y}`);
              assert.deepEqual(await cutTexts(at), []);
            },
            { language, size },
          ));

    test('a refused text in the field has one way to close, and speaks of a serial, not of a scan', () =>
      on(stationWith([idle(1), idle(2)]), async at => {
        await at.page.locator('[data-fixture=f2] .button-whole').click();
        for (const key of 'OTHER') await at.page.locator('.key', { hasText: key }).first().click();
        await at.page.getByRole('button', { name: en.entry.take }).click();
        const alert = at.page.getByRole('alert');
        await alert.waitFor();
        assert.doesNotMatch(await alert.innerText(), /The scan/);
        assert.equal(await at.page.getByRole('dialog').getByText(en.close).count(), 1);
        await at.page.locator('.key', { hasText: '1' }).first().click();
        await alert.waitFor({ state: 'detached' });
      }));

    test('the choice names what each fixture holds, and which unit is kept', () =>
      on(
        stationWith([
          decided(1, 'passed', 'passed'),
          decided(2, 'failed', 'bridge-closed'),
          decided(3, 'refused', 'clone'),
          idle(4),
        ]),
        async at => {
          await at.scan('SN-1');
          const places = at.page.locator('.choose-place');
          await places.first().waitFor();
          const said = (await places.allInnerTexts()).map(text => text.split(/\s*\n\s*/));
          assert.deepEqual(said, [
            ['1', 'PASS', 'replaces …004301'],
            ['2', 'FAIL', 'replaces …004302'],
            ['3', 'STOP', 'replaces …004303', en.choose.kept],
            ['4', en.choose.empty],
          ]);
        },
      ));

    test('the choice fits with 32 fixtures in each language', async () => {
      for (const language of languages)
        await on(
          everyStateOf(32),
          async at => {
            await at.scan('SN-1');
            await at.page.locator('.choose').waitFor();
            const cut = await at.page.evaluate(() =>
              [...document.querySelectorAll('.choose-place')]
                .filter(
                  place =>
                    place.scrollWidth > place.clientWidth + 1 || place.scrollHeight > place.clientHeight + 1,
                )
                .map(place => place.textContent),
            );
            assert.deepEqual(cut, []);
            const dialog = at.page.locator('.choose');
            assert.ok(await dialog.evaluate(element => element.scrollHeight <= element.clientHeight + 1));
          },
          { language },
        );
    });

    for (const [reading, expected] of [
      [0, 'scan {"text":"GX2-000054","fixture":"f2"}'],
      [1, 'scan {"text":"2GX2-000054"}'],
    ] as const)
      test(`a number with a scan close behind is asked about; reading ${reading + 1} is taken as chosen`, () =>
        on(stationWith([running(1), idle(2)]), async at => {
          await at.scan('2GX2-000054', undefined, 300);
          const readings = at.page.getByRole('dialog', { name: en.twoReadings.title }).locator('.reading');
          await readings.first().waitFor();
          assert.deepEqual(
            (await readings.allInnerTexts()).map(text => text.split(/\s*\n\s*/).at(-1)),
            ['GX2-000054', '2GX2-000054'],
          );
          assert.deepEqual(await at.calls(), []);
          await readings.nth(reading).click();
          await at.page.locator('[data-fixture=f2].tile-armed').waitFor();
          assert.deepEqual(await at.calls(), [expected]);
        }));
  });
});

/** Lets this many milliseconds of the page's clock go by, because the rule under test counts them. */
async function pastOf({ page }: GalleryPage, milliseconds: number): Promise<void> {
  const since = await page.evaluate(() => performance.now());
  await page.waitForFunction(end => performance.now() > end, since + milliseconds);
}

/** Where the first element of this selector stands. */
async function boxOf({ page }: GalleryPage, selector: string) {
  const box = await page.locator(selector).first().boundingBox();
  assert.ok(box, selector);
  return box;
}
