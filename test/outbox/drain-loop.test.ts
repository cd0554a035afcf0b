/** The running station's drain, on an injected clock: it moves only when the test lets a wait be over. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { DpsError } from '../../src/dps/errors.ts';
import type { EnrollmentService } from '../../src/dps/service.ts';
import type { Connection } from '../../src/outbox/connection.ts';
import { DrainLoop } from '../../src/outbox/drain-loop.ts';
import type { Timing } from '../../src/outbox/timing.ts';
import { EmulatedDps } from './emulated-dps.ts';
import { makeEntries, makeEntry } from './entries.ts';
import { MemoryStore } from './memory-store.ts';
import { ScriptedService } from './scripted-service.ts';

/** Waits are held until the test ends them. */
class HeldTiming implements Timing {
  readonly #held: { readonly ms: number; readonly end: () => void }[] = [];
  #arrived: (() => void)[] = [];
  #now = 1_700_000_000_000;

  now = () => this.#now;
  random = () => 0.999_999_9;

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise(resolve => {
      const held = { ms, end: () => this.#end(held, resolve) };
      signal?.addEventListener('abort', held.end, { once: true });
      this.#held.push(held);
      for (const arrived of this.#arrived.splice(0)) arrived();
    });
  }

  /** The length of the wait that the loop is in, once it is in one. */
  async rest(): Promise<number> {
    while (this.#held.length === 0) await new Promise<void>(resolve => this.#arrived.push(resolve));
    return this.#held[0]!.ms;
  }

  pass(): void {
    const held = this.#held[0];
    assert.ok(held);
    this.#now += held.ms;
    held.end();
  }

  #end(held: { readonly ms: number; readonly end: () => void }, resolve: () => void): void {
    const at = this.#held.indexOf(held);
    if (at >= 0) this.#held.splice(at, 1);
    resolve();
  }
}

interface Scene {
  readonly loop: DrainLoop;
  readonly timing: HeldTiming;
  readonly store: MemoryStore;
  readonly states: string[];
  readonly faults: unknown[];
}

function begin(
  context: TestContext,
  connect: () => Promise<EnrollmentService | undefined>,
  store = new MemoryStore([]),
): Scene {
  const timing = new HeldTiming();
  const states: string[] = [];
  const faults: unknown[] = [];
  const loop = new DrainLoop({
    store,
    timing,
    connect,
    host: 'line7.example',
    onConnection: ({ state, code }: Connection) =>
      states.push(code === undefined ? state : `${state} ${code}`),
    onStoreFault: error => faults.push(error),
  });
  context.after(() => loop.stop());
  loop.start();
  return { loop, timing, store, states, faults };
}

/** A scripted service that counts what it is asked, and can be made to refuse everything. */
class Switchable extends ScriptedService {
  refusal: DpsError | undefined;
  requests = 0;

  constructor() {
    super([]);
  }

  #check(): void {
    this.requests++;
    if (this.refusal) throw this.refusal;
  }

  override async createMany(...parameters: Parameters<ScriptedService['createMany']>) {
    this.#check();
    return super.createMany(...parameters);
  }

  override async get(id: string) {
    this.#check();
    return super.get(id);
  }

  override async probe() {
    this.#check();
    return super.probe();
  }
}

const away = () => new DpsError('offline', 'away', { notSent: true });
const idle = Number.POSITIVE_INFINITY;

