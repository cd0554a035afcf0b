/**
 * An hour of a station's life in simulated time: a device every ten seconds, and from minute 10 to minute 40 a DPS with one
 * kind of fault, or with all of them in turn. What is checked is RULES.md: which waits follow each other, what is asked
 * before what is sent, how many calls there are, and that every device is in DPS once at the end.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DpsError } from '../../src/dps/errors.ts';
import type { BulkAnswer, EnrollmentDocument, EnrollmentRecord } from '../../src/dps/service.ts';
import { backoffSteps, type FaultKind } from '../../src/outbox/backoff.ts';
import { DrainLoop } from '../../src/outbox/drain-loop.ts';
import { makePace } from '../../src/outbox/pace.ts';
import { PacedService } from '../../src/outbox/paced-service.ts';
import { makeEntry } from './entries.ts';
import { MemoryStore } from './memory-store.ts';
import { ScriptedService } from './scripted-service.ts';
import { SimulatedTime } from './simulated-time.ts';

const second = 1_000;
const minute = 60 * second;
const deviceEvery = 10 * second;
const from = 10 * minute;
const to = 40 * minute;
const replyMs = 80;
const deadlineMs = 20 * second;

interface Fault {
  /** Whether the request did its work before the fault. */
  readonly worked?: boolean;
  readonly afterMs?: number;
  /** Reading goes well. */
  readonly writesOnly?: boolean;
  readonly error: () => DpsError;
}

const faults: Readonly<Record<string, Fault & { readonly kind: FaultKind }>> = {
  'no network': { kind: 'unreachable', error: () => new DpsError('offline', '', { notSent: true }) },
  'a certificate of another CA': {
    kind: 'unreachable',
    error: () => new DpsError('tls', '', { notSent: true }),
  },
  'something else that answers': { kind: 'unreachable', error: () => new DpsError('answer-malformed', '') },
  'replies that are lost': { kind: 'transient', worked: true, error: () => new DpsError('offline', '') },
  'connections that break': { kind: 'transient', error: () => new DpsError('offline', '') },
  'no reply in time': {
    kind: 'transient',
    worked: true,
    afterMs: deadlineMs,
    error: () => new DpsError('timeout', ''),
  },
  'a fault of its own': {
    kind: 'transient',
    error: () => new DpsError('server-error', '', { status: 500 }),
  },
  'throttling without a time': {
    kind: 'transient',
    error: () => new DpsError('throttled', '', { status: 429 }),
  },
  'a key that is refused': {
    kind: 'refused',
    error: () => new DpsError('unauthorized', '', { status: 401 }),
  },
  'a policy that may not write': {
    kind: 'refused',
    writesOnly: true,
    error: () => new DpsError('forbidden', '', { status: 403 }),
  },
};

/** Faulty for a while; counts calls, and holds the drain to asking before sending again. */
class FaultyService extends ScriptedService {
  readonly calls: number[] = [];
  readonly fallen: number[] = [];
  readonly #time: SimulatedTime;
  readonly #fault: () => Fault | undefined;
  readonly #unknown = new Set<string>();

  constructor(time: SimulatedTime, fault: () => Fault | undefined) {
    super([]);
    this.#time = time;
    this.#fault = fault;
  }

  override createMany(documents: readonly EnrollmentDocument[]): Promise<BulkAnswer> {
    for (const { registrationId } of documents)
      assert.ok(!this.#unknown.has(registrationId), 'asked about before it is sent again');
    return this.#call(true, () => super.createMany(documents)).catch((error: DpsError) => {
      const done = !error.notSent && ![401, 403, 429].includes(error.status ?? 0);
      if (done) for (const { registrationId } of documents) this.#unknown.add(registrationId);
      throw error;
    });
  }

  override async get(registrationId: string): Promise<EnrollmentRecord | undefined> {
    const record = await this.#call(false, () => super.get(registrationId));
    this.#unknown.delete(registrationId);
    return record;
  }

  override probe(): Promise<void> {
    return this.#call(false, () => super.probe());
  }

  async #call<T>(writes: boolean, work: () => Promise<T>): Promise<T> {
    this.calls.push(this.#time.now() - this.#time.startedAt);
    const drawn = this.#fault();
    const fault = drawn?.writesOnly && !writes ? undefined : drawn;
    await this.#time.sleep(fault?.afterMs ?? replyMs);
    if (!fault) return work();
    if (fault.worked) await work();
    this.fallen.push(this.#time.now() - this.#time.startedAt);
    throw fault.error();
  }
}

