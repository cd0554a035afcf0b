import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { documentedBudget, OperationBudget, unlimitedBudget } from '../../src/outbox/operation-budget.ts';
import { SimulatedTime } from './simulated-time.ts';

const minute = 60_000;

/** Spends as fast as it may for so long; the times at which it could. */
async function spendAll(budget: OperationBudget, time: SimulatedTime, forMs: number, operations = 1) {
  const times: number[] = [];
  const stop = new AbortController();
  const run = (async () => {
    while (!stop.signal.aborted) {
      await budget.spend(operations, stop.signal);
      if (!stop.signal.aborted) times.push(time.now() - time.startedAt);
    }
  })();
  await time.pass(forMs);
  stop.abort();
  await run;
  return times;
}

/** The most in any minute, wherever it begins. */
function fullestMinute(times: readonly number[]): number {
  let most = 0;
  let from = 0;
  for (let to = 0; to < times.length; to++) {
    while (times[to]! - times[from]! >= minute) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

describe('OperationBudget', () => {
  for (const limit of [30, 200, 1_000])
    it(`O5 uses 0.95 of ${limit} a minute and more, and no minute sees more than the limit`, async () => {
      const time = new SimulatedTime();
      const budget = new OperationBudget({ operationsPerMinute: limit, bulkCost: 1 }, time);
      const times = await spendAll(budget, time, 5 * minute);
      const used = times.length / (5 * limit);
      assert.ok(used >= 0.95 && used <= 1, `${used}`);
      assert.ok(fullestMinute(times) <= limit, `${fullestMinute(times)}`);
    });

  it('O5 counts a bulk request as ten operations where that is set', async () => {
    const time = new SimulatedTime();
    const budget = new OperationBudget({ ...documentedBudget, bulkCost: 10 }, time);
    assert.deepEqual([budget.costOfBulk(10), budget.costOfBulk(1)], [10, 1]);
    assert.deepEqual([new OperationBudget(documentedBudget, time).costOfBulk(10)], [1]);
    const times = await spendAll(budget, time, 2 * minute, 10);
    assert.ok(times.length >= 190 && times.length <= 200, `${times.length}`);
  });

  it('O5 stops for what Retry-After says, then goes on from an empty bucket', async () => {
    const time = new SimulatedTime();
    const budget = new OperationBudget(documentedBudget, time);
    await time.pass(minute);
    budget.refused(7_000);
    const [first, second] = await spendAll(budget, time, 10_000);
    assert.ok(first! - minute >= 7_000 && first! - minute < 7_200, `${first! - minute}`);
    assert.ok(second! - first! >= 60, 'no burst behind a pause');
  });

  it('O5 finds the pace of a limit that others use as well, or that a bulk request uses up ten times as fast', async () => {
    const time = new SimulatedTime();
    const budget = new OperationBudget(documentedBudget, time);
    const truth = { used: 0, minute: 0, calls: 0, refusals: 0 };
    const stop = new AbortController();
    const run = (async () => {
      while (!stop.signal.aborted) {
        await budget.spend(1, stop.signal);
        const now = Math.floor(time.now() / minute);
        if (now !== truth.minute) Object.assign(truth, { minute: now, used: 0 });
        truth.calls++;
        if (truth.used + 10 > 1_000) {
          truth.refusals++;
          budget.refused(minute - (time.now() % minute));
        } else truth.used += 10;
      }
    })();
    await time.pass(20 * minute);
    Object.assign(truth, { calls: 0, refusals: 0 });
    await time.pass(60 * minute);
    stop.abort();
    await run;
    assert.ok(truth.calls > 0.7 * 60 * 100, `${truth.calls} calls`);
    assert.ok(truth.refusals <= 0.01 * truth.calls, `${truth.refusals} refusals of ${truth.calls}`);
  });

  it('takes refusals that come together for one, and comes back to the full pace', async () => {
    const time = new SimulatedTime();
    const budget = new OperationBudget(documentedBudget, time);
    for (let reply = 0; reply < 16; reply++) budget.refused(1_000);
    assert.equal(Math.round(budget.perMinute), 679);
    await spendAll(budget, time, 3 * minute, 10);
    assert.equal(Math.round(budget.perMinute), 970);
  });

  it('serves in order of arrival, whatever it costs', async () => {
    const time = new SimulatedTime();
    const budget = new OperationBudget(documentedBudget, time);
    await budget.spend(20);
    const order: string[] = [];
    const line = ['ten', 'one', 'ten', 'one'].map((name, place) =>
      budget.spend(name === 'ten' ? 10 : 1).then(() => order.push(`${name} ${place}`)),
    );
    await time.until(Promise.all(line), 5 * minute);
    assert.deepEqual(order, ['ten 0', 'one 1', 'ten 2', 'one 3']);
  });

  it('lets go of who is told to stop, and of who stands behind', async () => {
    const time = new SimulatedTime();
    const budget = new OperationBudget(documentedBudget, time);
    budget.refused(30 * minute);
    const stop = new AbortController();
    const first = budget.spend(1, stop.signal);
    const second = budget.ready(1, stop.signal);
    stop.abort();
    await time.until(Promise.all([first, second]), 1);
  });

  it('O7 a clock that is set back by hours costs one wait, and one that jumps ahead buys no burst', async () => {
    const time = new SimulatedTime();
    let step = 0;
    const stepped = { ...time, now: () => time.now() + step, sleep: time.sleep.bind(time) };
    const budget = new OperationBudget(documentedBudget, stepped as unknown as SimulatedTime);
    await spendAll(budget, time, minute);
    step = -5 * 60 * minute;
    assert.ok((await spendAll(budget, time, minute)).length >= 950);
    step = 5 * 60 * minute;
    assert.ok((await spendAll(budget, time, minute)).length <= 1_000);
  });

  it('holds nobody back where there is no limit', async () => {
    const budget = new OperationBudget(unlimitedBudget, new SimulatedTime());
    for (let call = 0; call < 1_000; call++) await budget.spend(10);
    assert.equal(budget.perMinute, Number.POSITIVE_INFINITY);
  });
});
