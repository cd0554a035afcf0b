/** The frame around every screen, in real Chromium: lock, sign-in, menu, People; on a session that answers but decides nothing. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { en } from '../../renderer/messages/en.ts';
import { ko } from '../../renderer/messages/ko.ts';
import type { StationView } from '../../src/api/contract.ts';
import { missing } from '../parts.ts';
import { armed, decided, everyStateOf, idle, running, stationWith } from './gallery/scenes.ts';
import { type GalleryPage, type GalleryPages, openGallery } from './gallery-page.ts';
import { findsNothing, holdsUp } from './page-checks.ts';

const skip = missing('chromium');
const locked = { who: { state: 'locked' } } as const;
const mina = {
  who: { state: 'signed-in', id: 'mina', name: 'Kim Mina', role: 'supervisor', proof: 'pin' },
} as const;
const park = {
  who: { state: 'signed-in', id: 'park', name: '박지훈', role: 'operator', proof: 'badge' },
} as const;
const minaPin = '240817';

describe('the frame', { skip }, () => {
  let gallery: GalleryPages;
  before(async () => {
    gallery = await openGallery();
  });
  after(() => gallery.close());

  const on: GalleryPages['on'] = (...asked) => gallery.on(...asked);
  const open = (at: GalleryPage) => at.page.locator('.header:not([data-locked])').waitFor();
  const typed = (at: GalleryPage, text: string) => at.page.keyboard.type(text, { delay: 130 });

  test('S4 a fault in a screen leaves no empty window: it says that it connects, and begins anew', async () => {
    const at = await gallery.open(stationWith([idle(1)]), { ownClock: true });
    try {
      await at.page.clock.install();
      await at.page.evaluate(() => {
        const { view } = window.gallery.state();
        window.gallery.show({ ...view!, fixtures: null as never });
      });
      await at.page.getByRole('alert').getByText(en.connecting).waitFor();
      const loaded = at.page.waitForEvent('load');
      await at.page.clock.fastForward(2_000);
      await loaded;
      await at.page.locator('.screen').waitFor();
    } finally {
      await at.close();
    }
  });

  describe('a locked window', () => {
    test('shows every tile and every new verdict, and nothing that could be done', () =>
      on(everyStateOf(4, locked), async at => {
        await at.page.locator('.header').getByText(en.lock.title, { exact: true }).waitFor();
        await at.page.getByText('PASS', { exact: true }).waitFor();
        assert.equal(await at.page.locator('.tile button:enabled, .header-place button:enabled').count(), 0);
        for (const key of ['F1', 'F9', 'F10', '1', 'Escape']) await at.page.keyboard.press(key);
        await at.show(stationWith([idle(1), armed(2), decided(3, 'failed', 'bridge-closed')], locked));
        await at.page.getByText('FAIL', { exact: true }).waitFor();
        await at.page.getByText(en.tile.free, { exact: true }).waitFor();
        assert.equal(await at.page.getByRole('dialog').count(), 0);
        assert.deepEqual(await at.calls(), []);
      }));

    test('opens to a badge, takes no serial for one, and says so', () =>
      on(stationWith([idle(1)], locked), async at => {
        await at.scan('SN-1');
        await at.page.getByRole('alert').getByText(en.access['sign-in-refused'].title).waitFor();
        await at.page.keyboard.press('Escape');
        await at.page.getByRole('alert').waitFor({ state: 'detached' });
        await at.scan('B-0002');
        await open(at);
        await at.page.locator('.header-person').getByText('박지훈').waitFor();
        assert.deepEqual(await at.calls(), ['signIn {"badge":"SN-1"}', 'signIn {"badge":"B-0002"}']);
      }));

    test('opens to id and PIN by keyboard alone, however fast the PIN is typed', () =>
      on(stationWith([idle(1)], locked), async at => {
        await at.page.keyboard.press('Enter');
        await at.page.getByRole('dialog', { name: en.signIn.who }).waitFor();
        await typed(at, 'mina');
        await at.page.keyboard.press('Enter');
        await at.page.getByRole('group').waitFor();
        await at.scan(minaPin);
        await open(at);
        assert.deepEqual(await at.calls(), [`signIn {"id":"mina","pin":"${minaPin}"}`]);
        assert.equal(await at.page.getByRole('dialog').count(), 0);
      }));

    test('opens to touches alone; a PIN is never shown, and a wrong one says how long it locks', () =>
      on(stationWith([idle(1)], locked), async at => {
        await at.page.getByRole('button', { name: en.lock.signIn }).click();
        for (const key of 'MINA') await at.page.locator('.key', { hasText: key }).first().click();
        await at.page.getByRole('button', { name: en.signIn.next }).click();
        const key = (digit: string) => at.page.locator('.pin-pad .key', { hasText: digit }).click();
        for (let n = 0; n < 6; n += 1) await key('9');
        assert.doesNotMatch(await at.page.locator('.pin-dialog').innerText(), /999/);
        await at.page.getByRole('button', { name: en.signIn.take }).click();
        await at.page.getByText(en.access['sign-in-locked'].title).waitFor();
        await at.page.getByText(/in (2\d|30)\ss\b/).waitFor();
        for (const digit of minaPin) await key(digit);
        await at.page.getByRole('button', { name: en.signIn.take }).click();
        await open(at);
      }));

    test('a sign-in that is left alone closes, so that the tiles are seen', () =>
      on(
        stationWith([idle(1)], locked),
        async at => {
          await at.page.clock.install();
          await at.page.keyboard.press('Enter');
          await at.page.getByRole('dialog').waitFor();
          await at.page.clock.fastForward(60_000);
          await at.page.getByRole('dialog').waitFor({ state: 'detached' });
        },
        { ownClock: true },
      ));

    test('a badge whose role has more asks for the PIN and goes on without', () =>
      on(stationWith([idle(1)], locked), async at => {
        await at.scan('B-0001');
        await at.page.getByRole('dialog', { name: en.signIn.pin.replace('{{name}}', 'Kim Mina') }).waitFor();
        await at.page.keyboard.press('Escape');
        await at.page.locator('.header-person').getByText(en.role.operator).waitFor();
        await at.page.keyboard.press('F9');
        assert.equal(await at.page.locator('.people').count(), 0, 'a badge is an operator');
      }));
  });

  const prefixed = (view: StationView) => ({ ...view, station: { ...view.station, badgePrefix: 'B-' } });

  describe('handing over', () => {
    test('by badge from any screen and from an open field, where badges have a prefix; a serial stays one', () =>
      on(prefixed(stationWith([idle(1), idle(2)], mina)), async at => {
        await at.page.keyboard.press('F9');
        await at.page.locator('.people-table').waitFor();
        await at.page.keyboard.press('Escape');
        await at.page.locator('[data-fixture=f2] .button-whole').click();
        await at.scan('B-0002');
        await at.page.locator('.header-person').getByText('박지훈').waitFor();
        await at.page.getByRole('dialog').waitFor();
        await at.scan('SN-1');
        await at.page.locator('[data-fixture=f2].tile-armed').waitFor();
        const calls = await at.calls();
        assert.deepEqual(calls.slice(-2), [
          'signIn {"badge":"B-0002"}',
          'scan {"text":"SN-1","fixture":"f2"}',
        ]);
      }));

    test('F8 locks and closes what was open', () =>
      on(stationWith([idle(1), idle(2)], park), async at => {
        await at.scan('SN-1');
        await at.page.getByRole('dialog').waitFor();
        await at.page.keyboard.press('F8');
        await at.page.locator('.header[data-locked]').waitFor();
        await at.page.getByRole('dialog').waitFor({ state: 'detached' });
        assert.deepEqual((await at.calls()).at(-1), 'lock');
      }));
  });

  describe('from screen to screen', () => {
    test('the menu offers what the role may see; Esc leads back; a verdict elsewhere is told and leads there', () =>
      on(prefixed(stationWith([running(1)], mina)), async at => {
        await at.page.locator('.header-place button').click();
        await at.page.getByRole('navigation').getByText(en.screens.people.title, { exact: true }).click();
        await at.page.locator('.people-table').waitFor();
        await at.page.locator('.header-place').getByText(en.screens.people.title).waitFor();
        await at.show(prefixed(stationWith([decided(1, 'failed', 'bridge-closed')], mina)));
        await at.page.locator('.elsewhere').getByText('Fixture 1 · FAIL').waitFor();
        await findsNothing(at);
        await at.scan('SN-1');
        await at.page.getByRole('alert').getByText(en.notHere.title).waitFor();
        await at.page.keyboard.press('Escape');
        await at.page.keyboard.press('Escape');
        await at.page.locator('.tiles').waitFor();
        await at.show(stationWith([idle(1)], park));
        await at.page.keyboard.press('F10');
        const places = at.page.getByRole('navigation').getByRole('button');
        await places.first().waitFor();
        await at.page.keyboard.press('F9');
        await at.page.keyboard.press('F4');
        await at.page.locator('.header-place').getByText(en.screens.devices.title).waitFor();
        await at.page.locator('.menu').waitFor({ state: 'detached' });
        await at.page.keyboard.press('F10');
        await places.first().waitFor();
        assert.ok(!(await places.allInnerTexts()).some(text => text.includes(en.screens.people.title)));
      }));

    test('staff end the kiosk from the menu by PIN in place, where it can be ended and nothing is under test', () =>
      on(prefixed(stationWith([idle(1)], { ...park, canEnd: true })), async at => {
        const leave = () => at.page.getByRole('button', { name: en.leave.open }).first();
        await at.page.keyboard.press('F10');
        await leave().click();
        const dialog = at.page.getByRole('dialog', { name: en.leave.open });
        await at.show(prefixed(stationWith([running(1), running(2)], { ...park, canEnd: true })));
        await dialog.getByText(en.leave.running_other.replace('{{count}}', '2')).waitFor();
        await dialog.getByRole('button', { name: en.leave.reasons.update }).click();
        await at.scan('B-0001');
        await dialog.getByLabel(en.act.pin, { exact: true }).first().fill(minaPin);
        assert.equal(await dialog.locator('.button-main').isEnabled(), false);
        await at.show(prefixed(stationWith([idle(1)], { ...park, canEnd: true })));
        await dialog.locator('.button-main:enabled').click();
        await dialog.getByText(en.leave.ending).waitFor();
        assert.deepEqual(await at.calls(), [
          `leaveKiosk {"reason":"Update","by":{"badge":"B-0001","pin":"${minaPin}"}}`,
        ]);
        await at.page.keyboard.press('Escape');
        await at.show(prefixed(stationWith([idle(1)], park)));
        await at.page.keyboard.press('F10');
        await at.page.locator('.menu').waitFor();
        assert.equal(await leave().count(), 0);
      }));

    test('without people nobody signs in; production asks once for the first supervisor and can be put off', () => {
      const view = stationWith([idle(1)]);
      return on({ ...view, station: { ...view.station, rehearsal: false } }, async at => {
        await at.page.evaluate(() => location.reload());
        await at.page.locator('.screen').waitFor();
        await at.show({ ...view, station: { ...view.station, rehearsal: false } });
        await at.page.getByRole('dialog', { name: en.first.title }).waitFor();
        await at.page.keyboard.press('Escape');
        await at.page.getByRole('dialog').waitFor({ state: 'detached' });
        await at.page.getByRole('button', { name: en.first.none }).click();
        await at.page.getByLabel(en.people.name).fill('Kim Mina');
        await at.page.getByLabel(en.people.id, { exact: true }).fill('Mina!');
        await at.page.getByRole('button', { name: en.people.choosePin }).click();
        for (let twice = 0; twice < 2; twice += 1) {
          await at.page.getByRole('group', { name: twice ? en.pin.again : en.pin.new }).waitFor();
          await typed(at, minaPin);
          await at.page.keyboard.press('Enter');
        }
        await at.page.getByRole('button', { name: en.first.make }).last().click();
        await at.page.locator('.header-person').getByText('Kim Mina').waitFor();
        assert.deepEqual(await at.calls(), [
          `addFirstSupervisor {"id":"mina","name":"Kim Mina","pin":"${minaPin}"}`,
        ]);
      });
    });
  });

  describe('People', () => {
    const people = async (at: GalleryPage) => {
      await at.page.keyboard.press('F9');
      await at.page.locator('[data-person=park]').waitFor();
    };

    test('adds, gives a new PIN and removes; a badge goes to its place wherever the focus is', () =>
      on(stationWith([idle(1)], mina), async at => {
        await people(at);
        await at.page.getByLabel(en.people.id, { exact: true }).fill('jung');
        const name = at.page.getByLabel(en.people.name);
        await name.fill('정수빈');
        await name.focus();
        await at.scan('B-0009');
        await at.page.getByText(en.people.hasBadge, { exact: true }).waitFor();
        assert.equal(await name.inputValue(), '정수빈');
        await at.page.getByText(en.people.byBadge.replace('{{name}}', '정수빈')).waitFor();
        await at.page.getByRole('button', { name: en.people.add }).click();
        await at.page.locator('[data-person=jung]').waitFor();
        await at.page.locator('[data-person=jung]').getByText(en.people.remove).click();
        await at.page.getByRole('dialog').getByRole('button', { name: en.people.remove }).click();
        await at.page.locator('[data-person=jung]').waitFor({ state: 'detached' });
        await at.page.locator('[data-person=choi]').getByText(en.people.setPin).click();
        for (const pin of ['8063', '806319', '806318', '806319', '806319']) {
          await typed(at, pin);
          await at.page.keyboard.press('Enter');
          if (pin === '8063') await at.page.getByText(en.pin.weak).waitFor();
          if (pin === '806318') await at.page.getByText(en.pin.differs).waitFor();
        }
        await at.page.getByText(en.people.pinSet.replace('{{name}}', '최영희')).waitFor();
        const calls = (await at.calls()).filter(call => !call.startsWith('listPeople'));
        assert.deepEqual(calls, [
          'addPerson {"id":"jung","name":"정수빈","role":"operator","badge":"B-0009"}',
          'removePerson {"id":"jung"}',
          'setPersonPin {"id":"choi","pin":"806319"}',
        ]);
      }));

    test('tells a refusal in words and keeps the person', () =>
      on(stationWith([idle(1)], mina), async at => {
        await people(at);
        await at.page.locator('[data-person=mina]').getByText(en.people.remove).click();
        await at.page.getByRole('dialog').getByRole('button', { name: en.people.remove }).click();
        await at.page.getByText(en.personCard['last-supervisor'].title).waitFor();
        await at.page.keyboard.press('Escape');
        await at.page.locator('[data-person=mina]').waitFor();
      }));
  });

  for (const [theme, language, size] of [
    ['dark', 'en', { width: 1280, height: 800 }],
    ['light', 'ko', { width: 1920, height: 1080 }],
  ] as const)
    test(`every state passes axe, can be hit with a glove, and is not cut: ${theme}, ${language}, ${size.width}`, () =>
      on(
        everyStateOf(4, locked),
        async at => {
          const words = { en, ko }[language];
          const looks = (what: string) => holdsUp(at, what);
          await looks('locked');
          await at.page.getByRole('button', { name: words.lock.signIn }).click();
          await looks('who');
          await typed(at, 'mina');
          await at.page.keyboard.press('Enter');
          await at.page.locator('.pin-pad').waitFor();
          await typed(at, '999999');
          await at.page.keyboard.press('Enter');
          await at.page.locator('.pin-wait').waitFor();
          await looks('PIN');
          await at.page.keyboard.press('Escape');
          await at.show(everyStateOf(4, mina));
          await looks('signed in');
          await at.show(everyStateOf(4, { ...park, canEnd: true }));
          await at.page.keyboard.press('F10');
          await at.page.locator('.menu').waitFor();
          await looks('menu');
          await at.page.getByRole('button', { name: words.leave.open }).click();
          await at.page.locator('.act').waitFor();
          await looks('leave');
          await at.page.keyboard.press('Escape');
          await at.show(everyStateOf(4, mina));
          await at.page.locator('.header-person').click();
          await looks('person');
          await at.page.keyboard.press('Escape');
          await at.page.keyboard.press('F9');
          await at.page.locator('[data-person=park]').waitFor();
          await looks('people');
          await at.page.locator('[data-person=park]').getByText(words.people.remove).click();
          await looks('remove');
        },
        { theme, language, size },
      ));
});
