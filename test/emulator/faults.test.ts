import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { enrollmentDocument } from './enrollment-documents.ts';
import {
  callService,
  emulatorForTest,
  send,
  type TestEmulator,
  temporaryDirectory,
  tokenOf,
  until,
} from './running-emulator.ts';

const arm = async (emulator: TestEmulator, fault: unknown) => {
  const answer = await send(emulator, { method: 'POST', path: '/$emulator/faults', body: fault });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
};
const disarm = (emulator: TestEmulator) => send(emulator, { method: 'DELETE', path: '/$emulator/faults' });
const state = async (emulator: TestEmulator) =>
  (await send(emulator, { method: 'GET', path: '/$emulator/state' })).json;
const put = (emulator: TestEmulator, id: string) =>
  callService(emulator, 'PUT', `/enrollments/${id}`, enrollmentDocument(id));
const get = (emulator: TestEmulator, id: string) => callService(emulator, 'GET', `/enrollments/${id}`);

describe('offline', () => {
  it('resets every connection before anything is done, the control API stays, and ends when it is taken away', async () => {
    await using emulator = await emulatorForTest();
    await arm(emulator, { kind: 'offline' });
    for (const id of ['dut-1', 'dut-2']) await assert.rejects(put(emulator, id), { code: 'ECONNRESET' });
    assert.deepEqual((await state(emulator)).enrollments, []);
    assert.equal((await disarm(emulator)).status, 204);
    assert.equal((await put(emulator, 'dut-1')).status, 200);
  });
});

describe('slow', () => {
  it('does the work only after the delay', async () => {
    await using emulator = await emulatorForTest();
    await arm(emulator, { kind: 'slow', delayMs: 300, requests: 1 });
    const started = performance.now();
    assert.equal((await put(emulator, 'dut-1')).status, 200);
    assert.ok(performance.now() - started >= 299);
    const again = performance.now();
    await get(emulator, 'dut-1');
    assert.ok(performance.now() - again < 300);
  });

  it('does not hold up the end of the emulator, which leaves undone what still waits', async () => {
    const dir = temporaryDirectory();
    const stateFile = join(dir, 'enrollments.sqlite');
    await using emulator = await emulatorForTest({ dir, stateFile });
    await arm(emulator, { kind: 'slow', delayMs: 3_600_000 });
    const answer = put(emulator, 'dut-1').then(
      () => 'answered',
      error => error.code,
    );
    await until(async () => (await state(emulator)).requests === 1);
    await emulator.close();
    assert.equal(await answer, 'ECONNRESET');
    assert.deepEqual(emulator.defects, []);
    await using next = await emulatorForTest({ dir, stateFile });
    assert.deepEqual((await state(next)).enrollments, []);
    rmSync(dir, { recursive: true });
  });

  it('does the work although the client has gone, as a service would', async () => {
    await using emulator = await emulatorForTest();
    await arm(emulator, { kind: 'slow', delayMs: 100, requests: 1 });
    const impatient = request({
      host: '127.0.0.1',
      port: emulator.port,
      ca: readFileSync(emulator.caFile),
      agent: false,
      method: 'PUT',
      path: '/enrollments/dut-1?api-version=2021-10-01',
      headers: {
        Authorization: tokenOf(emulator.connectionString),
        'Content-Type': 'application/json',
      },
    });
    impatient.on('error', () => {});
    impatient.end(JSON.stringify(enrollmentDocument('dut-1')));
    await until(async () => (await state(emulator)).requests === 1);
    impatient.destroy();
    await until(async () => (await state(emulator)).enrollments.length === 1);
    assert.equal((await get(emulator, 'dut-1')).status, 200);
    assert.deepEqual(emulator.defects, []);
  });
});

describe('throttled', () => {
  it('answers 429 with Retry-After in seconds, does nothing, and counts it', async () => {
    await using emulator = await emulatorForTest();
    await arm(emulator, { kind: 'throttled', retryAfterS: 7, requests: 2 });
    for (let time = 0; time < 2; time += 1) {
      const answer = await put(emulator, 'dut-1');
      assert.equal(answer.status, 429);
      assert.equal(answer.json.errorCode, 429001);
      assert.equal(answer.headers['retry-after'], '7');
    }
    assert.equal((await put(emulator, 'dut-1')).status, 200);
    const { totals: _, ...documented } = await state(emulator);
    assert.deepEqual(documented, {
      enrollments: [{ registrationId: 'dut-1', created: 1, overwritten: 0, repeatedCreates: 0, deleted: 0 }],
      requests: 3,
      throttled: 2,
    });
  });
});

describe('server-error', () => {
  it('answers 500 in the error shape and does nothing', async () => {
    await using emulator = await emulatorForTest();
    await arm(emulator, { kind: 'server-error', requests: 1 });
    const answer = await put(emulator, 'dut-1');
    assert.equal(answer.status, 500);
    assert.equal(answer.json.errorCode, 500001);
    assert.equal((await get(emulator, 'dut-1')).status, 404);
  });
});

describe('reply-dropped', () => {
  it('O3 does and keeps the work, then loses the reply', async () => {
    await using emulator = await emulatorForTest();
    await arm(emulator, { kind: 'reply-dropped', requests: 1 });
    await assert.rejects(put(emulator, 'dut-1'), { code: 'ECONNRESET' });
    assert.equal((await get(emulator, 'dut-1')).json.registrationId, 'dut-1');
    assert.equal((await put(emulator, 'dut-1')).status, 409);
    assert.deepEqual((await state(emulator)).enrollments, [
      { registrationId: 'dut-1', created: 1, overwritten: 0, repeatedCreates: 1, deleted: 0 },
    ]);
  });

  it('does the whole of a bulk request before it loses the reply', async () => {
    await using emulator = await emulatorForTest();
    await arm(emulator, { kind: 'reply-dropped', operations: ['bulk'] });
    const enrollments = ['dut-1', 'dut-2', 'dut-3'].map(id => enrollmentDocument(id));
    await assert.rejects(callService(emulator, 'POST', '/enrollments', { mode: 'create', enrollments }), {
      code: 'ECONNRESET',
    });
    assert.equal((await state(emulator)).enrollments.length, 3);
    assert.equal((await get(emulator, 'dut-3')).status, 200);
  });
});

