/** Work orders over the API, on a real station core: what passes the bounds, who may do what, and how refusals come. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../src/api/contract.ts';
import type { Hands } from '../../src/station/access/hands.ts';
import { signInWithPin } from '../../src/station/access/sign-in.ts';
import { StationError } from '../../src/station/errors.ts';
import { workOrderDesk } from '../../src/station/kiosk/work-order-desk.ts';
import { mina, minaPin } from '../station/access/people-fixture.ts';
import { coreForTest, type TestCore } from '../station/station-fixture.ts';
import { scriptedStation, unexpected } from './scripted-station.ts';
import { transports } from './transports.ts';

/** An operator without a PIN stands there; who else acts is named. */
const handsOf = (core: TestCore): Hands => ({
  account: () => 'kiosk',
  actor: async by =>
    by
      ? signInWithPin(core, by as { id: string }, by.pin)
      : ({ proof: 'account', account: 'kiosk' } as const),
});

for (const [name, open] of Object.entries(transports)) {
  test(`${name}: S1 an order is opened, enlarged by whoever has the role and the PIN, and closed`, async () => {
    using core = coreForTest();
    await mina(core);
    let written = 0;
    const workOrders = workOrderDesk(core, handsOf(core), () => (written += 1));
    const { api, end } = await open({ station: scriptedStation({ workOrders }), onFault: unexpected });
    try {
      assert.deepEqual(await api.findWorkOrder({ text: ' W-1\r' }), { ok: true, id: 'W-1' });
      const opened = await api.openWorkOrder({ id: 'W-1', quantity: 5 });
      assert.ok(opened.ok && opened.order.quantity === 5);
      assert.deepEqual(await api.openWorkOrder({ id: 'W-1' }), { ok: false, code: 'work-order-exists' });
      const more = { id: 'W-1', quantity: 6, reason: 'a spare' };
      assert.deepEqual(await api.changeQuantity(more), { ok: false, code: 'sign-in-needed' });
      const changed = await api.changeQuantity({ ...more, by: { id: 'mina', pin: minaPin } });
      assert.ok(changed.ok && changed.order.quantity === 6);
      assert.deepEqual(
        (await api.listWorkOrders()).map(order => order.id),
        ['W-1'],
      );
      assert.ok((await api.closeWorkOrder({ id: 'W-1' })).ok);
      assert.deepEqual(await api.chooseWorkOrder({ id: 'none' }), { ok: false, code: 'work-order-unknown' });
      await api.setWorkOrderAside();
      assert.equal(written, 4);
    } finally {
      await end();
    }
  });

  test(`${name}: S1 what is out of bounds never reaches the station, and nothing is done where nobody is signed in`, async () => {
    using core = coreForTest();
    const locked: Hands = {
      account: () => {
        throw new StationError('sign-in-needed', 'locked');
      },
      actor: async () => {
        throw new StationError('sign-in-needed', 'locked');
      },
    };
    const workOrders = workOrderDesk(core, locked, () => {});
    const { api, end } = await open({ station: scriptedStation({ workOrders }), onFault: unexpected });
    const is = (code: ApiError['code']) => (error: unknown) =>
      error instanceof ApiError && error.code === code;
    try {
      for (const input of [
        { id: '' },
        { id: 'x'.repeat(241) },
        { id: 'W', quantity: 0 },
        { id: 'W', quantity: 1.5 },
        { id: 'W', targetPerHour: -1 },
        { id: 'W', product: '' },
        { id: 'W', opened_by: 'me' } as { id: string },
      ])
        await assert.rejects(api.openWorkOrder(input), is('invalid-input'), JSON.stringify(input));
      await assert.rejects(api.lastAttempts({ limit: 201 }), is('invalid-input'));
      assert.deepEqual(await api.openWorkOrder({ id: 'W' }), { ok: false, code: 'sign-in-needed' });
      assert.deepEqual(await api.closeWorkOrder({ id: 'W' }), { ok: false, code: 'sign-in-needed' });
      await assert.rejects(api.setWorkOrderAside(), is('sign-in-needed'));
      await assert.rejects(api.listWorkOrders(), is('sign-in-needed'));
    } finally {
      await end();
    }
  });
}
