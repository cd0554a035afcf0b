/** A decided tile: its words in every language and size, its announcement, and what it offers next. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { en } from '../../renderer/messages/en.ts';
import { ko } from '../../renderer/messages/ko.ts';
import type { VerdictCode } from '../../src/api/contract.ts';
import { missing } from '../parts.ts';
import { decided, everyStateOf, idle, running, stationWith } from './gallery/scenes.ts';
import { type GalleryPage, type GalleryPages, openGallery } from './gallery-page.ts';
import { cutTexts, findsNothing, smallTargets } from './page-checks.ts';

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
const catalogues = { en, ko } as const;
const languages = ['en', 'ko'] as const;
const longSerial = 'GX2-'.padEnd(128, '0123456789');

describe('verdicts at the Station screen', { skip: missing('chromium') }, () => {
  let gallery: GalleryPages;
  before(async () => {
    gallery = await openGallery();
  });
  after(() => gallery.close());

  const on: GalleryPages['on'] = (...asked) => gallery.on(...asked);

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

    // A larger screen shows the same picture, larger: the tightest tiles are enough there.
    for (const language of languages)
      for (const [size, counts] of [
        [sizes[0], [1, 4, 6]],
        [sizes[1], [6]],
      ] as const)
        test(`every code has a card that fits its tile: ${language}, ${size.width}×${size.height}`, () =>
          on(
            stationWith([]),
            async at => {
              const codes = Object.keys(en.verdict) as VerdictCode[];
              for (const count of counts)
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

    test('verdicts of one moment are announced each', () =>
      on(stationWith([running(1), running(2)]), async at => {
        await at.show(stationWith([decided(1, 'passed', 'passed'), decided(2, 'refused', 'clone')]));
        const lines = at.page.locator('[aria-live=assertive] > p');
        await lines.nth(1).waitFor({ state: 'attached' });
        assert.deepEqual(
          (await lines.allTextContents()).map(line => line.split('.')[0]),
          ['Fixture 1: PASS', 'Fixture 2: STOP'],
        );
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
});