describe('ArmedFaults', () => {
  const outcomes = async (fault: Record<string, unknown>) => {
    await using emulator = await emulatorForTest();
    await arm(emulator, { kind: 'server-error', ...fault });
    const statuses: number[] = [];
    for (let index = 0; index < 40; index += 1) statuses.push((await get(emulator, 'dut-1')).status);
    return statuses;
  };

  it('draws by probability, the same each time for the same seed', async () => {
    const first = await outcomes({ probability: 0.5, seed: 7 });
    assert.deepEqual(await outcomes({ probability: 0.5, seed: 7 }), first);
    assert.notDeepEqual(await outcomes({ probability: 0.5, seed: 8 }), first);
    const struck = first.filter(status => status === 500).length;
    assert.ok(struck >= 10 && struck <= 30, `${struck} of 40`);
    assert.equal((await outcomes({ probability: 0 })).filter(status => status === 500).length, 0);
  });

  it('with probability and a number of requests strikes so often in all', async () => {
    const statuses = await outcomes({ probability: 0.5, seed: 3, requests: 4 });
    assert.equal(statuses.filter(status => status === 500).length, 4);
    assert.notDeepEqual(statuses.slice(0, 4), [500, 500, 500, 500]);
  });

  it('strikes only the operations that it names', async () => {
    await using emulator = await emulatorForTest();
    await arm(emulator, { kind: 'server-error', operations: ['createOrUpdate', 'bulk'] });
    assert.equal((await put(emulator, 'dut-1')).status, 500);
    assert.equal((await get(emulator, 'dut-1')).status, 404);
  });

  it('lets faults act together, the one armed first outermost', async () => {
    await using emulator = await emulatorForTest();
    await arm(emulator, { kind: 'slow', delayMs: 120 });
    await arm(emulator, { kind: 'throttled', requests: 1 });
    const started = performance.now();
    assert.equal((await put(emulator, 'dut-1')).status, 429);
    assert.ok(performance.now() - started >= 119);
  });

  it('lists what is armed and how often it struck; an exhausted fault is gone', async () => {
    await using emulator = await emulatorForTest();
    const armed = await arm(emulator, { kind: 'throttled', requests: 2, operations: ['get'] });
    const view = {
      id: 1,
      kind: 'throttled',
      requests: 2,
      probability: 1,
      seed: 1,
      operations: ['get'],
      parameters: { retryAfterS: 1 },
      struck: 0,
    };
    assert.deepEqual(armed, view);
    await get(emulator, 'dut-1');
    const list = () => send(emulator, { method: 'GET', path: '/$emulator/faults' });
    assert.deepEqual((await list()).json, [{ ...view, struck: 1 }]);
    await get(emulator, 'dut-1');
    assert.deepEqual((await list()).json, []);
  });

  it('says what is wrong with a fault that cannot be armed', async () => {
    await using emulator = await emulatorForTest();
    const wrong: [unknown, RegExp][] = [
      [{}, /kind/],
      [{ kind: 'earthquake' }, /must be one of offline, refused, slow/],
      [{ kind: 'slow' }, /delayMs/],
      [{ kind: 'slow', delayMs: -1 }, /delayMs/],
      [{ kind: 'offline', delayMs: 1 }, /delayMs/],
      [{ kind: 'offline', requests: 0 }, /requests/],
      [{ kind: 'offline', probability: 2 }, /probability/],
      [{ kind: 'offline', operations: ['fly'] }, /operations/],
      [{ kind: 'offline', methods: ['FLY'] }, /methods/],
      [{ kind: 'offline', path: 'enrollments' }, /path/],
      [{ kind: 'offline', durationMs: 0 }, /durationMs/],
      [{ kind: 'refused' }, /durationMs/],
      [{ kind: 'garbage', body: 'gold' }, /body/],
      [{ kind: 'server-error', status: 200 }, /status/],
      [[], /object/],
    ];
    for (const [fault, message] of wrong) {
      const answer = await send(emulator, { method: 'POST', path: '/$emulator/faults', body: fault });
      assert.equal(answer.status, 400, JSON.stringify(fault));
      assert.match(answer.json.message, message);
    }
    assert.equal((await put(emulator, 'dut-1')).status, 200);
  });
});

describe('serveControlApi', () => {
  it('serves programs of this host and refuses what a web page could send', async () => {
    await using emulator = await emulatorForTest();
    const call = (headers: Record<string, string>, method = 'GET', path = '/$emulator/state') =>
      send(emulator, { method, path, headers });
    assert.equal((await call({})).status, 200);
    assert.equal((await call({ Host: `127.0.0.1:${emulator.port}` })).status, 200);
    assert.equal((await call({ Host: `rebound.example:${emulator.port}` })).status, 403);
    assert.equal((await call({ Origin: 'https://page.example' })).status, 403);
    assert.equal((await call({}, 'POST')).status, 405);
    assert.equal((await call({}, 'PATCH', '/$emulator/faults')).status, 405);
    assert.equal((await call({}, 'GET', '/$emulator/secrets')).status, 404);
  });

  it('does not count its own requests', async () => {
    await using emulator = await emulatorForTest();
    await state(emulator);
    assert.equal((await state(emulator)).requests, 0);
  });
});
