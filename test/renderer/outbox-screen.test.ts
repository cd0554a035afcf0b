/** The Outbox screen, built as it ships, in real Chromium, on a session that answers but decides nothing. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright';
import { en } from '../../renderer/messages/en.ts';
import { ko } from '../../renderer/messages/ko.ts';
import type { ConnectionView, OutboxView, StationView } from '../../src/api/contract.ts';
import { missing } from '../parts.ts';
import { signedIn } from './gallery/fake-session.ts';
import { idle, stationWith } from './gallery/scenes.ts';
import {
  type GalleryPage,
  type GalleryPages,
  openGallery,
  type PageBody,
  type PageOptions,
} from './gallery-page.ts';
import { findsNothing } from './page-checks.ts';

const skip = missing('chromium');
const catalogues = { en, ko } as const;
const counts: OutboxView = {
  queued: 1_198,
  sending: 6,
  enrolled: 48_211,
  conflict: 4,
  quarantined: 2,
  oldestAt: Date.now() - 2_460_000,
};
const online: ConnectionView = { state: 'online', host: 'dps.example', since: 1, lastContact: 1 };
const view = (rest: Partial<StationView> = {}) => stationWith([idle(1)], { outbox: counts, ...rest });
const withBadges = {
  ...view({ who: signedIn('park', 'badge') }),
  station: { ...view().station, badgePrefix: 'B-' },
};
const rows = (page: Page) => page.locator('.long-table-row');
const serials = (page: Page) => page.locator('.long-table-row .outbox-serial').allTextContents();

describe('Outbox screen', { skip }, () => {
  let gallery: GalleryPages;
  before(async () => {
    gallery = await openGallery();
  });
  after(() => gallery.close());

  /** Opens the screen by its key, runs the body, and holds that the console stayed silent. */
  const on = (shown: StationView, body: PageBody, options?: PageOptions) =>
    gallery.on(
      shown,
      async at => {
        await at.page.keyboard.press('F2');
        await at.page.locator('.outbox').waitFor();
        await body(at);
      },
      options,
    );
  const filter = (page: Page, name: string) => page.locator(`[data-filter=${name}]`).click();
  const asked = async (at: GalleryPage, call: string) =>
    (await at.calls()).filter(each => each.startsWith(`${call} `) || each === call);
  /** Opens the nth row's desk and one of its choices. */
  const decide = async (page: Page, row: number, choice: string) => {
    await rows(page).nth(row).click();
    await page.getByRole('button', { name: choice }).click();
    await page.locator('.act').waitFor();
  };

  test('begins with what calls for a person, and says how much there is of each', () =>
    on(view({ connection: online }), async ({ page }) => {
      await rows(page).first().waitFor();
      assert.equal(
        await page.locator('[data-filter][aria-pressed=true]').getAttribute('data-filter'),
        'conflict',
      );
      assert.deepEqual(await page.locator('.outbox-filter-count').allTextContents(), [
        '4',
        '2',
        '1,198',
        '6',
        '4',
      ]);
      assert.match(await page.locator('.drain-count').innerText(), /1,204\s+entries wait/);
      await page.getByText(/^Empty in about 21 min, at \d\d:\d\d$/).waitFor();
      await page.getByRole('img', { name: /^Waiting over the last hour, from 1,878 at most/ }).waitFor();
    }));

  test('draws of a hundred thousand entries the rows in sight, page by page as somebody scrolls', () =>
    on(view({ outbox: { ...counts, conflict: 0, quarantined: 0, queued: 100_000 } }), async at => {
      const { page } = at;
      await page.evaluate(() => {
        const { outbox } = window.gallery;
        const like = outbox.entries.find(entry => entry.entryId === 'entry-1000')!;
        outbox.entries = Array.from({ length: 100_000 }, (_, n) => ({
          ...like,
          entryId: `entry-${1000 + n}`,
          serial: `GX2-${1000 + n}`,
        }));
      });
      await filter(page, 'sending');
      await filter(page, 'queued');
      await rows(page).first().waitFor();
      await page.waitForFunction(() => {
        const list = document.querySelector('.long-table-scroll')!;
        list.scrollTop = list.scrollHeight;
        return [...list.querySelectorAll<HTMLElement>('.long-table-row')].some(
          row => Number(row.dataset.row) > 1_400,
        );
      });
      assert.ok((await rows(page).count()) < 60, `${await rows(page).count()} rows drawn`);
      const pages = (await asked(at, 'listQueue')).filter(call => call.includes('"after"'));
      assert.ok(pages.length >= 4, pages.join('\n'));
      assert.ok(pages[0]!.includes('"after":"entry-1199"'), pages[0]!);
    }));

  test('moves nothing under a finger while the list drains, and is true again at its top', () =>
    on(view({ outbox: { ...counts, conflict: 0, quarantined: 0 } }), async ({ page, show }) => {
      await rows(page).first().waitFor();
      const scroll = page.locator('.long-table-scroll');
      await scroll.evaluate(list => {
        list.scrollTop = 3_000;
      });
      await page.getByText('GX2-001060', { exact: true }).waitFor();
      const before = await page.getByText('GX2-001060', { exact: true }).boundingBox();
      await page.evaluate(() => {
        const { outbox } = window.gallery;
        outbox.entries = outbox.entries.filter(entry => Number(entry.entryId.split('-')[1]) > 1_061);
      });
      await show(view({ outbox: { ...counts, conflict: 0, quarantined: 0, queued: 1_137 } }));
      await page.locator('[data-tone=gone]', { hasText: 'GX2-001060' }).waitFor();
      assert.deepEqual(await page.getByText('GX2-001060', { exact: true }).boundingBox(), before);
      assert.equal(await page.locator('[data-tone=gone]', { hasText: 'GX2-001062' }).count(), 0);
      await scroll.evaluate(list => {
        list.scrollTop = 0;
      });
      await page.waitForFunction(
        () => document.querySelector('.outbox-serial')?.textContent === 'GX2-001062',
      );
      assert.equal(await page.locator('[data-tone=gone]').count(), 0);
    }));

  test('shows ours and theirs side by side: the key first and to be read aloud, what differs marked by word and shape', () =>
    on(view(), async ({ page }) => {
      await rows(page).nth(1).click();
      const desk = page.getByRole('dialog');
      await desk.getByText(en.cause['other-endorsement-key'].title, { exact: true }).waitFor();
      assert.equal(await desk.locator('tbody tr').first().getAttribute('data-field'), 'endorsementKey');
      assert.deepEqual(await desk.locator('.digest-differs').allTextContents(), [
        '19bc',
        'd048',
        '4c1d',
        '0b95',
      ]);
      await desk.getByText('Alfa 3 Foxtrot 0, 4 Charlie 1 Delta, 7 7 Echo 2, 0 Bravo 9 5').waitFor();
      const marked = desk.locator('tr', { hasText: en.compare.differs });
      assert.ok((await marked.count()) >= 4);
      assert.equal(await desk.locator('tr[data-field=registrationId]', { hasText: '≠' }).count(), 0);
      assert.deepEqual(
        await desk.locator('.desk-choice-name').allTextContents(),
        ['keep', 'replace', 'new-id', 'cancel', 'retry'].map(
          choice => en.outbox.desk.choice[choice as keyof typeof en.outbox.desk.choice],
        ),
      );
    }));

  test('S1 says what will happen, asks why and who, tells a refusal, and forgets the PIN at once', () =>
    on(view(), async at => {
      const { page } = at;
      await decide(page, 0, en.outbox.desk.choice.replace);
      const { desk } = en.outbox;
      await page.getByText(desk.effect.replace).waitFor();
      const act = page.locator('.act-actions .button-main');
      assert.equal(await act.isDisabled(), true);
      await page.getByRole('button', { name: desk.reasons.label }).click();
      await page.getByLabel(en.act.id, { exact: true }).fill('mina');
      await page.getByRole('textbox', { name: en.act.pin, exact: true }).fill('111111');
      await act.click();
      await page.getByRole('alert').getByText(en.access['sign-in-refused'].what).waitFor();
      assert.equal(await page.getByRole('textbox', { name: en.act.pin, exact: true }).inputValue(), '');
      assert.equal(await act.isDisabled(), true);
      // Fingers have keys.
      for (const digit of '240817')
        await page.locator('.act-digits').getByText(digit, { exact: true }).click();
      await act.click();
      await page.getByText(desk.done.replace).waitFor();
      assert.deepEqual(
        (await asked(at, 'resolveEntry')).at(-1),
        `resolveEntry ${JSON.stringify({
          entry: 'entry-1',
          decision: 'replace',
          reason: desk.reasons.label,
          by: { id: 'mina', pin: '240817' },
        })}`,
      );
      assert.ok(!(await page.content()).includes('240817'));
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.waitForFunction(
        () => document.querySelector('.outbox-serial')?.textContent === 'GX2-000002',
      );
    }));

  test('S1 a badge that is scanned into the form says who, and stays in no field', () =>
    on(withBadges, async at => {
      const { page } = at;
      await decide(page, 0, en.outbox.desk.choice.keep);
      await page.getByLabel(en.act.reason).fill('label swapped');
      await at.scan('B-0001');
      await page.getByPlaceholder(en.act.badge).waitFor();
      assert.equal(await page.getByLabel(en.act.reason).inputValue(), 'label swapped');
      await page.keyboard.type('240817', { delay: 160 });
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
      assert.deepEqual(
        (await asked(at, 'resolveEntry')).at(-1),
        `resolveEntry ${JSON.stringify({
          entry: 'entry-1',
          decision: 'keep',
          reason: 'label swapped',
          by: { badge: 'B-0001', pin: '240817' },
        })}`,
      );
    }));

  test('S1 does not ask again who is signed in by PIN with the right role, and asks anybody else', () =>
    on(view({ who: signedIn('mina', 'pin') }), async at => {
      const { page, show } = at;
      await decide(page, 0, en.outbox.desk.choice.keep);
      assert.equal(await page.locator('.act-who').count(), 0);
      await page.getByLabel(en.act.reason).fill('label swapped');
      await page.keyboard.press('Enter');
      await page.getByText(en.outbox.desk.done.keep).waitFor();
      assert.ok(!(await asked(at, 'resolveEntry')).at(-1)!.includes('"by"'));
      await page.keyboard.press('Escape');
      await page.waitForFunction(
        () => document.querySelector('.outbox-serial')?.textContent === 'GX2-000002',
      );
      for (const who of [signedIn('park', 'badge'), signedIn('choi', 'pin')]) {
        await show(view({ who }));
        await decide(page, 0, en.outbox.desk.choice.replace);
        await page.locator('.act-who').waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }
    }));

  test('asking DPS again needs neither role nor reason', () =>
    on(view(), async at => {
      const { page } = at;
      await decide(page, 3, en.outbox.desk.choice.retry);
      assert.equal(await page.locator('.act input').count(), 0);
      await page.locator('.act-actions .button-main').click();
      await page.getByText(en.outbox.desk.done.retry).waitFor();
      assert.deepEqual(await asked(at, 'retryEntry'), ['retryEntry {"entry":"entry-4"}']);
    }));

  test('pauses with a reason, says so here and at the foot, and resumes', () =>
    on(view({ who: signedIn('choi', 'pin') }), async at => {
      const { page } = at;
      await page.getByRole('button', { name: en.outbox.pause }).click();
      await page.getByText(en.outbox.pauseDialog.pauseWhat).waitFor();
      await page.getByRole('button', { name: en.outbox.pauseDialog.reasons.network }).click();
      await page.locator('.act-actions .button-main').click();
      await page.locator('.drain-paused').getByText(en.outbox.pauseDialog.reasons.network).waitFor();
      await page.locator('.foot').getByText(en.foot.paused).waitFor();
      assert.equal(await page.getByRole('button', { name: en.outbox.tryNow }).isDisabled(), true);
      await page.getByRole('button', { name: en.outbox.resume }).click();
      await page.getByRole('button', { name: en.outbox.pauseDialog.reasons.done }).click();
      await page.locator('.act-actions .button-main').click();
      await page.getByRole('button', { name: en.outbox.pause }).waitFor();
      assert.deepEqual(
        [...(await asked(at, 'pauseDrain')), ...(await asked(at, 'resumeDrain'))],
        ['pauseDrain {"reason":"Work on the network"}', 'resumeDrain {"reason":"The work is done"}'],
      );
      await page.getByRole('button', { name: en.outbox.tryNow }).click();
      await page.locator('.drain-forecast', { hasText: en.outbox.tried }).waitFor();
      assert.deepEqual(await asked(at, 'tryDrainNow'), ['tryDrainNow']);
    }));

  test('says so where DPS cannot be asked now', () =>
    on(view(), async ({ page }) => {
      await page.evaluate(() => {
        window.gallery.tryDrainNow = () => Promise.reject(new Error('closed'));
      });
      await page.getByRole('button', { name: en.outbox.tryNow }).click();
      await page.getByRole('alert').getByText(en.call.failed.title).waitFor();
    }));

  test('is worked by keys alone: arrows, Enter, Esc, and back where one was', () =>
    on(view(), async ({ page }) => {
      await rows(page).first().waitFor();
      await rows(page).first().focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Entry GX2-000003' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      assert.equal(await page.evaluate(() => document.activeElement?.ariaRowIndex), '4');
      await page.keyboard.press('End');
      await page.waitForFunction(() => document.activeElement?.ariaRowIndex === '5');
      await filter(page, 'queued');
      await rows(page).first().focus();
      await page.keyboard.press('End');
      await page.waitForFunction(() => document.activeElement?.ariaRowIndex === '201');
    }));

  test('offers nothing to press without contact, and says where there is nothing', () =>
    on(view({ outbox: { ...counts, conflict: 0, quarantined: 0 } }), async ({ page }) => {
      await filter(page, 'sending');
      await page.getByText(en.outbox.none.sending).waitFor();
      await page.evaluate(() => window.gallery.lose());
      await page.waitForFunction(
        () => document.querySelector<HTMLButtonElement>('.drain-actions button')?.disabled,
      );
    }));

  const scenes: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
    list: page => rows(page).first().waitFor(),
    waiting: async page => {
      await filter(page, 'queued');
      await rows(page).nth(8).waitFor();
    },
    debt: async page => {
      await filter(page, 'debt');
      await rows(page).first().waitFor();
    },
    nothing: async page => {
      await filter(page, 'sending');
      await page.locator('.nothing h2').waitFor();
    },
    desk: async page => {
      await rows(page).nth(1).click();
      await page.locator('.desk-choices').waitFor();
    },
    decision: async page => {
      await rows(page).nth(1).click();
      await page.locator('.desk-choice').nth(2).click();
      await page.locator('.act').waitFor();
    },
    pause: async page => {
      await page.locator('.drain-actions .button').first().click();
      await page.locator('.act').waitFor();
    },
  };
  const small = { width: 1280, height: 800 };
  const large = { width: 1920, height: 1080 };
  for (const [language, theme, size, looksAt] of [
    ['en', 'dark', small, 'axe finds nothing, '],
    ['ko', 'light', small, 'axe finds nothing, '],
    ['ko', 'dark', large, ''],
    ['en', 'light', large, ''],
  ] as const)
    test(`${language} ${theme} ${size.width}: ${looksAt}every target is 44 px, nothing is cut off`, async () => {
      const { network: reason } = catalogues[language].outbox.pauseDialog.reasons;
      const paused = { since: Date.now() - 600_000, reason: `${reason} `.repeat(12).trim() };
      await on(
        view(),
        async at => {
          const { page } = at;
          for (const [name, lead] of Object.entries(scenes)) {
            await at.show(view(name === 'debt' ? { outbox: { ...counts, paused } } : {}));
            await lead(page);
            if (looksAt !== '') await findsNothing(at, name);
            assert.deepEqual(await page.evaluate(smallOrCut), [], name);
            if ((await page.locator('dialog[open]').count()) > 0) await page.keyboard.press('Escape');
            await page.locator('dialog[open]').waitFor({ state: 'detached' });
            await filter(page, 'conflict');
          }
        },
        { language, theme, size },
      );
    });

  test('orders the certificate debt by age, and a row says why', () =>
    on(view(), async ({ page }) => {
      await filter(page, 'debt');
      await rows(page).nth(3).waitFor();
      assert.deepEqual(await serials(page), ['GX2-004200', 'GX2-004210', 'GX2-004220', 'GX2-004230']);
      await rows(page).filter({ hasText: 'revoked' }).press('Enter');
      await page
        .getByRole('dialog')
        .getByText('certificate 2a31 was revoked on 2026-11-19 (keyCompromise)')
        .waitFor();
    }));
});

/** In the page: targets under 44 CSS pixels, and words that do not fit their place. */
function smallOrCut(): string[] {
  const within = document.querySelector('dialog[open]') ?? document.querySelector('.outbox')!;
  const small = [...within.querySelectorAll('button, input, [role=row][tabindex]')]
    .filter(
      element => element.getBoundingClientRect().height < 44 || element.getBoundingClientRect().width < 44,
    )
    .map(element => `small: ${element.textContent}`);
  const cut = [
    ...within.querySelectorAll('button, h2, h3, p, dd, dt, th, td, .long-table-cell, [role=columnheader]'),
  ]
    .filter(element => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
    .map(element => `cut: ${element.textContent}`);
  const panel = document.querySelector('.drain-panel')!;
  const spills = panel.scrollHeight > panel.clientHeight + 1 ? ['spills: the panel of the drain'] : [];
  const sideways =
    document.documentElement.scrollWidth > window.innerWidth ? ['the page scrolls sideways'] : [];
  return [...small, ...cut, ...spills, ...sideways];
}
