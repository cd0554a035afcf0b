/** The Backup screen and the page of a stopped station on a fake one: what they show, ask and offer, and that everything can be hit and read. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright';
import type { StopView } from '../../src/api/contract.ts';
import { missing } from '../parts.ts';
import { fakeBackups, fakeRestored } from './gallery/fake-backup.ts';
import { signedIn } from './gallery/fake-session.ts';
import { everyStateOf } from './gallery/scenes.ts';
import { type GalleryPage, type GalleryPages, openGallery, type PageOptions } from './gallery-page.ts';
import { holdsUp } from './page-checks.ts';

const words = { en: 'Copies of the station', ko: '스테이션 사본' };
const stoppedBy = (code: string): StopView => ({
  name: 'Station 07',
  state: 'stopped',
  failure: { code, detail: 'ledger.sqlite: database disk image is malformed' },
  backups: fakeBackups,
  folder: '/mnt/backup',
  restore: 'pin',
  canEnd: true,
});

describe('the Backup screen', { skip: missing('chromium') }, () => {
  let gallery: GalleryPages;
  before(async () => {
    gallery = await openGallery();
  });
  after(() => gallery?.close());

  async function open(
    language: 'en' | 'ko' = 'en',
    options: PageOptions = {},
    who = signedIn('mina', 'pin'),
  ): Promise<GalleryPage> {
    const opened = await gallery.open(everyStateOf(4, { who }), { language, ...options });
    const { page } = opened;
    await page.keyboard.press('F10');
    await page.locator('.menu-place', { hasText: words[language] }).click();
    await page.locator('.backup .long-table').waitFor();
    return opened;
  }
  const asked = async (at: GalleryPage, name: string) =>
    (await at.calls())
      .filter(call => call === name || call.startsWith(`${name} `))
      .map(call => JSON.parse(call.slice(name.length) || 'null'));
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const hold = (page: Page, held: boolean) => page.evaluate(given => window.gallery.holdBackup(given), held);
  const showStop = (page: Page, stop: StopView) => page.evaluate(view => window.gallery.showStop(view), stop);

  it('S4 backs up now with its progress, cancels, and says what became of one that is verified anew', async () => {
    const opened = await open();
    const { page } = opened;
    await hold(page, true);
    await press(page, 'Back up now');
    await page.getByRole('progressbar', { name: /^Copying the ledger|^Reading back/ }).waitFor();
    await press(page, 'Cancel');
    await page.getByText('Cancelled. Nothing of it was left behind.').waitFor();
    await hold(page, false);
    await press(page, 'Back up now');
    await page.getByText('Backed up and verified').waitFor();
    await page.getByText('1 older one was taken away').waitFor();
    await page.locator('[data-row="0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Verify this one' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('It is not what the station wrote.').waitFor();
    await page.getByText('Damaged', { exact: true }).waitFor();
    assert.deepEqual(await asked(opened, 'verifyBackup'), [{ name: fakeBackups[0]!.name }]);
    await page.locator('[data-row="1"]').click();
    assert.ok(await page.getByRole('button', { name: 'Go on from this one' }).isDisabled());
    assert.deepEqual(opened.complaints, []);
    await opened.close();
  });

  it('S1 goes on from one for a supervisor alone, with reason and PIN', async () => {
    const opened = await open('en', {}, signedIn('choi', 'pin'));
    const { page } = opened;
    await page.locator('[data-row="0"]').click();
    await press(page, 'Go on from this one');
    await press(page, 'Disk was replaced');
    const go = page.getByRole('button', { name: 'Go on from this one' });
    assert.ok(await go.isDisabled());
    await opened.scan('B-0001');
    await page.getByRole('textbox', { name: 'PIN' }).fill('111222');
    await go.click();
    await page.getByText('Check both and try again.').waitFor();
    await page.getByRole('textbox', { name: 'PIN' }).fill('240817');
    await hold(page, true);
    await go.click();
    await page.getByRole('progressbar', { name: /The station goes on until that is done/ }).waitFor();
    await hold(page, false);
    await page.getByText('The station ends now, and comes back.').waitFor();
    const act = { name: fakeBackups[0]!.name, reason: 'Disk was replaced' };
    assert.deepEqual(await asked(opened, 'restoreBackup'), [
      { ...act, by: { badge: 'B-0001', pin: '111222' } },
      { ...act, by: { badge: 'B-0001', pin: '240817' } },
    ]);
    // A damaged one is found before anything ends.
    await page.locator('[data-row="1"]').click();
    await press(page, 'Go on from this one');
    await press(page, 'Disk was replaced');
    await opened.scan('B-0001');
    await page.getByRole('textbox', { name: 'PIN' }).fill('240817');
    await go.click();
    await page.getByText('It was not restored. The station goes on as it was.').waitFor();
    await page.getByRole('alert').getByText('The backup is damaged').waitFor();
    await press(page, 'Open Settings');
    await page.locator('.settings-form').waitFor();
    await opened.close();
    const operator = await gallery.open(everyStateOf(4, { who: signedIn('park', 'badge') }));
    await operator.page.keyboard.press('F10');
    assert.equal(await operator.page.locator('.menu-place', { hasText: words.en }).count(), 0);
    await operator.close();
  });

  it('tells of a schedule that fails at every screen’s foot, and what to do behind it', async () => {
    const trouble = { kind: 'failed', good: Date.UTC(2026, 10, 22, 3, 30) } as const;
    const opened = await gallery.open({ ...everyStateOf(4), backup: trouble });
    const { page } = opened;
    await page.locator('.foot-connection', { hasText: 'The last backup failed' }).click();
    await page.getByRole('dialog').getByText('Tell a supervisor: F10, Backup.').waitFor();
    await page.keyboard.press('Escape');
    await opened.close();
  });

  it('S4 says why the station stopped, goes on from a backup there, and what is missing', async () => {
    const opened = await open();
    const { page } = opened;
    await showStop(page, stoppedBy('corrupt'));
    await page.getByRole('heading', { name: 'The ledger is damaged' }).waitFor();
    await page.locator('[data-row="0"]').focus();
    await page.keyboard.press('Enter');
    await opened.scan('B-0001');
    await page.getByRole('textbox', { name: 'PIN' }).fill('240817');
    await press(page, 'Ledger is damaged');
    await press(page, 'Go on from this one');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const by = { badge: 'B-0001', pin: '240817' };
    assert.deepEqual(await asked(opened, 'restoreStopped'), [
      { name: fakeBackups[0]!.name, reason: 'Ledger is damaged', by },
    ]);
    await showStop(page, { state: 'restored', report: fakeRestored });
    await page.getByText('57 log entries are missing').waitFor();
    await page.getByText('Entries 12,345 to 12,401 of station-5a1c09e2b7/log-77d3c10f4e').waitFor();
    await press(page, 'Start the station');
    assert.equal((await asked(opened, 'openAgain')).length, 1);
    // What no backup mends offers none.
    await showStop(page, { ...stoppedBy('full'), backups: [], restore: 'nobody' } as StopView);
    await page.getByText('Call an engineer to make room, then try again.').waitFor();
    assert.equal(await page.getByText('keyline restore').count(), 0);
    await press(page, 'End Keyline');
    assert.equal((await asked(opened, 'endStopped')).length, 1);
    await showStop(page, stoppedBy('restored-unopened'));
    await page.getByRole('heading', { name: 'Restored, but it cannot start' }).waitFor();
    await showStop(page, stoppedBy('what-nobody-knew'));
    await page.getByText('It reports “what-nobody-knew”.').waitFor();
    await page.evaluate(() => {
      window.gallery.openAgain = async () => ({ ok: false, code: 'not-stopped' });
    });
    await press(page, 'Try again');
    await page.getByText('It is under way already').waitFor();
    assert.deepEqual(opened.complaints, []);
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
      await page.evaluate(() => window.gallery.restoredOnce());
      await page.locator('.state-pane .button-main').click();
      await page.locator('.work-good').waitFor();
      await page.locator('.restored').waitFor();
      await look('made, and restored before');
      await showStop(page, {
        ...stoppedBy('ledger-missing'),
        restoreFailure: { code: 'sign-in-locked', detail: 'too many', waitMs: 30_000 },
      } as StopView);
      await page.locator('.stop-backups').waitFor();
      await look('stopped');
      await showStop(page, { state: 'restored', report: fakeRestored });
      await look('restored');
      await opened.close();
    }
  });
});
