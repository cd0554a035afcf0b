/** The faults that garble, lose or date an answer, refuse it, or take the network away. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { describe, it } from 'node:test';
import { enrollmentDocument } from './enrollment-documents.ts';
import {
  callService,
  control,
  emulatorForTest,
  fieldsOf,
  type HttpAnswer,
  send,
  type TestEmulator,
  tokenOf,
  until,
} from './running-emulator.ts';

const arm = (emulator: TestEmulator, fault: unknown) => control(emulator, 'POST', 'faults', fault);
const put = (emulator: TestEmulator, id: string) =>
  callService(emulator, 'PUT', `/enrollments/${id}`, enrollmentDocument(id));
const get = (emulator: TestEmulator, id: string) => callService(emulator, 'GET', `/enrollments/${id}`);

/** What comes back as it comes: status, headers, the bytes of the body and how it ended. */
function raw(emulator: TestEmulator, id: string, timeoutMs = 5000) {
  return new Promise<{ status: number; type: string; bytes: Buffer; ended: string }>((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port: emulator.port,
        ca: readFileSync(emulator.caFile),
        agent: false,
        timeout: timeoutMs,
        path: `/enrollments/${id}?api-version=2021-10-01`,
        headers: { Authorization: tokenOf(emulator.connectionString) },
      },
      response => {
        const chunks: Buffer[] = [];
        const end = (ended: string) =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            bytes: Buffer.concat(chunks),
            ended,
          });
        response.on('data', chunk => chunks.push(chunk));
        response.on('end', () => end('whole'));
        response.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
      },
    );
    call.on('timeout', () => call.destroy(new Error('silent')));
    call.on('error', reject);
    call.end();
  });
}

describe('unauthorized, forbidden', () => {
  it('refuse with 401 and 403 whatever the token, and do nothing', async () => {
    await using emulator = await emulatorForTest();
    await arm(emulator, { kind: 'unauthorized', requests: 1 });
    const first = await put(emulator, 'dut-1');
    assert.deepEqual([first.status, first.json.errorCode], [401, 401002]);
    await arm(emulator, { kind: 'forbidden', requests: 1 });
    const second = await put(emulator, 'dut-1');
    assert.deepEqual([second.status, second.json.errorCode], [403, 403000]);
    assert.equal((await get(emulator, 'dut-1')).status, 404);
  });
});

describe('server-error', () => {
  it('is 500, or 502, 503 or 504 where it is told so, with Retry-After where it is told so', async () => {
    await using emulator = await emulatorForTest();
    const statuses: (number | string | undefined)[][] = [];
    for (const more of [{}, { status: 502 }, { status: 503, retryAfterS: 4 }, { status: 504 }]) {
      await arm(emulator, { kind: 'server-error', requests: 1, ...more });
      const answer = await get(emulator, 'dut-1');
      statuses.push([answer.status, answer.json.errorCode, answer.headers['retry-after']]);
    }
    assert.deepEqual(statuses, [
      [500, 500001, undefined],
      [502, 502001, undefined],
      [503, 503001, '4'],
      [504, 504001, undefined],
    ]);
  });
});

describe('cut', () => {
  it('O3 does and keeps the work, and ends the answer inside its body', async () => {
    await using emulator = await emulatorForTest();
    await arm(emulator, { kind: 'cut', requests: 1, methods: ['PUT'] });
    await assert.rejects(put(emulator, 'dut-1'), { code: 'ECONNRESET' });
    const whole = (await get(emulator, 'dut-1')).text;
    for (const [afterBytes, bytes] of [
      [undefined, Math.floor(whole.length / 2)],
      [7, 7],
      [1_000_000, whole.length - 1],
    ]) {
      await arm(emulator, { kind: 'cut', requests: 1, afterBytes });
      const part = await raw(emulator, 'dut-1');
      assert.deepEqual(
        [part.status, part.bytes.toString(), part.ended],
        [200, whole.slice(0, bytes), 'ECONNRESET'],
      );
    }
    await arm(emulator, { kind: 'cut', requests: 1 });
    await assert.rejects(callService(emulator, 'DELETE', '/enrollments/dut-1'), { code: 'ECONNRESET' });
    assert.equal((await get(emulator, 'dut-1')).status, 404);
    assert.deepEqual(emulator.defects, []);
  });
});

describe('garbage', () => {
  it('keeps the work and the status, and answers another body than was made', async () => {
    await using emulator = await emulatorForTest();
    await put(emulator, 'dut-1');
    const seen: Record<string, [string, string]> = {};
    for (const body of ['text', 'bytes', 'nothing', 'other-json', 'page']) {
      await arm(emulator, { kind: 'garbage', requests: 1, body });
      const made = await raw(emulator, 'dut-1');
      assert.deepEqual([made.status, made.ended], [200, 'whole']);
      seen[body] = [made.type, made.bytes.toString('latin1')];
    }
    const json = 'application/json; charset=utf-8';
    assert.deepEqual(
      Object.values(seen).map(([type]) => type),
      [json, json, json, json, 'text/html'],
    );
    assert.throws(() => JSON.parse(seen.text?.[1] ?? ''), SyntaxError);
    assert.equal(seen.nothing?.[1], '');
    assert.doesNotThrow(() => JSON.parse(seen['other-json']?.[1] ?? ''));
    assert.equal(new Set(Object.values(seen).map(([, text]) => text)).size, 5);
  });
});

