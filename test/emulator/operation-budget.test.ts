import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OperationBudget } from '../../src/emulator/operation-budget.ts';
import fc from '../property.ts';
import { enrollmentDocument } from './enrollment-documents.ts';
import { callService, emulatorForTest, send, type TestEmulator } from './running-emulator.ts';

describe('OperationBudget', () => {
  it('O5 grants so many operations a window, and tells the seconds after which it grants again', () => {
    let now = 5000;
    const budget = new OperationBudget(() => now);
    budget.limit({ operations: 3 });
    assert.deepEqual(
      [1, 2, 3].map(() => budget.spend(undefined)),
      [undefined, undefined, undefined],
    );
    assert.equal(budget.spend(undefined), 60);
    now += 58_400;
    assert.equal(budget.spend(undefined), 2);
    now += 2000;
    assert.equal(budget.spend(undefined), undefined);
  });

  it('charges a bulk request as it was told to, and a refused one nothing', () => {
    const budget = new OperationBudget(() => 0);
    budget.limit({ operations: 10, bulkCost: 4 });
    assert.deepEqual([budget.spend(10), budget.spend(1)], [undefined, undefined]);
    assert.equal(budget.spend(10), 60);
    assert.deepEqual([budget.spend(undefined), budget.spend(undefined)], [undefined, undefined]);
    assert.equal(budget.spend(undefined), 60);
    budget.limit({ operations: 10, bulkCost: 'items' });
    assert.deepEqual([budget.spend(7), budget.spend(4), budget.spend(3)], [undefined, 60, undefined]);
  });

  it('shortens the window by the time factor and tells waits in the service’s seconds', () => {
    let now = 0;
    const budget = new OperationBudget(() => now);
    budget.limit({ operations: 1, timeFactor: 60 });
    budget.spend(undefined);
    now = 500;
    assert.equal(budget.spend(undefined), 30);
    now = 1000;
    assert.equal(budget.spend(undefined), undefined);
  });

  it('never grants more than the budget in a window, and grants after the wait that it told', () => {
    const steps = fc.array(
      fc.record({
        passMs: fc.nat(40_000),
        items: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 40 }), steps, (operations, requests) => {
        let now = 0;
        let granted: { at: number; cost: number }[] = [];
        const budget = new OperationBudget(() => now);
        budget.limit({ operations, bulkCost: 'items' });
        for (const { passMs, items } of requests) {
          now += passMs;
          const waitS = budget.spend(items);
          if (waitS !== undefined) {
            assert.ok(waitS >= 1 && waitS <= 60);
            now += waitS * 1000;
            assert.equal(budget.spend(items), undefined);
            granted = [];
          }
          const opened = granted[0];
          if (opened !== undefined && now - opened.at >= 60_000) granted = [];
          granted.push({ at: now, cost: items ?? 1 });
          assert.ok(granted.reduce((sum, grant) => sum + grant.cost, 0) <= operations);
        }
      }),
    );
  });
});

describe('throttling', () => {
  const throttle = (emulator: TestEmulator, method: string, body?: unknown) =>
    send(emulator, { method, path: '/$emulator/throttle', body });
  const put = (emulator: TestEmulator, id: string) =>
    callService(emulator, 'PUT', `/enrollments/${id}`, enrollmentDocument(id));

  it('O5 answers 429 with Retry-After beyond the budget, does nothing, and counts it', async () => {
    await using emulator = await emulatorForTest();
    const set = { operations: 12, perMs: 60_000, bulkCost: 10, timeFactor: 1 };
    assert.deepEqual((await throttle(emulator, 'POST', { operations: 12, bulkCost: 10 })).json, {
      throttle: set,
    });
    assert.deepEqual((await throttle(emulator, 'GET')).json, { throttle: set });
    const bulk = (prefix: string) =>
      callService(emulator, 'POST', '/enrollments', {
        mode: 'create',
        enrollments: [enrollmentDocument(`${prefix}-1`), enrollmentDocument(`${prefix}-2`)],
      });
    assert.equal((await bulk('a')).status, 200);
    const refused = await bulk('b');
    assert.equal(refused.status, 429);
    assert.equal(refused.json.errorCode, 429001);
    const wait = Number(refused.headers['retry-after']);
    assert.ok(wait > 0 && wait <= 60, String(wait));
    assert.equal((await put(emulator, 'c')).status, 200);
    assert.equal((await put(emulator, 'd')).status, 200);
    assert.equal((await put(emulator, 'e')).status, 429);
    const { requests, throttled, enrollments } = (
      await send(emulator, { method: 'GET', path: '/$emulator/state' })
    ).json;
    assert.deepEqual([requests, throttled, enrollments.length], [5, 2, 4]);
    assert.equal((await throttle(emulator, 'DELETE')).status, 204);
    assert.deepEqual((await throttle(emulator, 'GET')).json, { throttle: null });
    assert.equal((await bulk('b')).status, 200);
  });

  it('grants again after Retry-After', async () => {
    await using emulator = await emulatorForTest({ throttle: { operations: 1, perMs: 900 } });
    assert.equal((await put(emulator, 'a')).status, 200);
    const refused = await put(emulator, 'b');
    assert.equal(refused.status, 429);
    assert.equal(refused.headers['retry-after'], '1');
    await new Promise(resolve => setTimeout(resolve, 1000));
    assert.equal((await put(emulator, 'b')).status, 200);
  });

  it('spends nothing on a request without a valid token', async () => {
    await using emulator = await emulatorForTest({ throttle: { operations: 1 } });
    const stranger = { method: 'GET', path: '/enrollments/a?api-version=2021-10-01' };
    for (let time = 0; time < 3; time += 1) assert.equal((await send(emulator, stranger)).status, 401);
    assert.equal((await put(emulator, 'a')).status, 200);
    assert.equal((await put(emulator, 'b')).status, 429);
  });

  it('says what is wrong with a budget, and keeps the one before', async () => {
    await using emulator = await emulatorForTest({ throttle: { operations: 7 } });
    const wrong: [unknown, RegExp][] = [
      [{}, /operations/],
      [{ operations: 0 }, /operations/],
      [{ operations: 5, bulkCost: 11 }, /bulkCost/],
      [{ operations: 5, bulkCost: 10 }, /bulkCost: a bulk request would never fit/],
      [{ operations: 5, timeFactor: 0.5 }, /timeFactor/],
      [{ operations: 5, burst: 1 }, /burst/],
      [[], /object/],
    ];
    for (const [body, message] of wrong) {
      const answer = await throttle(emulator, 'POST', body);
      assert.equal(answer.status, 400, JSON.stringify(body));
      assert.match(answer.json.message, message);
    }
    assert.equal((await throttle(emulator, 'GET')).json.throttle.operations, 7);
    assert.equal((await throttle(emulator, 'PATCH')).status, 405);
    await assert.rejects(emulatorForTest({ throttle: { operations: 0 } }), RangeError);
  });
});
