/** The Station screen alone, built as it ships, in real Chromium, on a session that answers but decides nothing. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { en } from '../../renderer/messages/en.ts';
import { ko } from '../../renderer/messages/ko.ts';
import type { VerdictCode } from '../../src/api/contract.ts';
import { missing } from '../parts.ts';
import {
  armed,
  decided,
  everyStateOf,
  handsFreeOf,
  idle,
  running,
  stationWith,
  waiting,
} from './gallery/scenes.ts';
import { type GalleryPage, type GalleryPages, openGallery } from './gallery-page.ts';
import { contrast, oklchToSrgb } from './oklch.ts';
import { cutTexts, findsNothing, smallTargets } from './page-checks.ts';

const skip = missing('chromium');
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 3840, height: 2160 },
] as const;
const catalogues = { en, ko } as const;
const languages = ['en', 'ko'] as const;
const longSerial = 'GX2-'.padEnd(128, '0123456789');

describe('Station screen', { skip }, () => {
  let gallery: GalleryPages;
  before(async () => {
    gallery = await openGallery();
  });
  after(() => gallery.close());

  const on: GalleryPages['on'] = (...asked) => gallery.on(...asked);

  describe('a TPM that asks for its password', () => {
    const at = {
      state: 'signed-in',
      name: 'Kim Mina',
      id: 'mina',
      role: 'supervisor',
      proof: 'pin',
    } as const;
    const badge = { ...at, name: 'Park', id: 'park', role: 'operator', proof: 'badge' } as const;
    const asks = (code: VerdictCode) => stationWith([decided(1, 'failed', code)], { who: badge });

    test('is given it by Enter, keys on the screen and a supervisor in place; the password is shown nowhere', () =>
      on(asks('hierarchy-password'), async ({ page, calls, ...rest }) => {
        const { tile, password, act } = en;
        await page.locator('[data-fixture=f1]').focus();
        await page.keyboard.press('Enter');
        const dialog = page.getByRole('dialog', { name: password.title.replace('{{number}}', '1') });
        await dialog.waitFor();
        await page.keyboard.type('x');
        await page.keyboard.press('Backspace');
        await page.keyboard.type('Q# ');
        await dialog.getByRole('button', { name: '7', exact: true }).click();
        await page.getByLabel(password.entered_other.replace('{{count}}', '4')).waitFor();
        assert.equal((await page.content()).includes('Q# 7'), false);
        await findsNothing({ page, calls, ...rest });
        assert.deepEqual(await smallTargets({ page, calls, ...rest }), []);
        await dialog.getByRole('button', { name: password.next }).click();
        await dialog.getByText(password.effect).waitFor();
        await page.keyboard.type('mina');
        await dialog.getByRole('textbox', { name: act.pin }).fill('240817');
        await dialog.getByRole('button', { name: password.test }).click();
        await dialog.waitFor({ state: 'detached' });
        await page.getByText(tile.hasPassword).waitFor();
        assert.deepEqual(await calls(), [
          'giveHierarchyPassword {"fixture":"f1","password":"Q# 7","by":{"id":"mina","pin":"240817"}}',
        ]);
      }));

    test('asks a supervisor who is signed in by PIN for nothing more, and forgets it when asked', () =>
      on({ ...asks('hierarchy-password-refused'), who: at }, async ({ page, calls, scan, show }) => {
        await page.getByRole('button', { name: en.tile.password }).click();
        await page.getByText(en.password.what).waitFor();
        await scan('Xq77');
        await page.getByText(en.tile.hasPassword).waitFor();
        await show(stationWith([{ ...decided(1, 'passed', 'passed'), hasPassword: true }], { who: at }));
        await page.getByRole('button', { name: en.tile.details }).click();
        await page.getByRole('button', { name: en.password.forget }).click();
        await page.getByRole('button', { name: en.password.forget }).waitFor({ state: 'detached' });
        assert.deepEqual(await calls(), [
          'giveHierarchyPassword {"fixture":"f1","password":"Xq77"}',
          'forgetHierarchyPassword {"fixture":"f1"}',
        ]);
      }));
  });

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

    test('F1 starts all that is armed', () =>
      on(stationWith([armed(1), armed(2)]), async at => {
        await at.page.keyboard.press('F1');
        await at.page.locator('[data-fixture=f2].tile-running').waitFor();
        assert.deepEqual(await at.calls(), ['start {}']);
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

    test('a refused serial is told in words and leaves the typed text in its field', () =>
      on(stationWith([idle(1)]), async at => {
        await at.scan(`SN-${'9'.repeat(130)}`);
        await at.page.getByRole('alert').getByText(en.verdict['serial-too-long'].title).waitFor();
        await at.page.keyboard.press('Escape');
        await at.page.getByRole('alert').waitFor({ state: 'detached' });
      }));
  });

  describe('starting again', () => {
    const failed = stationWith([idle(1), decided(2, 'failed', 'bridge-unreachable', {}, 'SN-2'), idle(3)]);
    const expected = ['scan {"text":"SN-2","fixture":"f2"}', 'start {"fixture":"f2"}'];
    const started = async (at: GalleryPage) => {
      await at.page.locator('[data-fixture=f2].tile-running').waitFor();
      assert.deepEqual(await at.calls(), expected);
    };

    for (const language of languages)
      test(`a failed tile starts the same serial again in its place, by its button: ${language}`, () =>
        on(
          failed,
          async at => {
            const { again } = catalogues[language].tile;
            await at.page.locator('[data-fixture=f2]').getByRole('button', { name: again }).click();
            await started(at);
          },
          { language },
        ));

    test('Enter on a failed tile starts it again, on a tile in full and on a small one', () =>
      on(failed, async at => {
        await at.page.locator('[data-fixture=f2]').focus();
        await at.page.keyboard.press('Enter');
        await started(at);
        await at.show(stationWith([...failed.fixtures, idle(4), idle(5)]));
        await at.page.locator('[data-fixture=f2] .whole').focus();
        await at.page.keyboard.press('Enter');
        await at.page.locator('[data-fixture=f2].tile-running').waitFor();
        assert.deepEqual(await at.calls(), [...expected, ...expected]);
      }));

    test('the detail of a small tile has it too, by touch and by Enter', () =>
      on(stationWith([...failed.fixtures, idle(4), idle(5)]), async at => {
        await at.page.locator('[data-fixture=f2] .whole').click();
        await at.page.getByRole('dialog').getByRole('button', { name: en.tile.again }).waitFor();
        assert.deepEqual(await smallTargets(at), []);
        await at.page.keyboard.press('Enter');
        await started(at);
      }));

    test('a unit that a person decides about is not started again, and its tile says Take unit out', () =>
      on(
        stationWith([
          decided(1, 'refused', 'clone'),
          decided(2, 'failed', 'tpm-locked-out'),
          decided(3, 'passed', 'passed'),
        ]),
        async at => {
          assert.equal(await at.page.getByRole('button', { name: en.tile.again }).count(), 0);
          await at.page.locator('[data-fixture=f1]').getByText(en.tile.takeOut).waitFor();
          for (const fixture of ['f1', 'f2', 'f3']) {
            await at.page.locator(`[data-fixture=${fixture}]`).focus();
            await at.page.keyboard.press('Enter');
            await at.page.getByRole('dialog').waitFor();
            await at.page.keyboard.press('Escape');
            await at.page.getByRole('dialog').waitFor({ state: 'detached' });
          }
          assert.deepEqual(
            (await at.calls()).filter(call => !call.startsWith('compareAttempt ')),
            [],
          );
        },
      ));
  });

  describe('what was scanned', () => {
    for (const language of languages)
      for (const size of sizes.slice(0, 2))
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

  describe('verdicts', () => {
    const verdictOf = (code: VerdictCode) => {
      if (code === 'passed' || code === 'retest') return code;
      const refused =
        /^(serial-|work-order-|clone|same-tpm-|other-|registration-id|ek-|simulator-refused|dut-|certificate-|possession-)/.test(
          code,
        );
      return refused ? 'refused' : 'failed';
    };
    const worst = {
      otherSerial: longSerial.slice(0, 40),
      dutSerial: longSerial.slice(0, 40),
      responseCode: '0x0000098e',
      responseCodeName: 'TPM_RC_TOO_MANY_CONTEXTS',
      detail: 'x'.repeat(300),
    };

    const titleOf = (language: keyof typeof catalogues, code: VerdictCode) =>
      catalogues[language].verdict[code].title.replace('{{otherSerial}}', `…${worst.otherSerial.slice(-16)}`);

    for (const language of languages)
      for (const size of sizes.slice(0, 2))
        test(`every code has a card that fits its tile: ${language}, ${size.width}×${size.height}`, () =>
          on(
            stationWith([]),
            async at => {
              const codes = Object.keys(en.verdict) as VerdictCode[];
              for (const count of [1, 4, 6])
                for (let first = 0; first < codes.length; first += count) {
                  const shown = codes.slice(first, first + count);
                  const tiles = shown.map((code, index) =>
                    decided(index + 1, verdictOf(code), code, worst, longSerial),
                  );
                  const rest = Array.from({ length: count - shown.length }, (_, index) =>
                    idle(shown.length + index + 1),
                  );
                  await at.show(stationWith([...tiles, ...rest]));
                  const text = await at.page.locator('main').innerText();
                  for (const code of shown)
                    if (verdictOf(code) !== 'passed') assert.ok(text.includes(titleOf(language, code)), code);
                  assert.deepEqual(await cutTexts(at), [], `${count}: ${shown}`);
                }
            },
            { language, size },
          ));

    for (const language of languages)
      test(`PASS with four warnings at once fits, in words: ${language}`, () =>
        on(
          stationWith([]),
          async at => {
            const warnings = Object.keys(en.warning) as (keyof typeof en.warning)[];
            for (let first = 0; first < warnings.length; first += 4) {
              const some = warnings.slice(first, first + 4);
              await at.show(
                stationWith([1, 2, 3].map(number => decided(number, 'passed', 'passed', { warnings: some }))),
              );
              assert.deepEqual(await cutTexts(at), []);
              for (const warning of some)
                await at.page.getByText(catalogues[language].warning[warning].title).first().waitFor();
            }
          },
          { language },
        ));

    test('a new verdict is announced once; those that were there are not', () =>
      on(stationWith([decided(1, 'passed', 'passed'), running(2)]), async at => {
        const status = at.page.locator('[aria-live=assertive]');
        assert.equal(await status.textContent(), '');
        await at.show(stationWith([decided(1, 'passed', 'passed'), decided(2, 'failed', 'tpm-locked-out')]));
        await at.page.waitForFunction(() => document.querySelector('[aria-live=assertive]')?.textContent);
        const { title, do: now } = en.verdict['tpm-locked-out'];
        assert.equal(await status.textContent(), `Fixture 2: FAIL. ${title}. ${now}`);
        await at.page.getByRole('button', { name: /한국어/ }).click();
        await at.page.locator('html[lang=ko]').waitFor();
        assert.ok((await status.textContent())?.includes(ko.verdict['tpm-locked-out'].title));
      }));

    test('S5: a rehearsal is said above and in every decided tile, a production run nowhere', () =>
      on(everyStateOf(4), async at => {
        await at.page.getByText(en.rehearsal.band).waitFor();
        assert.equal(
          await at.page.locator('.tile-decided').count(),
          await at.page.locator('.tile-decided .mark').count(),
        );
        const view = everyStateOf(4);
        await at.show({ ...view, station: { ...view.station, rehearsal: false } });
        await at.page.locator('.rehearsal').waitFor({ state: 'detached' });
        assert.equal(await at.page.locator('.mark').count(), 0);
      }));
  });

  describe('fixtures that start by themselves', () => {
    for (const size of sizes.slice(0, 2))
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
      test(`pass axe: ${theme}`, () =>
        on(
          handsFreeOf(4),
          async at => {
            const { violations } = await new AxeBuilder({ page: at.page })
              .options({ resultTypes: ['violations'] })
              .analyze();
            assert.deepEqual(
              violations.map(({ id }) => id),
              [],
            );
          },
          { theme },
        ));
  });

  describe('the whole screen', () => {
    for (const size of sizes)
      test(`1 to 32 fixtures at ${size.width}×${size.height}: nothing scrolls, is cut, or is too small to hit`, () =>
        on(
          everyStateOf(1),
          async at => {
            for (const language of languages) {
              await at.page.locator(`html[lang=${language}]`).waitFor();
              for (const count of [1, 2, 3, 4, 5, 6, 9, 12, 16, 17, 24, 32]) {
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
