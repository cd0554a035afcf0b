/** A station without fixtures, and the help of each screen, in real Chromium: what is said fits its place and is true for the view. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { en } from '../../renderer/messages/en.ts';
import { ko } from '../../renderer/messages/ko.ts';
import type { StationView } from '../../src/api/contract.ts';
import { missing } from '../parts.ts';
import { decided, idle, stationWith, today } from './gallery/scenes.ts';
import { type GalleryPages, openGallery } from './gallery-page.ts';
import { cutTexts, findsNothing, smallTargets } from './page-checks.ts';

const nothingYet: Partial<StationView> = {
  outbox: { queued: 0, sending: 0, enrolled: 0, conflict: 0, quarantined: 0 },
  today: { ...today, passed: 0, attempts: 0 },
};
const mina = { state: 'signed-in', id: 'mina', name: 'Kim Mina', role: 'supervisor', proof: 'pin' } as const;
const empty = (who?: StationView['who']) => stationWith([], { ...nothingYet, ...(who && { who }) });
const languages = { en, ko } as const;

describe('the first steps', { skip: missing('chromium') }, () => {
  let gallery: GalleryPages;
  before(async () => {
    gallery = await openGallery();
  });
  after(() => gallery.close());

  for (const language of ['en', 'ko'] as const)
    test(`say who does what comes next, and fit: ${language}`, () =>
      gallery.on(
        empty(),
        async at => {
          const by = languages[language].firstSteps.fixturesBy;
          const now = () => at.page.locator('.first-step[aria-current=step] h3').innerText();
          assert.equal(await now(), languages[language].firstSteps.supervisor);
          for (const [who, words] of [
            [{ state: 'locked' }, by.signIn],
            [{ ...mina, proof: 'badge' }, by.other],
            [{ ...mina, role: 'auditor' }, by.other],
            [mina, by.here],
          ] as const) {
            await at.show(empty(who));
            await at.page.locator('.first-step').getByText(words, { exact: true }).waitFor();
            assert.equal(await at.page.locator('.first-steps .button').count(), who === mina ? 1 : 0);
            assert.deepEqual(await cutTexts(at), []);
          }
          assert.deepEqual(await smallTargets(at), []);
          await findsNothing(at);
        },
        { language },
      ));

  test('Enter leads to the first supervisor, then to the fixtures; a scan is told, not lost in a question', () =>
    gallery.on(empty(), async at => {
      for (const next of ['한국어', 'English']) {
        await at.page.getByRole('button', { name: next }).click();
        await at.page.getByRole('button', { name: next }).waitFor({ state: 'detached' });
      }
      await at.page.keyboard.press('Enter');
      await at.page.getByRole('dialog', { name: en.first.title }).waitFor();
      await at.page.keyboard.press('Escape');
      await at.page.keyboard.type('abcd', { delay: 130 });
      await at.page.keyboard.press('Enter');
      await at.page.getByRole('alert').getByText(en.noFixtures.title).waitFor();
      await at.show(empty(mina));
      await at.page.keyboard.press('Enter');
      await at.page.locator('.settings-form[data-section=fixtures]').waitFor();
    }));

  test('a free fixture says how until something was tested', () =>
    gallery.on(stationWith([idle(1)], nothingYet), async at => {
      const how = at.page.getByText(en.firstSteps.unitHere, { exact: true });
      await how.waitFor();
      await at.show(stationWith([idle(1), decided(2, 'failed', 'bridge-closed')]));
      await how.waitFor({ state: 'detached' });
    }));

  for (const language of ['en', 'ko'] as const)
    test(`F6 explains every screen, and fits: ${language}`, () =>
      gallery.on(
        stationWith([idle(1)], { who: mina }),
        async at => {
          const { screens, help } = languages[language];
          for (const id of Object.keys(screens) as (keyof typeof screens)[]) {
            await at.page.keyboard.press('F10');
            await at.page.locator('.menu-place', { hasText: screens[id].title }).first().click();
            await at.page.locator('.header-here', { hasText: screens[id].title }).waitFor();
            await at.page.keyboard.press('F6');
            await at.page.locator('.help-next').getByText(help.next[id].first, { exact: true }).waitFor();
            assert.deepEqual(await cutTexts(at), [], id);
            await at.page.keyboard.press('Escape');
            await at.page.locator('dialog[open]').waitFor({ state: 'detached' });
          }
        },
        { language },
      ));
});
