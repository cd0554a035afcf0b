/** The Audit screen in a real Chromium, on a log in the page: exporting, verifying, a checkpoint, a device's passport. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright';
import { missing } from '../parts.ts';
import { signedIn } from './gallery/fake-session.ts';
import { everyStateOf } from './gallery/scenes.ts';
import { type GalleryPage, type GalleryPages, openGallery, type PageOptions } from './gallery-page.ts';
import { findsNothing, holdsUp } from './page-checks.ts';

const words = { en: 'Audit', ko: '감사' } as const;

describe('the Audit screen', { skip: missing('chromium') }, () => {
  let gallery: GalleryPages;
  before(async () => {
    gallery = await openGallery();
  });
  after(() => gallery.close());

  async function open(
    language: keyof typeof words = 'en',
    options?: PageOptions,
    who = signedIn('lee', 'pin'),
  ): Promise<GalleryPage> {
    const opened = await gallery.open(everyStateOf(4, { who }), { language, ...options });
    const { page } = opened;
    await page.keyboard.press('F10');
    await page.locator('.menu-place', { hasText: words[language] }).click();
    await page.locator('.facts-close').waitFor();
    return opened;
  }
  const asked = async (at: GalleryPage, name: string) =>
    (await at.calls())
      .filter(call => call.startsWith(`${name} `))
      .map(call => JSON.parse(call.slice(name.length)));
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const exporting = (page: Page) => page.locator('.audit-run').click();

  it('A4 exports what was chosen to a folder by its name, and says what was written', async () => {
    const opened = await open();
    const { page } = opened;
    await page.getByLabel('From day').fill('2026-11-01');
    await page.getByLabel('To day').fill('2026-11-20');
    await page.locator('.choose-field .button').nth(2).click();
    await page.keyboard.type('wo-7', { delay: 150 });
    await press(page, 'Take this one');
    await exporting(page);
    await page.getByRole('progressbar', { name: 'Writing the export' }).waitFor();
    await page.getByText('400, and 11,945 as hashes').waitFor();
    await page.getByText('From the medium, byte for byte').waitFor();
    const day = (date: number) => new Date(2026, 10, date).getTime();
    assert.deepEqual(await asked(opened, 'runAudit'), [
      {
        kind: 'export',
        format: 'csv',
        folder: '감사용 USB 1',
        workOrder: 'wo-7',
        since: day(1),
        until: day(21),
      },
    ]);
    assert.deepEqual(opened.complaints, []);
    await opened.close();
  });

  it('says what to do where a medium is full, cancels, and asks a certificate for its work order', async () => {
    const opened = await open();
    const { page } = opened;
    await page.locator('.choose-field .button').nth(1).click();
    await press(page, '/2');
    await exporting(page);
    await page.getByText('Make room or choose another folder, then export again.').waitFor();
    await page.getByText('ENOSPC').waitFor();
    await exporting(page);
    await press(page, 'Cancel');
    await page.getByText('Cancelled. No file was left behind.').waitFor();
    await page.locator('.choose-field .button').first().click();
    await press(page, 'Certificate of a lot');
    assert.ok(await page.locator('.audit-run').isDisabled());
    await page.locator('.choose-field .button').nth(2).click();
    await opened.scan('WO-2026-0007');
    await exporting(page);
    const [, , certificate] = await asked(opened, 'runAudit');
    assert.deepEqual(certificate, {
      kind: 'certificate',
      workOrder: 'WO-2026-0007',
      folder: '/2',
      language: 'en',
    });
    await opened.close();
  });

  it('A3 verifies ledger and files by the keyboard, and names the first place that is wrong', async () => {
    const opened = await open();
    const { page } = opened;
    await press(page, 'Verify');
    await page.getByRole('button', { name: 'Verify this station’s ledger' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Witnessed', { exact: true }).waitFor();
    await page.getByText('That holds for the first 12,000 entries').waitFor();
    await page.locator('[data-row="0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText('First at entry 6. Line 9 of the file.').waitFor();
    await page.locator('[data-row="2"]').click();
    await page.getByText('it is of another station').waitFor();
    await page.locator('[data-row="3"]').click();
    await page
      .getByText('The log of 12,345 begins with the whole log of 12,000 entries, unchanged.')
      .waitFor();
    await page.getByText('Entries of the log').waitFor();
    assert.equal(await page.getByText('That holds for the first').count(), 0);
    assert.deepEqual(
      (await asked(opened, 'runAudit')).map(({ kind, file }) => [kind, file?.split('-')[0]]),
      [
        ['verify-ledger', undefined],
        ['verify-file', 'spoilt'],
        ['verify-file', 'other'],
        ['verify-file', 'proof'],
      ],
    );
    await page.locator('.choose-field .button').click();
    await press(page, '/2');
    await page.getByText('is not there, or does not answer').waitFor();
    await opened.close();
  });

  it('A2 makes a checkpoint, and shows it and the key to be photographed', async () => {
    const opened = await open();
    const { page } = opened;
    await page.getByText('All but 345 entries since').waitFor();
    await press(page, 'Make a checkpoint now');
    await page.getByText('The checkpoint is made').waitFor();
    await page.getByText('All entries').waitFor();
    for (const name of ['Photograph the checkpoint', 'Photograph the key']) {
      await press(page, name);
      const code = page.getByRole('dialog').getByRole('img');
      const { width, height } = (await code.boundingBox())!;
      assert.ok(width > 300 && Math.abs(width - height) < 1, `${width} x ${height}`);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await opened.close();
  });

  it('writes the passport of a device from its panel, for those who may', async () => {
    for (const [who, may] of [
      [signedIn('lee', 'pin'), true],
      [signedIn('park', 'badge'), false],
    ] as const) {
      const opened = await gallery.open(everyStateOf(4, { who }));
      const { page } = opened;
      await page.keyboard.press('F4');
      await page.locator('.devices-list [data-row="0"]').click();
      await page.locator('.device-serial').waitFor();
      const button = page.getByRole('button', { name: 'Passport' });
      assert.equal(await button.count(), may ? 1 : 0);
      if (may) {
        await button.click();
        await press(page, 'Write to 감사용 USB 1');
        await page.getByText('Written to 감사용 USB 1').waitFor();
        const [{ kind, device }] = await asked(opened, 'runAudit');
        assert.deepEqual([kind, device.slice(0, 7)], ['passport', 'device-']);
        await findsNothing(opened);
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        await page.locator('.device-serial').waitFor();
      }
      await opened.close();
    }
  });

  it('has nothing that axe complains of, no small target and no cut text, in both themes, languages and sizes', async () => {
    for (const [language, theme, size] of [
      ['ko', 'light', { width: 1280, height: 800 }],
      ['en', 'dark', { width: 1920, height: 1080 }],
    ] as const) {
      const opened = await open(language, { theme, size });
      const { page } = opened;
      const look = (what: string) => holdsUp(opened, what);
      await exporting(page);
      await page.locator('.work-good').waitFor();
      await look('exported');
      await page.locator('.audit-sides .button').nth(1).click();
      await page.locator('[data-row="1"]').click();
      await page.locator('.station-result .attention').waitFor();
      await look('a file that is not intact');
      await page.locator('.audit-log-acts .button').nth(1).click();
      await page.locator('.qr-code').waitFor();
      await look('QR code');
      await opened.close();
    }
  });
});
