/** The work order on the Station screen by scanner, keys and touch, and the last results; the screen alone, on a fake station. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { en } from '../../renderer/messages/en.ts';
import { ko } from '../../renderer/messages/ko.ts';
import { yieldFloor, yieldLine } from '../../renderer/station/yield-line.ts';
import type { StationView } from '../../src/api/contract.ts';
import { missing } from '../parts.ts';
import { orderOf } from './gallery/fake-orders.ts';
import { armed, everyStateOf, idle, stationWith, today } from './gallery/scenes.ts';
import { type GalleryPage, type GalleryPages, openGallery } from './gallery-page.ts';
import { cutTexts, findsNothing, smallTargets } from './page-checks.ts';

test('the yield’s axis begins at 90 % while all is well, and in steps of ten below what is lowest', () => {
  assert.equal(yieldFloor([]), 0.9);
  assert.equal(yieldFloor([1, null, 0.96]), 0.9);
  assert.equal(yieldFloor([1, 0.9]), 0.8);
  assert.equal(yieldFloor([0.45, 1]), 0.4);
  assert.equal(yieldFloor([0]), 0);
  const line = (shares: readonly (number | null)[]) =>
    yieldLine(
      shares,
      index => index,
      share => share,
    );
  assert.equal(line([1, 0.5, null, 1, null]), 'M0 1h0.01L1 0.5M3 1h0.01');
});

const longOrder = 'WO-2026-11-22-PLANT3-LINE7-GATEWAY-GX2-REVISION-B-LOT-00421';
const signedIn: NonNullable<StationView['who']> = {
  state: 'signed-in',
  id: 'kim',
  name: '남궁 민아 Park-Henderson',
  role: 'operator',
  proof: 'badge',
};

describe('the work order', { skip: missing('chromium') }, () => {
  let pages: GalleryPages;
  before(async () => {
    pages = await openGallery();
  });
  after(() => pages?.close());
  const on: GalleryPages['on'] = (...asked) => pages.on(...asked);
  const block = ({ page }: GalleryPage) => page.locator('.order-block');
  const ofOrders = async (at: GalleryPage) =>
    (await at.calls()).filter(call => /Order|Quantity/.test(call) && !call.startsWith('listWorkOrders'));
  const dialog = ({ page }: GalleryPage, title: string = en.order.title) =>
    page.getByRole('dialog', { name: title });

  test('stands in the header with its number and how far it is; a new one is scanned, and gets product and quantity by keys', () =>
    on(stationWith([armed(1), idle(2)], { workOrder: orderOf('WO-88213') }), async at => {
      const { page } = at;
      assert.match(await block(at).innerText(), /WO-88213/);
      assert.match(await block(at).innerText(), /310 of 500/);
      await at.scan('WO-90001');
      await dialog(at).getByText(en.order.productWhat).waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await dialog(at).getByText('A new order of Sensor S1').waitFor();
      await page.keyboard.type('207', { delay: 120 });
      await page.keyboard.press('Backspace');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.type('60', { delay: 120 });
      await page.keyboard.press('Enter');
      await dialog(at).waitFor({ state: 'detached' });
      assert.deepEqual((await ofOrders(at)).slice(1), [
        'openWorkOrder {"id":"WO-90001","product":"Sensor S1","quantity":20,"targetPerHour":60}',
      ]);
      assert.match(await block(at).innerText(), /WO-90001[\s\S]*0 of 20/);
      assert.match(await page.locator('.header-place').innerText(), /Sensor S1/);
      assert.match(await page.locator('.foot-pace').innerText(), /of 60\/h/);
    }));

  test('is chosen at once where it is open, after a word where it was closed, and refused where it is none', () =>
    on(stationWith([idle(1)]), async at => {
      const { page } = at;
      await page.keyboard.press('PageUp');
      await dialog(at).getByText(en.order.numberWhat).waitFor();
      await at.scan('x'.repeat(61));
      await dialog(at).getByText(en.orderCard['work-order-invalid'].title).waitFor();
      await at.scan('WO-88100');
      const archived = await dialog(at).locator('.archived').innerText();
      assert.match(archived, /^Archived .*: 1,012 entries .* in archive-\S+-WO-88100\.jsonl\.$/);
      assert.deepEqual(await cutTexts(at), []);
      await dialog(at).getByRole('button', { name: en.order.openAgain }).click();
      await dialog(at).waitFor({ state: 'detached' });
      await page.keyboard.press('PageUp');
      await dialog(at).getByRole('button', { name: en.order.other }).press('Enter');
      await dialog(at)
        .getByRole('button', { name: /WO-88214/ })
        .click();
      await dialog(at).waitFor({ state: 'detached' });
      assert.deepEqual(
        (await ofOrders(at)).filter(call => call.startsWith('choose')),
        ['chooseWorkOrder {"id":"WO-88100"}', 'chooseWorkOrder {"id":"WO-88214"}'],
      );
      assert.match(await block(at).innerText(), /0 passed/);
    }));

  test('is set aside by a touch, closed after a second one, and a label is never taken for its quantity', () =>
    on(stationWith([idle(1)], { workOrder: orderOf('WO-88213') }), async at => {
      const { page } = at;
      await page.keyboard.press('PageUp');
      await dialog(at).getByRole('button', { name: en.order.close, exact: true }).click();
      await dialog(at).getByText(en.order.closeWhat).waitFor();
      await dialog(at).getByRole('button', { name: en.act.back }).click();
      await dialog(at).getByRole('button', { name: en.order.aside }).click();
      await dialog(at).waitFor({ state: 'detached' });
      assert.match(await block(at).innerText(), new RegExp(en.order.none));
      await at.scan('WO-90002');
      await dialog(at).getByRole('button', { name: 'Gateway GX-2' }).click();
      await dialog(at).getByText('A new order of Gateway GX-2').waitFor();
      await at.scan('004711');
      assert.deepEqual(await ofOrders(at), ['setWorkOrderAside', 'findWorkOrder {"text":"WO-90002"}']);
      await page.keyboard.press('Escape');
      await dialog(at).waitFor({ state: 'detached' });
    }));

  test('S1 is full in colour, shape and word; another quantity takes a reason and the PIN of who may', () =>
    on(
      stationWith([idle(1)], { workOrder: orderOf('WO-88213', { passed: 500 }), who: signedIn }),
      async at => {
        const { page } = at;
        assert.match(await block(at).innerText(), /Full/);
        await page.keyboard.press('PageUp');
        await dialog(at).getByText(en.order.fullTitle).waitFor();
        await dialog(at).getByRole('button', { name: en.order.changeQuantity }).click();
        await page.keyboard.type('520', { delay: 120 });
        await page.keyboard.press('Enter');
        await dialog(at).getByText('WO-88213 gets 520 units in all.').waitFor();
        await dialog(at).getByRole('button', { name: en.order.reasons.spares }).click();
        await dialog(at).getByLabel(en.act.id).fill('mina');
        await dialog(at).locator('input[type=password]').fill('240817');
        await dialog(at).getByRole('button', { name: en.order.changeQuantity }).click();
        await dialog(at).waitFor({ state: 'detached' });
        assert.match(await block(at).innerText(), /of 520/);
      },
    ));

  test('last results open by a key, and a row leads to its unit among the devices', () =>
    on(stationWith([idle(1)]), async at => {
      const { page } = at;
      await page.keyboard.press('PageDown');
      const results = dialog(at, en.results.title);
      await results.getByRole('row').nth(3).waitFor();
      const rows = await results.getByRole('row').allInnerTexts();
      assert.match(rows[1]!.replaceAll('\n', ' '), /GX2-004311.*PASS/);
      assert.match(rows[4]!.replaceAll('\n', ' '), /GX2-004308.*STOP.*4.*Key of another/);
      assert.deepEqual(await cutTexts(at), []);
      await findsNothing(at);
      await results.locator('[data-row="0"]').press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.locator('main.devices').waitFor();
      assert.ok(
        (await at.calls()).some(call => call.startsWith('findDevices') && call.includes('GX2-004310')),
      );
    }));

  for (const [language, catalogue] of [
    ['en', en],
    ['ko', ko],
  ] as const)
    test(`fits header and foot whatever is long, with every number of fixtures: ${language}`, () =>
      on(
        stationWith([]),
        async at => {
          const { page } = at;
          const long: Partial<StationView> = {
            workOrder: orderOf(longOrder, { passed: 9_999_998, quantity: 9_999_999 }),
            who: signedIn,
            today: { ...today, passed: 19_204, withoutContact: 1_240 },
          };
          for (const count of [1, 4, 16, 32])
            for (const size of [
              { width: 1280, height: 800 },
              { width: 1920, height: 1080 },
            ]) {
              await page.setViewportSize(size);
              const view = everyStateOf(count, long);
              const line =
                language === 'ko' ? '조립 라인 3-나 최종 검사' : 'Assembly line 3-B final inspection';
              await at.show({ ...view, station: { ...view.station, line } });
              assert.deepEqual(await cutTexts(at), []);
              assert.deepEqual(await smallTargets(at), []);
              for (const part of ['.header', '.foot']) {
                const out = await page.locator(part).evaluate(element => {
                  const { right } = element.getBoundingClientRect();
                  return [...element.children].some(child => child.getBoundingClientRect().right > right + 1);
                });
                assert.equal(out, false, `${part} ${count} ${size.width}`);
              }
            }
          await findsNothing(at);
          await page.keyboard.press('PageUp');
          for (const key of ['other', 'changeQuantity'] as const) {
            await dialog(at, catalogue.order.title)
              .getByRole('button', { name: catalogue.order[key] })
              .click();
            assert.deepEqual(await cutTexts(at), []);
            assert.deepEqual(await smallTargets(at), []);
            await findsNothing(at);
            await page.keyboard.press('Escape');
            await page.keyboard.press('PageUp');
          }
        },
        { language },
      ));

  test('the foot says its plots in words, with a target only where there is one', () =>
    on(stationWith([idle(1)]), async at => {
      const { page } = at;
      const pace = page.locator('.foot .pace');
      assert.match((await pace.getAttribute('aria-label'))!, /Target in a quarter: 11.25/);
      const { targetPerHour: _none, ...station } = stationWith([]).station;
      await at.show({ ...stationWith([idle(1)]), station, workOrder: orderOf('W', { targetPerHour: null }) });
      assert.doesNotMatch((await pace.getAttribute('aria-label'))!, /Target/);
      assert.equal(await page.locator('.foot .plot-target').count(), 0);
      assert.match(await page.locator('.foot-yield').innerText(), /3 without contact/);
      await page.locator('.foot-day-open').click();
      await dialog(at, en.day.title).getByText(en.day.noTarget).waitFor();
      assert.deepEqual(await cutTexts(at), []);
      await findsNothing(at);
    }));
});
