/** The Settings screen in a real Chromium, on a station in the page: what it shows, asks and never loses. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { missing } from '../parts.ts';
import { signedIn } from './gallery/fake-session.ts';
import { everyStateOf } from './gallery/scenes.ts';
import { type GalleryPage, type GalleryPages, openGallery, type PageOptions } from './gallery-page.ts';
import { cutTexts, findsNothing, smallTargets } from './page-checks.ts';

describe('the Settings screen', { skip: missing('chromium') }, () => {
  let gallery: GalleryPages;
  before(async () => {
    gallery = await openGallery();
  });
  after(() => gallery.close());

  const on = (body: (at: GalleryPage) => Promise<void>, options?: PageOptions) =>
    gallery.on(
      everyStateOf(4, { who: signedIn('choi', 'pin') }),
      async at => {
        await at.page.keyboard.press('F10');
        await at.page.locator('.menu button', { hasText: /^(?:Settings|설정)/ }).press('Enter');
        await at.page.locator('.settings-form input:enabled').first().waitFor();
        await body(at);
      },
      options,
    );
  const section = ({ page }: GalleryPage, name: string) =>
    page.locator('.settings-sections').getByRole('button', { name }).click();
  const field = ({ page }: GalleryPage, name: string) =>
    page.locator('.setting > input').and(page.getByLabel(name, { exact: true }));
  const save = ({ page }: GalleryPage) => page.locator('.header-actions .button-main');
  /** The changes in the dialog, as they are read. */
  const changed = ({ page }: GalleryPage) =>
    page.locator('.setting-changes > li').evaluateAll(rows =>
      rows.map(row => {
        const [what, ...values] = [...row.querySelectorAll('b, .setting-before, .setting-after')];
        return `${what?.textContent}: ${values.map(value => value.textContent).join(' → ')}`;
      }),
    );
  const option = ({ page }: GalleryPage, name: string, choice: string) =>
    page
      .getByRole('group', { name, exact: true })
      .locator('.button', { hasText: new RegExp(`^${choice}$`) })
      .click();
  /** What was saved. */
  const savedBy = async (at: GalleryPage) => {
    await at.page.keyboard.press('Enter');
    await at.page.getByText('Saved.').waitFor();
    const saved = (await callsOf(at, 'saveSettings')).at(-1)!;
    return JSON.parse(saved.slice(saved.indexOf('{'))).settings;
  };
  const callsOf = async (at: GalleryPage, name: string) =>
    (await at.calls()).filter(call => call.startsWith(`${name} `));

  it('says what changes before it is saved, and saves all of it at once', () =>
    on(async at => {
      assert.ok(await save(at).isDisabled());
      await field(at, 'Line').fill('Line 9');
      await section(at, 'Products');
      await field(at, 'Target an hour').fill('60');
      await save(at).click();
      assert.deepEqual(await changed(at), [
        'Line: Line 3 → Line 9',
        'Product Gateway GX-2 · Target an hour: 45 → 60',
      ]);
      assert.equal((await callsOf(at, 'saveSettings')).length, 0);
      await at.page.keyboard.press('Enter');
      await at.page.getByText('Saved.').waitFor();
      const [saved, ...more] = await callsOf(at, 'saveSettings');
      assert.deepEqual(more, []);
      const { settings } = JSON.parse(saved!.slice(saved!.indexOf('{')));
      assert.equal(settings.station.line, 'Line 9');
      assert.equal(settings.products[0].targetPerHour, 60);
      assert.ok(await save(at).isDisabled());
    }));

  it('leads from field to field by Enter, too', () =>
    on(async at => {
      const { page } = at;
      await field(at, 'Line').focus();
      await page.keyboard.press('Enter');
      const next = () => page.evaluate(() => document.activeElement?.id);
      assert.equal(await next(), await field(at, 'Station').getAttribute('id'));
      await page.keyboard.type('Station 99', { delay: 130 });
      assert.equal(await field(at, 'Station').inputValue(), 'Station 99');
      await page.keyboard.press('Enter');
      assert.notEqual(await next(), await field(at, 'Station').getAttribute('id'));
    }));

  it('shows what the station finds wrong beside its field, and saves nothing with it', () =>
    on(async at => {
      await section(at, 'Products');
      await field(at, 'Serial pattern').fill('GX2-(');
      await at.page.getByText('No regular expression: Unterminated group').waitFor();
      assert.equal(await field(at, 'Serial pattern').getAttribute('aria-invalid'), 'true');
      assert.ok(await save(at).isDisabled());
      await at.page.getByRole('button', { name: 'Take back' }).click();
      assert.equal(await field(at, 'Serial pattern').inputValue(), 'GX2-\\d{6}');
      await at.page.getByText('Nothing is changed').waitFor();
    }));

  it('loses nothing where somebody else changed the settings meanwhile', () =>
    on(async at => {
      await field(at, 'Station').fill('Station 99');
      await save(at).click();
      await at.page.evaluate(() => window.gallery.changeSettings());
      await at.page.keyboard.press('Enter');
      await at.page.getByText('Somebody else changed the settings meanwhile').first().waitFor();
      await at.page.keyboard.press('Escape');
      assert.equal(await field(at, 'Station').inputValue(), 'Station 99');
      assert.ok(await save(at).isDisabled());
      await at.page.getByRole('button', { name: 'Load theirs' }).click();
      await at.page.locator('.settings-outdated').waitFor({ state: 'detached' });
      assert.equal(await field(at, 'Station').inputValue(), 'Station 07');
    }));

  it('gives a scan to a field that takes one, and to no other', () =>
    on(async at => {
      await field(at, 'Line').focus();
      await at.scan('GX2-000018');
      assert.equal(await field(at, 'Line').inputValue(), 'Line 3');
      await section(at, 'Products');
      await field(at, 'Try a serial').fill('GX2-1');
      await at.scan('GX2-000018');
      assert.equal(await field(at, 'Try a serial').inputValue(), 'GX2-000018');
      await at.page.getByText('The product takes this serial.').waitFor();
      assert.match(await at.page.locator('.setting-preview pre').innerText(), /"serial": "GX2-000018"/);
      await field(at, 'Try a serial').blur();
      await at.scan('GX2-000019');
      assert.equal(await field(at, 'Try a serial').inputValue(), 'GX2-000018');
    }));

  it('tests a fixture as it stands in the form, and says what to do where nothing answers', () =>
    on(async at => {
      await section(at, 'Fixtures');
      await field(at, 'Device file').fill('/dev/tpmrm1');
      await at.page.getByRole('button', { name: 'Test', exact: true }).click();
      await at.page.getByText('Infineon SLB9672').waitFor();
      const [tested] = await callsOf(at, 'testFixture');
      assert.match(tested!, /device:\/dev\/tpmrm1/);
      await at.page.getByRole('button', { name: '2 · F-02' }).click();
      assert.equal(await field(at, 'User').inputValue(), 'line');
      await at.page.getByRole('button', { name: 'Test', exact: true }).click();
      await at.page.locator('.setting-test .attention').waitFor();
      await at.page.getByRole('button', { name: '4 · 4' }).click();
      await at.page.getByText('A command, set in keyline.json').waitFor();
    }));

  it('adds, orders and removes fixtures, each with a bridge by its carrier', () =>
    on(async at => {
      await section(at, 'Fixtures');
      await at.page.getByRole('button', { name: '+ Add a fixture' }).click();
      await at.page.waitForFunction(
        name => document.activeElement === document.getElementById(name),
        (await field(at, 'Name').getAttribute('id'))!,
      );
      await at.page.locator('.setting-options').getByText('SSH', { exact: true }).click();
      await field(at, 'User').fill('line');
      await field(at, 'Host').fill('10.0.0.25');
      await at.page.getByRole('button', { name: 'Up', exact: true }).click();
      await at.page.getByRole('button', { name: '1 · F-01' }).click();
      await at.page.getByRole('button', { name: 'Remove', exact: true }).click();
      await save(at).click();
      assert.deepEqual(await changed(at), [
        'Fixture F-01 removed: Bridge: device:/dev/tpmrm0',
        'Fixture 5 added: Bridge: ssh:line@10.0.0.25',
      ]);
      const settings = await savedBy(at);
      assert.deepEqual(
        settings.fixtures.map((each: { id: string; bridge: string }) => `${each.id} ${each.bridge}`),
        ['2 ssh:line@10.0.0.21', '3 swtpm:host=127.0.0.1,port=2321', '5 ssh:line@10.0.0.25', '4 cmd:…'],
      );
    }));

  it('says in both languages what came, went, moved and became another', () =>
    on(
      async at => {
        await section(at, '지그');
        await at.page.getByRole('button', { name: '2 · F-02' }).click();
        await at.page.getByRole('button', { name: '위로' }).click();
        await section(at, '제품');
        await at.page.getByRole('button', { name: /GX-3/ }).click();
        await option(at, 'IoT Edge', 'IoT Edge 아님');
        await option(at, '다시 등록할 때', '기존 허브 유지');
        await save(at).click();
        assert.deepEqual(await changed(at), [
          '지그 순서: F-01, F-02, F-03, 4 → F-02, F-01, F-03, 4',
          '제품 Gateway GX-3 · IoT Edge: 기본값대로 → IoT Edge 아님',
          '제품 Gateway GX-3 · 다시 등록할 때: 기본값대로 → 기존 허브 유지',
        ]);
      },
      { language: 'ko' },
    ));

  it('keeps shifts and reference units: one more, one less, and in its own words what is no time', () =>
    on(async at => {
      await section(at, 'Shifts');
      await at.page.getByRole('button', { name: '+ Add a shift' }).click();
      const fourth = at.page.getByRole('textbox', { name: 'Shifts begin at 4' });
      assert.ok(await fourth.evaluate(field => field === document.activeElement));
      await fourth.fill('6 pm');
      await at.page.getByText('A time on a quarter of an hour is needed').waitFor();
      assert.ok(await save(at).isDisabled());
      await at.page.getByRole('button', { name: 'Remove: Shifts begin at 4' }).click();
      await at.page.getByRole('textbox', { name: 'Shifts begin at 3' }).fill('23:00');
      assert.deepEqual(await at.page.locator('.setting-shifts span').allInnerTexts(), ['8 h', '9 h', '7 h']);
      await at.page.getByRole('button', { name: '+ Add a reference unit' }).click();
      await at.page.getByText('A value is missing.').waitFor();
      await at.scan('GX2-900002');
      await option(at, 'Without a check that holds', 'Require');
      await save(at).click();
      assert.deepEqual(await changed(at), [
        'Shifts begin at: 06:00, 14:00, 22:00 → 06:00, 14:00, 23:00',
        'Reference units: GX2-900001 → GX2-900001, GX2-900002',
        'Without a check that holds: Tests them → Require',
      ]);
      await at.page.keyboard.press('Escape');
      for (const unit of [2, 1])
        await at.page.getByRole('button', { name: `Remove: Reference unit ${unit}` }).click();
      await save(at).click();
      const { station } = await savedBy(at);
      assert.deepEqual([station.shifts, station.goldenCheck], [['06:00', '14:00', '23:00'], undefined]);
    }));

  it('takes a twin as JSON, says where it is none, and shows it in what DPS would be sent', () =>
    on(async at => {
      await section(at, 'Products');
      const tags = at.page.getByLabel('Twin: tags');
      await field(at, 'Try a serial').fill('GX2-000018');
      await tags.fill('{ "line": "3" "cell": 4 }');
      await at.page.getByText('No JSON at line 1, column 15.').waitFor();
      assert.ok(await save(at).isDisabled());
      await tags.fill('{ "line": "3", "cell": 4 }');
      await at.page.locator('.setting-preview pre', { hasText: '"cell": 4' }).waitFor();
      // Neither a scan nor the Enter behind it goes into it; what a hand types stays.
      await at.scan('GX2-000019');
      assert.equal(await tags.inputValue(), '{ "line": "3", "cell": 4 }');
      // A fast hand's Enter breaks the line, although three fast characters before it look like a scan.
      await tags.press('End');
      await tags.pressSequentially('   ', { delay: 70 });
      await tags.press('Enter');
      assert.equal(await tags.inputValue(), '{ "line": "3", "cell": 4 }   \n');
      // So does a slow one's.
      await tags.press('End');
      await tags.pressSequentially('abcd', { delay: 130 });
      await tags.press('Enter');
      assert.equal(await tags.inputValue(), '{ "line": "3", "cell": 4 }   \nabcd\n');
      await tags.fill('{ "line": "3", "cell": 4 }');
      await option(at, 'IoT Edge', 'IoT Edge');
      await at.page.getByRole('button', { name: '+ Add a hub' }).click();
      await at.page.getByRole('textbox', { name: 'IoT hubs 2' }).fill('plant-02.azure-devices.net');
      await at.page.locator('.setting-preview pre', { hasText: 'plant-02' }).waitFor();
      await save(at).click();
      const [product] = (await savedBy(at)).products;
      assert.deepEqual(product.initialTwin, { tags: { line: '3', cell: 4 } });
      assert.deepEqual(product.capabilities, { iotEdge: true });
      assert.equal(product.iotHubs.length, 2);
    }));

  it('§5 leaves a command of the file for a place and takes it again, and never shows one', () =>
    on(async at => {
      const own = 'The unit’s own serial';
      await section(at, 'Products');
      await option(at, own, 'Device tree');
      await option(at, 'Where it gives none', 'Warn');
      await save(at).click();
      assert.deepEqual(await changed(at), [
        `Product Gateway GX-2 · ${own}: Command of keyline.json → Device tree, Warn`,
      ]);
      await at.page.keyboard.press('Escape');
      await option(at, own, 'Command of keyline\\.json');
      await save(at).click();
      const [product] = (await savedBy(at)).products;
      assert.deepEqual(product.dutSerial, { command: '…', unread: 'warn' });
    }));

  it('S1 lets one choose among the folders of the file, and type none', () =>
    on(async at => {
      await section(at, 'Backups and audit');
      assert.equal(
        await at.page.locator('.settings-form input[type=text], .settings-form input.mono').count(),
        1,
      );
      await option(at, 'Backups go to', 'Auditor’s stick');
      await option(at, 'Witnesses', 'Plant share');
      await field(at, 'A checkpoint every, hours').fill('4');
      await save(at).click();
      assert.deepEqual(await changed(at), [
        'Witnesses: None → Plant share',
        'A checkpoint every, hours: default → 4',
        'Backups go to: Plant share → Auditor’s stick',
      ]);
    }));

  it('S2 takes a key unseen, and has nothing of it on the screen afterwards', () =>
    on(async at => {
      await section(at, 'DPS');
      await at.page.getByRole('button', { name: 'Set a key' }).click();
      assert.equal(await field(at, 'Connection string').getAttribute('type'), 'password');
      await field(at, 'Connection string').fill('nonsense');
      await at.page.getByRole('button', { name: 'Keep this key' }).click();
      await at.page.locator('.setting-group .attention').waitFor();
      assert.equal(await field(at, 'Connection string').inputValue(), '');
      await field(at, 'Connection string').fill('HostName=h;SharedAccessKeyName=k;SharedAccessKey=c2VjcmV0');
      await at.page.getByRole('button', { name: 'Keep this key' }).click();
      await at.page.getByText('The key is kept.').waitFor();
      assert.doesNotMatch(await at.page.content(), /c2VjcmV0/);
      await at.page.getByRole('button', { name: 'Test the connection' }).click();
      const write = at.page.locator('.setting-check[data-state="bad"]');
      await write.waitFor();
      assert.match(await write.innerText(), /EnrollmentWrite/);
    }));

  it('keeps the trust store: a file more, a file less, and why one cannot be used', () =>
    on(async at => {
      await section(at, 'Trust store');
      await at.page.getByText('Neither PEM nor a DER certificate.').waitFor();
      const picker = at.page.locator('input[type=file]');
      await picker.setInputFiles({ name: 'big.pem', mimeType: 'text/plain', buffer: Buffer.alloc(40_000) });
      await at.page.getByText('Far larger than any list of certificates.').waitFor();
      await picker.setInputFiles({ name: 'maker.pem', mimeType: 'text/plain', buffer: Buffer.from('PEM') });
      await at.page.getByText('maker.pem is in the trust store.').waitFor();
      await at.page.getByRole('button', { name: 'Remove: readme.txt' }).click();
      await at.page.keyboard.press('Enter');
      await at.page.getByText('readme.txt was removed.').waitFor();
      assert.equal(await at.page.getByRole('button', { name: 'Remove: readme.txt' }).count(), 0);
    }));

  for (const [size, language, theme] of [
    [{ width: 1280, height: 800 }, 'ko', 'light'],
    [{ width: 1920, height: 1080 }, 'en', 'dark'],
  ] as const)
    it(`has nothing that axe complains of, no cut text and no small target: ${language}, ${theme}`, () =>
      on(
        async at => {
          for (const index of [0, 1, 2, 3, 4, 5, 6]) {
            await at.page.locator('.settings-sections .button').nth(index).click();
            await at.page.locator('.settings-form h2').waitFor();
            if (index === 4) await at.page.locator('.setting-group .button').first().click();
            // Each section once, in one of the two.
            if ((index % 2 === 0) === (theme === 'light')) await findsNothing(at);
            assert.deepEqual(await cutTexts(at), []);
            assert.deepEqual(await smallTargets(at), []);
          }
        },
        { size, language, theme },
      ));
});