describe('hang', () => {
  it('takes the request and never answers, before the work or after it, and does not hold up the end', async () => {
    await using emulator = await emulatorForTest();
    await arm(emulator, { kind: 'hang', requests: 1 });
    await assert.rejects(raw(emulator, 'dut-1', 300), /silent/);
    assert.equal((await get(emulator, 'dut-1')).status, 404);
    await arm(emulator, { kind: 'hang', requests: 1, work: 'done' });
    const silent = put(emulator, 'dut-1').then(
      () => 'answered',
      error => error.code,
    );
    await until(async () => (await get(emulator, 'dut-1')).status === 200);
    await emulator.close();
    assert.equal(await silent, 'ECONNRESET');
    assert.deepEqual(emulator.defects, []);
  });
});

describe('wrong-clock', () => {
  it('O7 dates its answers by the wrong clock and judges tokens by it', async () => {
    await using emulator = await emulatorForTest();
    const aheadS = (answer: HttpAnswer) =>
      Math.round((Date.parse(String(answer.headers.date)) - Date.now()) / 1000);
    const tokenFor = (seconds: number) => ({
      Authorization: tokenOf(emulator.connectionString, {
        se: fieldsOf(emulator.connectionString).se - 3600 + seconds,
      }),
    });
    const getWith = (headers: Record<string, string>) =>
      callService(emulator, 'GET', '/enrollments/dut-1', undefined, headers);
    assert.ok(Math.abs(aheadS(await getWith({}))) <= 2);
    await arm(emulator, { kind: 'wrong-clock', skewS: 7200 });
    const early = await getWith(tokenFor(3600));
    assert.match(early.json.message, /expired/);
    assert.ok(Math.abs(aheadS(early) - 7200) <= 2, String(early.headers.date));
    assert.equal((await getWith(tokenFor(10_000))).status, 404);
    await control(emulator, 'DELETE', 'faults');
    const twoYears = 2 * 365 * 86_400;
    await arm(emulator, { kind: 'wrong-clock', skewS: -twoYears });
    const late = await getWith(tokenFor(-twoYears + 600));
    assert.equal(late.status, 404);
    assert.ok(Math.abs(aheadS(late) + twoYears) <= 2, String(late.headers.date));
  });
});

describe('refused', () => {
  it('cuts every connection, refuses new ones, and comes back on the same port by itself', async () => {
    await using emulator = await emulatorForTest();
    const agent = new Agent({ keepAlive: true, ca: readFileSync(emulator.caFile) });
    const kept = new Promise<string>(resolve => {
      agent.on('free', socket => socket.on('close', () => resolve('closed')));
    });
    request(`${emulator.serviceUrl}/nowhere`, { agent }, response => response.resume()).end();
    await until(() => Object.keys(agent.freeSockets).length > 0);
    await arm(emulator, { kind: 'refused', durationMs: 400 });
    assert.equal(await kept, 'closed');
    await assert.rejects(get(emulator, 'dut-1'), { code: 'ECONNREFUSED' });
    await until(() =>
      get(emulator, 'dut-1').then(
        answer => answer.status === 404,
        () => false,
      ),
    );
    assert.deepEqual(await control(emulator, 'GET', 'faults'), []);
    agent.destroy();
    assert.deepEqual(emulator.defects, []);
  });

  it('does not hold up the end of the emulator, which does not come back then', async () => {
    await using emulator = await emulatorForTest();
    await arm(emulator, { kind: 'refused', durationMs: 3_600_000 });
    await emulator.close();
    await assert.rejects(get(emulator, 'dut-1'), { code: 'ECONNREFUSED' });
  });
});

describe('the conditions of a fault', () => {
  it('narrow it to methods, to the beginning of a path, and to a time', async () => {
    await using emulator = await emulatorForTest();
    await arm(emulator, { kind: 'server-error', methods: ['PUT'], path: '/enrollments/A-' });
    assert.equal((await put(emulator, 'a-1')).status, 500);
    assert.equal((await get(emulator, 'a-1')).status, 404);
    assert.equal((await put(emulator, 'b-1')).status, 200);
    await control(emulator, 'DELETE', 'faults');
    const started = performance.now();
    await arm(emulator, { kind: 'server-error', durationMs: 300 });
    assert.equal((await get(emulator, 'b-1')).status, 500);
    await until(async () => (await get(emulator, 'b-1')).status !== 500);
    assert.ok(performance.now() - started >= 299);
    assert.deepEqual(await control(emulator, 'GET', 'faults'), []);
  });

  it('narrow it to the operations on groups and registrations too', async () => {
    await using emulator = await emulatorForTest();
    await arm(emulator, { kind: 'server-error', operations: ['getGroup', 'getRegistration'] });
    assert.equal((await callService(emulator, 'GET', '/enrollmentGroups/plant')).status, 500);
    assert.equal((await callService(emulator, 'GET', '/registrations/dut-1')).status, 500);
    assert.equal((await get(emulator, 'dut-1')).status, 404);
  });

  it('are listed each with a number, by which one is taken away alone', async () => {
    await using emulator = await emulatorForTest();
    const first = await arm(emulator, { kind: 'server-error' });
    const second = await arm(emulator, { kind: 'slow', delayMs: 1 });
    await control(emulator, 'DELETE', `faults/${first.id}`);
    assert.deepEqual(
      (await control(emulator, 'GET', 'faults')).map((fault: { id: number }) => fault.id),
      [second.id],
    );
    const again = await send(emulator, { method: 'DELETE', path: `/$emulator/faults/${first.id}` });
    assert.equal(again.status, 404);
  });
});
