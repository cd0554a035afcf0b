import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import Database from 'better-sqlite3';
import {
  type DeviceListRow,
  type DevicePlace,
  type DeviceQuestion,
  DeviceSearch,
} from '../../db/device-search.ts';
import type { Ledger } from '../../db/ledger.ts';
import { createLedger } from '../../db/ledger-file.ts';
import type { DeviceRow, OutboxRow } from '../../db/rows.ts';
import fc from '../property.ts';
import { directoryFor, ledgerFor, noon, recordDevice, seed } from './ledger-fixture.ts';

const patient = 10_000;
const indexAll = (ledger: Ledger, limit = 1000) => ledger.transaction(() => ledger.deviceIndex.fill(limit));
const serials = (rows: readonly { serial: string | null }[]) => rows.map(row => row.serial);

function firstPage(ledger: Ledger, question: DeviceQuestion, limit = 50): readonly DeviceListRow[] {
  return ledger.deviceSearch.page(question, { limit, withinMs: patient }).rows;
}

/** Every page of a list, one after the other. */
function wholeList(search: DeviceSearch, question: DeviceQuestion, limit: number, withinMs: number) {
  const rows: DeviceListRow[] = [];
  let after: DevicePlace | undefined;
  do {
    const page = search.page(question, { limit, after, withinMs });
    assert.ok(page.rows.length <= limit);
    rows.push(...page.rows);
    after = page.next;
  } while (after);
  return rows;
}

/** And a search of it that takes no time or state for narrow, as in a ledger of millions. */
function ledgerWithHastySearch(t: TestContext) {
  const file = join(directoryFor(t), 'ledger.db');
  const ledger = createLedger(file, { kind: 'rehearsal', ledgerId: 'ledger-1', now: noon });
  seed(ledger);
  const db = new Database(file, { readonly: true });
  t.after(() => {
    db.close();
    ledger.close();
  });
  return { ledger, hasty: new DeviceSearch(db, { few: 0 }) };
}