/** mulberry32 */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function liveAnHour(
  seed: number,
  faultAt: (sinceStart: number, random: () => number) => Fault | undefined,
  operationsPerMinute = Number.POSITIVE_INFINITY,
) {
  const random = randomOf(seed);
  const time = new SimulatedTime(random);
  const service = new FaultyService(time, () => faultAt(time.now() - time.startedAt, random));
  const store = new MemoryStore([]);
  const pace = makePace({ operationsPerMinute, bulkCost: 1 }, time);
  const states: { readonly at: number; readonly state: string }[] = [];
  const loop = new DrainLoop({
    store,
    timing: time,
    pace,
    connect: async () => new PacedService(service, pace, time),
    onConnection: ({ state }) => states.push({ at: time.now() - time.startedAt, state }),
    onStoreFault: error => assert.fail(String(error)),
  });
  loop.start();
  for (let at = 0; at < 60 * minute; at += deviceEvery) {
    await time.pass(deviceEvery);
    if (at < 50 * minute) store.add(makeEntry());
    loop.poke();
  }
  const stopped = loop.stop();
  await time.until(stopped, minute);
  return { time, service, store, states };
}

function assertNothingLost({ store, service }: Awaited<ReturnType<typeof liveAnHour>>): void {
  assert.equal(store.rows().length, 300);
  for (const { state, acknowledgements } of store.rows())
    assert.deepEqual([state, acknowledgements], ['enrolled', 1]);
  assert.equal(service.records.size, 300);
  assert.equal(service.repeatedCreates, 0, 'nothing was sent again that was there');
}

const within = (times: readonly number[], begin: number, end: number) =>
  times.filter(at => at >= begin && at < end);

describe('an hour with a fault from minute 10 to minute 40', () => {
  for (const [name, fault] of Object.entries(faults))
    it(`O5 ${name}: waits as the table says, and is back within one step`, async () => {
      const hour = await liveAnHour(1, at => (at >= from && at < to ? fault : undefined));
      assertNothingLost(hour);
      const { firstMs, longestMs } = backoffSteps[fault.kind];
      const { time, service } = hour;
      const first = service.fallen[0]!;
      // Waits of a reply's or a deadline's length are the service's own.
      const waits = time.waits
        .filter(({ ms }) => ms !== replyMs && ms !== deadlineMs)
        .filter(({ at }) => at - time.startedAt >= first && at - time.startedAt < to)
        .map(({ ms }) => ms);
      for (const [count, ms] of waits.entries()) {
        const step = Math.min(firstMs * 2 ** count, longestMs);
        assert.ok(ms >= step / 2 && ms <= step, `wait ${count + 1}: ${ms} of ${step}`);
      }
      // As many attempts as steps fit into the half hour, each a few requests at most.
      assert.ok(waits.length >= (30 * minute) / (longestMs + deadlineMs), `${waits.length} waits`);
      const calls = within(service.calls, first, to).length;
      assert.ok(calls <= 2 * waits.length + 24, `${calls} calls for ${waits.length} attempts`);
      const back = service.calls.find(at => at >= to)!;
      assert.ok(back - to <= longestMs + deadlineMs, `back after ${back - to} ms`);
      const idle = within(service.calls, 55 * minute, 60 * minute);
      assert.deepEqual(idle, [], 'nothing is sent where there is nothing to send');
    });

  it('O5 throttled with a time: not one call earlier', async () => {
    const asked = 45 * second;
    const throttled = () => new DpsError('throttled', '', { status: 429, retryAfterMs: asked });
    const hour = await liveAnHour(2, at => (at >= from && at < to ? { error: throttled } : undefined));
    assertNothingLost(hour);
    const { calls, fallen } = hour.service;
    for (const refusal of fallen) {
      const next = calls.find(at => at > refusal)!;
      assert.ok(next - refusal >= asked, `after ${next - refusal} ms`);
    }
    assert.ok(fallen.length >= 30 && fallen.length <= 40, `${fallen.length} refusals`);
  });

  it('a policy that may not write is refused all the time, not online by turns', async () => {
    const { states } = await liveAnHour(3, at =>
      at >= from && at < to ? faults['a policy that may not write'] : undefined,
    );
    assert.deepEqual(
      states.map(({ state }) => state),
      ['online', 'refused', 'online'],
    );
  });

  it('O5 a proxy that lets questions through and breaks what is sent: the steps grow although each probe goes well', async t => {
    const broken = { writesOnly: true, error: () => new DpsError('answer-malformed', '') };
    const hour = await liveAnHour(4, at => (at >= from && at < to ? broken : undefined));
    assertNothingLost(hour);
    const { calls } = hour.service;
    t.diagnostic(`${within(calls, from, to).length} calls`);
    assert.ok(within(calls, from, to).length <= 1_000);
  });

  for (const seed of [11, 12, 13, 14])
    it(`O3 O5 all of them mixed (${seed}): nothing lost, nothing twice, no busy waiting, and the budget holds`, async t => {
      const kinds = Object.values(faults);
      const operationsPerMinute = 60;
      const hour = await liveAnHour(
        seed,
        (at, random) =>
          at >= from && at < to && random() < 0.6 ? kinds[Math.trunc(random() * kinds.length)] : undefined,
        operationsPerMinute,
      );
      assertNothingLost(hour);
      const { calls, fallen } = hour.service;
      t.diagnostic(`${calls.length} calls, ${fallen.length} of them failed`);
      assert.ok(fallen.length >= 20, `${fallen.length} faults`);
      for (const [index, at] of calls.entries())
        assert.ok(within(calls.slice(index), at, at + minute).length <= operationsPerMinute);
    });
});
