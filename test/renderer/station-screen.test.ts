/** The Station screen alone, built as it ships, in real Chromium, on a session that answers but decides nothing. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { en } from '../../renderer/messages/en.ts';
import { ko } from '../../renderer/messages/ko.ts';
import { missing } from '../parts.ts';
import { armed, decided, everyStateOf, handsFreeOf, idle, stationWith, waiting } from './gallery/scenes.ts';
import { type GalleryPages, openGallery } from './gallery-page.ts';
import { contrast, oklchToSrgb } from './oklch.ts';
import { cutTexts, findsNothing, smallTargets } from './page-checks.ts';

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
const wall = { width: 3840, height: 2160 };
const allCounts = [1, 2, 3, 4, 5, 6, 9, 12, 16, 17, 24, 32] as const;
const catalogues = { en, ko } as const;
const languages = ['en', 'ko'] as const;

describe('Station screen', { skip: missing('chromium') }, () => {
  let gallery: GalleryPages;
  before(async () => {
    gallery = await openGallery();
  });
  after(() => gallery.close());

  const on: GalleryPages['on'] = (...asked) => gallery.on(...asked);

  describe('fixtures that start by themselves', () => {
    for (const size of sizes)
      for (const language of languages)
        test(`say what they wait for, and nothing is cut: ${language}, ${size.width}×${size.height}`, () =>
          on(
            handsFreeOf(1),
            async at => {
              const { idle: free, armed: ready } = catalogues[language].tile.handsFree;
              for (const count of [1, 2, 4, 6, 9, 12, 16, 32]) {
                await at.show(handsFreeOf(count));
                assert.deepEqual(await cutTexts(at), [], `${count}`);
                const text = await at.page.locator('main').innerText();
                const told = [
                  free.empty,
                  ready.empty,
                  free.arrived,
                  ready.arrived,
                  free.occupied,
                  ready.occupied,
                ];
                if (count <= 16)
                  for (const words of told.slice(0, count)) assert.ok(text.includes(words), words);
              }
            },
            { language, size },
          ));

    for (const theme of ['light', 'dark'] as const)
      test(`pass axe: ${theme}`, () => on(handsFreeOf(4), findsNothing, { theme }));
  });

  describe('the whole screen', () => {
    // A wall shows the same picture, larger: one of each density is enough there.
    for (const [size, fixtures] of [
      [sizes[0], allCounts],
      [sizes[1], allCounts],
      [wall, [1, 4, 16, 32]],
    ] as const)
      test(`1 to 32 fixtures at ${size.width}×${size.height}: nothing scrolls, is cut, or is too small to hit`, () =>
        on(
          everyStateOf(1),
          async at => {
            for (const language of languages) {
              await at.page.locator(`html[lang=${language}]`).waitFor();
              for (const count of fixtures) {
                await at.show(everyStateOf(count));
                assert.deepEqual(await cutTexts(at), [], `${count} ${language}`);
                assert.deepEqual(await smallTargets(at), [], `${count} ${language}`);
              }
              if (language === 'en') await at.page.getByRole('button', { name: /한국어/ }).click();
            }
          },
          { size },
        ));

    // Theme and language do not meet in any rule, so each is looked at once.
    for (const [theme, language] of [
      ['dark', 'en'],
      ['light', 'ko'],
    ] as const)
      test(`axe finds nothing in any state: ${theme}, ${language}`, () =>
        on(
          everyStateOf(4),
          async at => {
            const scenes = [
              everyStateOf(4),
              everyStateOf(11),
              everyStateOf(17),
              stationWith([decided(1, 'passed', 'passed', { warnings: ['certificate-unchecked'] })]),
              stationWith([idle(1), armed(2)], {
                fault: 'ledger-full',
                connection: { state: 'refused', since: 1, code: 'unauthorized' },
                outbox: { ...waiting, conflict: 2 },
              }),
              stationWith([]),
            ];
            for (const scene of scenes) {
              await at.show(scene);
              await findsNothing(at);
            }
            await at.show(everyStateOf(4));
            for (const open of ['[data-fixture=f4] .face-foot .button', '.foot-connection']) {
              await at.page.locator(open).first().click();
              await at.page.getByRole('dialog').waitFor();
              assert.deepEqual(await cutTexts(at), [], open);
              await findsNothing(at);
              await at.page.keyboard.press('Escape');
              await at.page.getByRole('dialog').waitFor({ state: 'detached' });
            }
            await at.show(stationWith([idle(1), idle(2)]));
            await at.page.locator('[data-fixture=f2] .button-whole').click();
            await findsNothing(at);
            await at.page.keyboard.press('Escape');
            await at.scan('SN-1');
            await at.page.locator('.choose').waitFor();
            await findsNothing(at);
          },
          { theme, language },
        ));

    test('without contact it says so, keeps the last picture, and offers nothing that could not be done', () =>
      on(everyStateOf(4), async at => {
        await at.page.evaluate(() => window.gallery.lose());
        await at.page.getByText(en.noContact.title).waitFor();
        await at.page.getByText('PASS', { exact: true }).waitFor();
        assert.equal(await at.page.locator('.tile button:enabled').count(), 0);
        await at.show(everyStateOf(4));
        await at.page.getByText(en.noContact.title).waitFor({ state: 'detached' });
      }));

    test('a contact that stays lost asks for an engineer', () =>
      on(
        everyStateOf(4),
        async at => {
          await at.page.clock.install();
          await at.page.evaluate(() => window.gallery.lose());
          await at.page.getByText(en.noContact.title).waitFor();
          assert.equal(await at.page.getByText(en.noContact.long).count(), 0);
          await at.page.clock.fastForward(20_000);
          await at.page.getByText(en.noContact.long).waitFor();
          assert.deepEqual(await cutTexts(at), []);
        },
        { ownClock: true },
      ));

    test('the counts of the day open what they count', () =>
      on(everyStateOf(4), async at => {
        await at.page.getByRole('button', { name: en.day.title }).click();
        const day = at.page.getByRole('dialog', { name: en.day.title });
        for (const text of [en.day.yield, en.day.withoutContact, en.day.pace, '1,219'])
          await day.getByText(text).waitFor();
        await findsNothing(at);
      }));

    for (const [language, ahead, behind] of [
      ['en', 'This station’s clock is 2 hr ahead', 'This station’s clock is 731 days behind'],
      ['ko', '이 스테이션의 시계가 2시간 빠름', '이 스테이션의 시계가 731일 느림'],
    ] as const)
      for (const [words, clockAheadMs] of [
        [ahead, 7_200_000],
        [behind, -731 * 86_400_000],
      ] as const)
        test(`O7 the foot names a wrong clock: ${words}`, () => {
          const view = { ...stationWith([idle(1)]), clockAheadMs };
          return on(
            view,
            async at => {
              const foot = await at.page.locator('.foot-connection').innerText();
              assert.ok(foot.includes(words), foot);
            },
            { language },
          );
        });

    test('the foot says what waits, since when, and that it is kept', () =>
      on(everyStateOf(4), async at => {
        const foot = await at.page.locator('.foot-connection').innerText();
        assert.match(foot, /Offline · 37 waiting/);
        assert.match(foot, /oldest 4\d min · all kept here/);
      }));

    test('Chromium draws the tokens in the colours whose contrast was computed', () =>
      on(everyStateOf(4), async at => {
        const drawn = await at.page.evaluate(() => {
          const canvas = new OffscreenCanvas(1, 1).getContext('2d')!;
          const style = getComputedStyle(document.querySelector('.tone-fail')!);
          canvas.fillStyle = style.backgroundColor;
          canvas.fillRect(0, 0, 1, 1);
          return {
            computed: style.backgroundColor,
            pixel: [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)],
          };
        });
        const { r, g, b } = oklchToSrgb(drawn.computed);
        for (const [index, part] of [r, g, b].entries())
          assert.ok(Math.abs(part * 255 - drawn.pixel[index]!) <= 1, JSON.stringify(drawn));
        assert.ok(contrast({ r, g, b }, { r: 1, g: 1, b: 1 }) > 4.5);
      }));

    test('the bundled fonts are used, also for Korean', () =>
      on(
        everyStateOf(4),
        async at => {
          const loaded = await at.page.evaluate(() =>
            [...document.fonts]
              .filter(font => font.status === 'loaded')
              .map(font => font.family.replaceAll('"', '')),
          );
          for (const family of ['Inter Variable', 'Noto Sans KR Variable', 'JetBrains Mono'])
            assert.ok(loaded.includes(family), `${family} of ${[...new Set(loaded)]}`);
        },
        { language: 'ko' },
      ));
  });
});