describe('DrainLoop', () => {
  it('probes once at the start, then rests without polling until it is poked', async context => {
    const service = new Switchable();
    const { loop, timing, store, states } = begin(context, async () => service);
    assert.equal(await timing.rest(), idle);
    assert.deepEqual([states, service.requests], [['online'], 1]);
    store.add(makeEntry());
    loop.poke();
    assert.equal(await timing.rest(), idle);
    assert.deepEqual([store.waiting(), service.requests], [0, 2]);
    assert.equal(loop.connection.lastContact, timing.now());
    assert.equal(loop.connection.host, 'line7.example');
  });

  it('O5 offline: one probe a step from 2 s to 30 s, no entry touched, and all sent when it is back', async context => {
    const service = new Switchable();
    service.refusal = away();
    const store = new MemoryStore(makeEntries(25));
    const { loop, timing, states } = begin(context, async () => service, store);
    const waits: number[] = [];
    for (let step = 0; step < 6; step++) {
      waits.push(await timing.rest());
      loop.poke();
      assert.equal(service.requests, step + 1);
      timing.pass();
    }
    assert.deepEqual(waits, [2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    assert.ok(store.rows().every(row => row.attempts === 0));
    await timing.rest();
    service.refusal = undefined;
    timing.pass();
    assert.equal(await timing.rest(), idle);
    assert.deepEqual([store.waiting(), states], [0, ['offline offline', 'online']]);
  });

  it('O5 probes at once when it is told that the network changed', async context => {
    const service = new Switchable();
    service.refusal = away();
    const { loop, timing, states } = begin(context, async () => service);
    await timing.rest();
    service.refusal = undefined;
    loop.probeNow();
    assert.equal(await timing.rest(), idle);
    assert.deepEqual(states, ['offline offline', 'online']);
  });

  it('opens the circuit where the key is refused, and closes it with the new key', async context => {
    const service = new Switchable();
    service.refusal = new DpsError('unauthorized', 'no', { status: 401 });
    const store = new MemoryStore(makeEntries(3));
    const { loop, timing, states } = begin(context, async () => service, store);
    assert.equal(await timing.rest(), 30_000);
    assert.deepEqual([states, loop.connection.lastContact], [['refused unauthorized'], timing.now()]);
    service.refusal = undefined;
    loop.reconnect();
    assert.equal(await timing.rest(), idle);
    assert.deepEqual([states.at(-1), store.waiting()], ['online', 0]);
  });

  it('O5 throttled is online, waits as asked, and no poke shortens it', async context => {
    const service = new Switchable();
    const { loop, timing, store, states } = begin(context, async () => service);
    await timing.rest();
    service.refusal = new DpsError('throttled', 'slow down', { status: 429, retryAfterMs: 9_000 });
    store.add(makeEntry());
    loop.poke();
    while ((await timing.rest()) !== 9_000) await new Promise(resolve => setImmediate(resolve));
    loop.poke();
    assert.equal(service.requests, 2);
    service.refusal = undefined;
    timing.pass();
    while (store.waiting() > 0) await new Promise(resolve => setImmediate(resolve));
    assert.deepEqual(states, ['online']);
  });

  it('says offline only after a fault that lasts', async context => {
    const service = new Switchable();
    const store = new MemoryStore([]);
    const { loop, timing, states } = begin(context, async () => service, store);
    await timing.rest();
    service.refusal = new DpsError('server-error', 'fault', { status: 500 });
    store.add(makeEntry());
    loop.poke();
    for (const step of [250, 500, 1_000]) {
      while ((await timing.rest()) !== step) await new Promise(resolve => setImmediate(resolve));
      assert.deepEqual(states, step === 1_000 ? ['online', 'offline server-error'] : ['online']);
      timing.pass();
    }
  });

  it('says what is wrong with its settings, or that there are none, and does not try by itself', async context => {
    let settings: 'none' | 'broken' | 'good' = 'none';
    const { loop, timing, states } = begin(context, async () => {
      if (settings === 'none') return undefined;
      if (settings === 'broken') throw new DpsError('connection-string-invalid', 'lacks HostName');
      return new Switchable();
    });
    assert.equal(await timing.rest(), idle);
    settings = 'broken';
    loop.reconnect();
    while (states.length < 2) await new Promise(resolve => setImmediate(resolve));
    assert.equal(await timing.rest(), idle);
    settings = 'good';
    loop.reconnect();
    while (states.length < 3) await new Promise(resolve => setImmediate(resolve));
    assert.deepEqual(states, ['not-configured', 'refused connection-string-invalid', 'online']);
  });

  it('reports a fault of the ledger and goes on after a pause', async context => {
    const store = new MemoryStore(makeEntries(2));
    const take = store.take.bind(store);
    store.take = () => {
      throw new Error('disk full');
    };
    const { timing, faults } = begin(context, async () => new Switchable(), store);
    assert.equal(await timing.rest(), 5_000);
    assert.match(String(faults[0]), /disk full/);
    store.take = take;
    timing.pass();
    assert.equal(await timing.rest(), idle);
    assert.equal(store.waiting(), 0);
  });

  it('stops while a request hangs: cuts it, and the entry is asked about by the next one', async context => {
    const dps = await EmulatedDps.start();
    context.after(() => dps.close());
    const store = new MemoryStore(makeEntries(5));
    const first = begin(context, async () => dps.connect(), store);
    await dps.arm({ kind: 'slow', delayMs: 60_000, operations: ['bulk'], requests: 1 });
    while (store.unresolved(1).length === 0) await new Promise(resolve => setImmediate(resolve));
    const stopped = first.loop.stop();
    assert.equal(await first.timing.rest(), 3_000);
    first.timing.pass();
    await stopped;
    assert.ok(store.rows().every(row => row.state === 'sending'));
    const second = begin(context, async () => dps.connect(), store);
    assert.equal(await second.timing.rest(), idle);
    assert.equal(store.waiting(), 0);
  });
});
