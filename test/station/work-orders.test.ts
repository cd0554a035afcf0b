/** Work orders on a real ledger: what opens, counts, fills and closes them, and who may. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { waitFor } from '../../scripts/demo/kiosk-hand.ts';
import { addPerson } from '../../src/station/access/manage-people.ts';
import { signInWithPin } from '../../src/station/access/sign-in.ts';
import { harvestDevice } from '../../src/station/attempt/harvest-device.ts';
import { recordAttempt } from '../../src/station/attempt/record-attempt.ts';
import type { StationErrorCode } from '../../src/station/errors.ts';
import { Kiosk } from '../../src/station/kiosk/kiosk.ts';
import { lastAttempts } from '../../src/station/kiosk/last-attempts.ts';
import { checkConfiguration } from '../../src/station/settings/check-configuration.ts';
import { readStatus } from '../../src/station/status.ts';
import type { LiveEvent } from '../../src/station/views.ts';
import {
  changeQuantity,
  chooseWorkOrder,
  closeWorkOrder,
  currentWorkOrder,
  findWorkOrder,
  openWorkOrder,
  setWorkOrderAside,
} from '../../src/station/work-orders.ts';
import { coreForTest, readAttempt, type TestCore } from './station-fixture.ts';

const nobody = { proof: 'account', account: 'kiosk' } as const;
const refusal = (code: StationErrorCode) => (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === code;

describe('work orders', () => {
  let core: TestCore;
  before(() => {
    core = coreForTest({
      configuration: {
        station: { workOrderPrefix: 'WO-' },
        products: [{ name: 'gateway', targetPerHour: 45 }, { name: 'sensor' }],
        fixtures: [{ id: 'away', bridge: 'swtpm:host=127.0.0.1,port=9' }],
      },
    });
  });
  after(() => core[Symbol.dispose]());
  const attempt = (key: number, workOrder: string | null, product = 'gateway') =>
    recordAttempt(core, readAttempt(key, `SN-${key}`, { workOrder, product: { name: product } }));
  const entries = () =>
    Array.from({ length: core.ledger.audit.size() }, (_, index) =>
      JSON.parse(core.ledger.audit.get(index)!.entry.toString()),
    ).filter(entry => entry.type === 'work-order');

  it('A1 open, close and open again with their evidence, which names a person by random id alone', () => {
    const opened = openWorkOrder(core, { id: ' WO-1\r', product: 'gateway', quantity: 2 }, nobody);
    assert.deepEqual(
      { ...opened, openedAt: 0 },
      {
        id: 'WO-1',
        product: 'gateway',
        quantity: 2,
        passed: 0,
        targetPerHour: 45,
        openedAt: 0,
        closedAt: null,
      },
    );
    assert.throws(() => openWorkOrder(core, { id: 'WO-1' }, nobody), refusal('work-order-exists'));
    closeWorkOrder(core, 'WO-1', nobody);
    closeWorkOrder(core, 'WO-1', nobody);
    assert.equal(currentWorkOrder(core), undefined);
    chooseWorkOrder(core, 'WO-1', nobody);
    assert.deepEqual(
      entries().map(entry => entry.data),
      ['opened', 'closed', 'reopened'].map(change => ({
        workOrder: 'WO-1',
        change,
        product: 'gateway',
        quantity: 2,
        passed: 0,
      })),
    );
    assert.match(entries()[0].personId, /^person-/);
  });

  it('take the text of an order as strictly as that of a serial', () => {
    for (const id of ['', ' ', 'x'.repeat(61), 'WO\u0000', 'WO\u200b-1', 'WO\u001d1'])
      assert.throws(() => findWorkOrder(core, id), refusal('work-order-invalid'), JSON.stringify(id));
    for (const quantity of [0, -1, 1.5, 10_000_000])
      assert.throws(() => openWorkOrder(core, { id: 'WO-x', quantity }, nobody), refusal('quantity-invalid'));
    assert.throws(
      () => openWorkOrder(core, { id: 'WO-x', product: 'none' }, nobody),
      refusal('product-unknown'),
    );
    assert.throws(() => chooseWorkOrder(core, 'WO-x', nobody), refusal('work-order-unknown'));
    assert.equal(findWorkOrder(core, 'WO-x'), undefined);
  });

  it('are told from badges by what they begin with: prefixes of which one begins with the other are a fault', () => {
    const faultsOf = (badgePrefix: string, workOrderPrefix: string) =>
      checkConfiguration({ station: { badgePrefix, workOrderPrefix } }, core.folder).faults.map(
        ({ path, code }) => `${path.join('.')} ${code}`,
      );
    assert.deepEqual(faultsOf('EMP-', 'WO-'), []);
    for (const [badge, order] of [
      ['W', 'WO-'],
      ['WO-', 'W'],
    ] as const)
      assert.deepEqual(faultsOf(badge, order), ['station.workOrderPrefix prefixes-alike']);
  });

  it('H6 count devices that passed, a retest not again, and refuse a new one beyond the quantity but no retest', () => {
    assert.equal(attempt(1, 'WO-1').verdict, 'passed');
    assert.equal(attempt(1, 'WO-1').verdict, 'retest');
    assert.equal(attempt(50, 'WO-other').verdict, 'passed');
    assert.equal(findWorkOrder(core, 'WO-1')!.passed, 1);
    assert.equal(attempt(2, 'WO-1').verdict, 'passed');
    const beyond = attempt(3, 'WO-1');
    assert.deepEqual([beyond.verdict, beyond.code], ['refused', 'work-order-full']);
    assert.equal(core.ledger.devices.bySerial('SN-3', 'gateway'), undefined);
    assert.equal(attempt(2, 'WO-1').verdict, 'retest');
    assert.equal(attempt(3, null).verdict, 'passed');
    assert.equal(findWorkOrder(core, 'WO-1')!.passed, 2);
  });

  it('S1 get another quantity of a supervisor or an engineer, with a reason in the audit, and of nobody else', async () => {
    const act = (who: Parameters<typeof changeQuantity>[2]['who']) => ({ who, reason: 'three spares' });
    const change = { id: 'WO-1', quantity: 3 };
    assert.throws(() => changeQuantity(core, change, act(nobody)), refusal('sign-in-needed'));
    const account = { proof: 'account', account: 'kiosk' } as const;
    await addPerson(core, { id: 'mina', name: 'Mina', role: 'supervisor', pin: '240817' }, account);
    const mina = await signInWithPin(core, { id: 'mina' }, '240817');
    await addPerson(core, { id: 'jun', name: 'Jun', role: 'operator', pin: '573910' }, mina);
    const jun = await signInWithPin(core, { id: 'jun' }, '573910');
    assert.throws(() => changeQuantity(core, change, act(jun)), refusal('role-missing'));
    assert.throws(
      () => changeQuantity(core, { id: 'WO-1', quantity: 0 }, act(mina)),
      refusal('quantity-invalid'),
    );
    assert.equal(changeQuantity(core, change, act(mina)).quantity, 3);
    const { data } = entries().at(-1);
    assert.deepEqual([data.change, data.quantity, data.because], ['quantity', 3, 'three spares']);
    assert.equal(attempt(4, 'WO-1').verdict, 'passed');
    const device = core.ledger.devices.bySerial('SN-4', 'gateway')!;
    assert.equal(findWorkOrder(core, 'WO-1')!.passed, 3);
    core.ledger.transaction(() => core.ledger.devices.retire(device.device_id, 1, 'scrap'));
    assert.equal(findWorkOrder(core, 'WO-1')!.passed, 2, 'what left service is not among the devices made');
  });

  it('without a kiosk only count, are of one product, and stand in the status', async () => {
    const request = { bridge: 'swtpm:host=127.0.0.1,port=9', serial: 'SN-60', account: 'os:test' };
    openWorkOrder(core, { id: 'WO-2', product: 'sensor' }, nobody);
    const result = await harvestDevice(core, { ...request, workOrder: 'WO-2' });
    assert.deepEqual([result.product, result.workOrder], ['sensor', 'WO-2']);
    await assert.rejects(
      harvestDevice(core, { ...request, workOrder: 'WO-2', product: 'gateway' }),
      refusal('work-order-product'),
    );
    await harvestDevice(core, { ...request, workOrder: 'never opened' });
    assert.equal(findWorkOrder(core, 'never opened'), undefined);
    assert.deepEqual((await readStatus(core)).workOrder, {
      id: 'WO-2',
      product: 'sensor',
      quantity: null,
      passed: 0,
    });
    const [last] = lastAttempts(core, 1);
    assert.deepEqual(
      [last!.serial, last!.workOrder, last!.verdict, last!.code],
      ['SN-60', 'never opened', 'failed', 'bridge-unreachable'],
    );
  });

  it('are the same at every window and after a restart; harvests carry the one that they began with', async () => {
    const kiosk = new Kiosk(core);
    const events: LiveEvent[] = [];
    kiosk.subscribe(event => events.push(event));
    const window = kiosk.openWindow({ own: true });
    const signedIn = await window.signIn({ id: 'jun', pin: '573910' });
    assert.ok(signedIn.ok);
    assert.deepEqual(await window.scan({ text: 'WO-3' }), { ok: false, code: 'work-order-scanned' });
    assert.deepEqual(await window.workOrders.find({ text: 'WO-3' }), { ok: true, id: 'WO-3' });
    const opened = await window.workOrders.open({ id: 'WO-3', product: 'gateway', quantity: 200 });
    assert.ok(opened.ok);
    assert.equal(kiosk.view().workOrder?.id, 'WO-3');
    const told = events.findLast(event => event.kind === 'work-order');
    assert.equal(told?.workOrder?.quantity, 200);
    assert.deepEqual(await window.scan({ text: 'SN-70' }), { ok: true, fixture: 'away' });
    await window.start({});
    await window.workOrders.choose({ id: 'WO-2' });
    await waitFor(kiosk, 'the attempt is recorded', view => view.fixtures[0]!.state === 'decided');
    const [last] = lastAttempts(core, 1);
    assert.deepEqual([last!.workOrder, last!.product], ['WO-3', 'gateway']);
    assert.equal(kiosk.view().workOrder?.id, 'WO-2');
    await kiosk.close();
    const again = new Kiosk(core);
    assert.equal(again.view().workOrder?.id, 'WO-2');
    await again.close();
  });

  it('stop what would be of a product that is configured no more', async () => {
    setWorkOrderAside(core);
    const folder = core.folder;
    const other = coreForTest({ folder, configuration: { products: [{ name: 'gateway' }] } });
    assert.throws(() => chooseWorkOrder(other, 'WO-2', nobody), refusal('product-unknown'));
    chooseWorkOrder(core, 'WO-2', nobody);
    const kiosk = new Kiosk(other);
    assert.deepEqual(kiosk.scan({ text: 'SN-90' }), { ok: false, code: 'work-order-product' });
    await kiosk.close();
    other[Symbol.dispose]();
  });
});
