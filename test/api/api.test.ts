import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, inputBounds } from '../../src/api/contract.ts';
import { openCallsLimit } from '../../src/api/serve.ts';
import { idleFixture, scriptedStation, stationView, unexpected } from './scripted-station.ts';
import { transports } from './transports.ts';

/** Waits for a condition, not for a time. */
async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('waited 5 s for nothing');
    await delay(2);
  }
}

const hasCode = (code: string) => (error: unknown) => error instanceof ApiError && error.code === code;

for (const [name, open] of Object.entries(transports)) {
  test(`${name}: a call carries input and answer`, async () => {
    const station = scriptedStation({ clear: () => ({ ok: false, code: 'running' }) });
    const { api, end } = await open({ station, onFault: unexpected });
    assert.deepEqual(await api.view(), stationView);
    assert.deepEqual(await api.scan({ text: 'SN-1', fixture: 'f1' }), { ok: true, fixture: 'f1' });
    assert.deepEqual(await api.start({}), { ok: true, started: 1 });
    assert.deepEqual(await api.clear({ fixture: 'f1' }), { ok: false, code: 'running' });
    assert.deepEqual(station.calls, [
      { method: 'scan', input: { text: 'SN-1', fixture: 'f1' } },
      { method: 'start', input: {} },
    ]);
    await end();
  });

  test(`${name}: S1 input outside its bounds never reaches the station`, async () => {
    const station = scriptedStation();
    const { api, end } = await open({ station, onFault: unexpected });
    const bad: Parameters<typeof api.scan>[0][] = [
      { text: 'x'.repeat(inputBounds.text + 1) },
      { text: 'SN', fixture: '' },
      { text: 'SN', fixture: 'f'.repeat(inputBounds.fixture + 1) },
      { text: 7 } as never,
      { text: 'SN', extra: true } as never,
      undefined as never,
    ];
    for (const input of bad) await assert.rejects(api.scan(input), hasCode('invalid-input'));
    await assert.rejects(api.stop({} as never), hasCode('invalid-input'));
    assert.deepEqual(station.calls, []);
    assert.deepEqual(await api.view(), stationView, 'the connection goes on');
    await end();
  });

  test(`${name}: S2 a fault of the station reaches the client as a code, and the log in full`, async () => {
    const faults: unknown[] = [];
    const fault = new Error('secret path /var/lib/x');
    const station = scriptedStation({
      start: () => {
        throw fault;
      },
    });
    const { api, end } = await open({ station, onFault: given => faults.push(given) });
    const seen = await api.start({}).catch((error: unknown) => error);
    assert.ok(hasCode('failed')(seen));
    assert.doesNotMatch(`${seen} ${JSON.stringify(seen)}`, /secret|serve\.ts/);
    station.view = () => {
      throw fault;
    };
    await assert.rejects(async () => {
      for await (const _ of api.live()) assert.fail('no event');
    }, ApiError);
    assert.deepEqual(faults, [fault, fault]);
    await end();
  });

  test(`${name}: live gives the whole picture, then each change in order, and cleans up behind a client that leaves`, async () => {
    const station = scriptedStation();
    const { api, end } = await open({ station, onFault: unexpected });
    const kinds: string[] = [];
    for await (const event of api.live()) {
      kinds.push(event.kind);
      if (event.kind === 'snapshot') {
        station.emit({ kind: 'fixture', fixture: { ...idleFixture, state: 'armed' } });
        station.emit({ kind: 'fault', fault: 'ledger-full' });
      }
      if (event.kind === 'fault') break;
    }
    assert.deepEqual(kinds, ['snapshot', 'fixture', 'fault']);
    await until(() => station.listeners() === 0);
    await end();
  });

  test(`${name}: a closed connection ends its stream and its calls, and frees the station`, async () => {
    const station = scriptedStation({ start: () => new Promise(() => {}) });
    const { api, end } = await open({ station, onFault: unexpected });
    const stream = (async () => {
      for await (const _ of api.live()) api.close();
    })();
    const call = api.start({});
    await assert.rejects(call, hasCode('closed'));
    await assert.rejects(stream, hasCode('closed'));
    await assert.rejects(api.view(), hasCode('closed'));
    await api.closed;
    await until(() => station.listeners() === 0);
    await end();
  });

  test(`${name}: a call without an answer ends in time`, async () => {
    const station = scriptedStation({ start: () => new Promise(() => {}) });
    const { api, end } = await open({ station, onFault: unexpected }, { timeout: 50 });
    await assert.rejects(api.start({}), hasCode('timeout'));
    assert.deepEqual(await api.view(), stationView);
    await end();
  });

  for (const [what, message] of [
    ['no JSON', '{'],
    ['no message of the protocol', '{"i":"1","p":{"u":7}}'],
    ['null', 'null'],
    ['a call, but too long', `{"i":"1","p":{"u":"/view","b":{"json":"${'x'.repeat(70_000)}"}}}`],
    ['binary', new Uint8Array([1, 2, 3])],
  ] as const) {
    test(`${name}: S1 a message that is ${what} ends that connection and nothing else`, async () => {
      const context = { station: scriptedStation(), onFault: unexpected };
      const bad = await open(context);
      bad.sendRaw(message);
      await bad.api.closed;
      await bad.end();
      const good = await open(context);
      assert.deepEqual(await good.api.view(), stationView);
      await good.end();
    });
  }

  test(`${name}: S1 a client with too many open calls is sent away`, async () => {
    const station = scriptedStation({ start: () => new Promise(() => {}) });
    const { api, end } = await open({ station, onFault: unexpected });
    const calls = Array.from({ length: openCallsLimit + 1 }, () => api.start({}));
    for (const result of await Promise.allSettled(calls))
      assert.ok(result.status === 'rejected' && hasCode('closed')(result.reason));
    await end();
  });
}