describe('DeviceSearch', () => {
  it('finds by the beginning of every name and by any part of a serial', t => {
    const ledger = ledgerFor(t);
    const { device } = recordDevice(ledger, 1, { device: { work_order: 'W-77' } });
    for (let n = 2; n <= 30; n += 1) recordDevice(ledger, n);
    indexAll(ledger);
    for (const text of [
      'SN-000001',
      'W-7',
      device.ek_sha256.slice(0, 12).toUpperCase(),
      device.device_id.slice(0, 13),
      ' sn-000001 ',
    ])
      assert.deepEqual(serials(firstPage(ledger, { text })), ['SN-000001'], text);
    assert.deepEqual(serials(firstPage(ledger, { text: '0002' })), [
      'SN-000029',
      'SN-000028',
      'SN-000027',
      'SN-000026',
      'SN-000025',
      'SN-000024',
      'SN-000023',
      'SN-000022',
      'SN-000021',
      'SN-000020',
      'SN-000002',
    ]);
    assert.deepEqual(serials(firstPage(ledger, { text: 'SN-00002' }, 3)), [
      'SN-000020',
      'SN-000021',
      'SN-000022',
    ]);
    assert.deepEqual(serials(firstPage(ledger, { text: '' }, 2)), ['SN-000030', 'SN-000029']);
    for (const text of ['%', '"', '*', 'SN-000001 OR', '000"', "'; --", '\0', '\u{10ffff}'])
      assert.deepEqual(firstPage(ledger, { text }), [], text);
  });

  it('gives the newest entry of a device, and nothing of keys and certificates', t => {
    const ledger = ledgerFor(t);
    const { outbox } = recordDevice(ledger, 1);
    ledger.outbox.move(outbox, 'sending');
    const [row] = firstPage(ledger, { text: 'SN-' });
    assert.equal(row!.operation, 'create');
    assert.equal(row!.enrollment, 'sending');
    assert.ok(!('endorsement_key' in row!) && !('certificate' in row!));
  });

  it('finds exactly what is there, each once, whatever is asked, in pages of any size, indexed or not', t => {
    const { ledger, hasty } = ledgerWithHastySearch(t);
    const alphabet = fc.constantFrom('a', 'A', 'b', '0', '-');
    const serial = fc.string({ unit: alphabet, minLength: 1, maxLength: 6 });
    const devices = fc.sample(
      fc.record({
        serial: fc.option(serial),
        work_order: fc.option(fc.constantFrom('W-1', 'W-2', 'a0')),
        created_at: fc.integer({ min: noon, max: noon + 20 }),
        retired: fc.boolean(),
        state: fc.constantFrom<OutboxRow['state']>('queued', 'sending', 'conflict'),
      }),
      { numRuns: 120, seed: 7 },
    );
    const rows: (DeviceRow & { state: string })[] = devices.map(({ retired, state, ...device }, n) => {
      const product = `product-${n}`;
      const made = recordDevice(ledger, n, { device: { ...device, product } });
      if (state !== 'queued') ledger.outbox.move(made.outbox, 'sending');
      if (state === 'conflict') ledger.outbox.move({ ...made.outbox, state: 'sending' }, 'conflict');
      if (retired) ledger.devices.retire(made.device.device_id, noon, 'rma');
      return { ...made.device, state };
    });
    const text = fc.oneof(fc.constant(''), serial, fc.constantFrom('reg-1', 'W-', 'REG-', 'ab'));
    const filtered = fc.record({
      text,
      workOrder: fc.option(fc.constantFrom('W-1', 'a0', 'none'), { nil: undefined, freq: 1 }),
      since: fc.option(fc.integer({ min: noon, max: noon + 20 }), { nil: undefined, freq: 1 }),
      until: fc.option(fc.integer({ min: noon, max: noon + 20 }), { nil: undefined, freq: 1 }),
      enrollment: fc.option(fc.constantFrom<OutboxRow['state']>('queued', 'conflict', 'enrolled'), {
        nil: undefined,
        freq: 1,
      }),
    });
    const question: fc.Arbitrary<DeviceQuestion> = fc.oneof(fc.record({ text }), filtered);
    const fits = (
      row: (typeof rows)[number],
      { text, workOrder, since, until, enrollment }: DeviceQuestion,
    ) =>
      (row.serial?.startsWith(text) ||
        ([...text].length > 2 && row.serial?.toLowerCase().includes(text.toLowerCase())) ||
        [row.registration_id, row.ek_sha256, row.device_id].some(name =>
          name.startsWith(text.toLowerCase()),
        ) ||
        row.work_order?.startsWith(text) ||
        text === '') &&
      (workOrder === undefined || row.work_order === workOrder) &&
      row.created_at >= (since ?? 0) &&
      row.created_at < (until ?? Number.MAX_SAFE_INTEGER) &&
      (enrollment === undefined || row.state === enrollment);
    const look = (runs: number) =>
      fc.assert(
        fc.property(
          question,
          fc.integer({ min: 1, max: 40 }),
          fc.constantFrom(0, patient),
          fc.constantFrom(ledger.deviceSearch, hasty),
          (asked, limit, ms, search) => {
            const found = wholeList(search, asked, limit, ms).map(row => row.device_id);
            assert.equal(new Set(found).size, found.length, 'none twice');
            const expected = rows.filter(row => fits(row, asked)).map(row => row.device_id);
            assert.deepEqual(found.toSorted(), expected.toSorted());
          },
        ),
        { numRuns: runs },
      );
    look(150);
    assert.equal(indexAll(ledger, 70), 70);
    look(150);
    assert.equal(indexAll(ledger), 50);
    assert.equal(indexAll(ledger), 0);
    look(150);
  });

  it('goes on with the time or the state that was asked for where a text that many have finds nothing in it', t => {
    const { ledger, hasty } = ledgerWithHastySearch(t);
    const made = Array.from({ length: 30 }, (_, n) =>
      recordDevice(ledger, n + 1, { device: { created_at: noon + n + 1 } }),
    );
    const { outbox } = made.at(-1)!;
    ledger.outbox.move(outbox, 'sending');
    ledger.outbox.move({ ...outbox, state: 'sending' }, 'conflict');
    indexAll(ledger);
    for (const asked of [{ since: noon + 30 }, { enrollment: 'conflict' }] as const) {
      const question = { text: 'SN-', ...asked };
      const first = hasty.page(question, { limit: 3, withinMs: 0 });
      assert.deepEqual(first.rows, []);
      assert.equal(first.next?.by, 'since' in asked ? 'time' : 'enrollment');
      const second = hasty.page(question, { limit: 3, withinMs: patient, after: first.next });
      assert.deepEqual(serials(second.rows), ['SN-000030']);
    }
    const all = wholeList(hasty, { text: 'SN-', since: noon + 2 }, 40, 0);
    assert.equal(all.length, 29, 'what was found goes on as it began, and none comes twice');
  });

  it('gives what is quick first, and the parts of serials with the next page', t => {
    const ledger = ledgerFor(t);
    recordDevice(ledger, 1, { device: { serial: 'abc-1' } });
    recordDevice(ledger, 2, { device: { serial: '1-abc' } });
    indexAll(ledger);
    const first = ledger.deviceSearch.page({ text: 'abc' }, { limit: 9, withinMs: patient });
    assert.deepEqual(serials(first.rows), ['abc-1']);
    const rest = ledger.deviceSearch.page(
      { text: 'abc' },
      { limit: 9, withinMs: patient, after: first.next },
    );
    assert.deepEqual([serials(rest.rows), rest.next], [['1-abc'], undefined]);
  });

  it('goes on where it was while devices arrive and are indexed', t => {
    const ledger = ledgerFor(t);
    for (let n = 1; n <= 9; n += 1) recordDevice(ledger, n, { device: { serial: `x${n}middle` } });
    const asked = { text: 'middle', since: noon };
    const first = ledger.deviceSearch.page(asked, { limit: 4, withinMs: patient });
    assert.deepEqual(serials(first.rows), ['x9middle', 'x8middle', 'x7middle', 'x6middle']);
    recordDevice(ledger, 10, { device: { serial: 'x10middle' } });
    indexAll(ledger);
    const second = ledger.deviceSearch.page(asked, { limit: 9, after: first.next, withinMs: patient });
    assert.deepEqual(serials(second.rows), ['x5middle', 'x4middle', 'x3middle', 'x2middle', 'x1middle']);
    assert.equal(second.next, undefined);
  });

  it('ends a list that is asked to go on where no page ended', t => {
    const ledger = ledgerFor(t);
    recordDevice(ledger, 1);
    for (const after of [
      { by: 'text', leg: 99, through: 0 },
      { by: 'text', leg: 0, through: 0, key: [1] },
      { by: 'enrollment', leg: 0, through: 0 },
      { by: 'work-order', leg: 0, through: 0, key: ['x'] },
    ] as const)
      assert.deepEqual(
        ledger.deviceSearch.page({ text: 'SN' }, { limit: 5, after, withinMs: patient }),
        { rows: [], next: undefined },
        JSON.stringify(after),
      );
  });

  it('finds a serial by its part that was named after its device was indexed', t => {
    const ledger = ledgerFor(t);
    const { device } = recordDevice(ledger, 1, { device: { serial: null, origin: 'imported' } });
    const other = recordDevice(ledger, 2, { device: { serial: null, origin: 'imported' } }).device;
    indexAll(ledger, 1);
    ledger.devices.nameSerial(device.device_id, 'SN-late-1');
    ledger.devices.nameSerial(other.device_id, 'SN-late-2');
    assert.deepEqual(serials(wholeList(ledger.deviceSearch, { text: 'late' }, 9, patient)), [
      'SN-late-2',
      'SN-late-1',
    ]);
    indexAll(ledger);
    assert.deepEqual(serials(wholeList(ledger.deviceSearch, { text: 'late' }, 9, patient)), [
      'SN-late-2',
      'SN-late-1',
    ]);
  });
});
