/** Every fault alone, by the emulator's own counts and through Microsoft's SDK over TLS. No test waits for a backoff. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { parseConnectionString } from '../../src/dps/connection-string.ts';
import type { EnrollmentService } from '../../src/dps/service.ts';
import { type DrainReport, drainOnce } from '../../src/outbox/drain-once.ts';
import type { OutboxEntry } from '../../src/outbox/store.ts';
import { EmulatedDps } from './emulated-dps.ts';
import { makeEntries, makeEntry, randomKey } from './entries.ts';
import { ManualTiming } from './manual-timing.ts';
import { MemoryStore } from './memory-store.ts';

let dps: EmulatedDps;
let service: EnrollmentService;

before(async () => {
  dps = await EmulatedDps.start();
  service = dps.connect({ deadlineMs: 2_000 });
});
beforeEach(() => dps.clearFaults());
after(() => dps.close());

interface Drained {
  readonly report: DrainReport;
  readonly store: MemoryStore;
  readonly timing: ManualTiming;
  readonly requests: number;
}

async function drain(entries: readonly OutboxEntry[], through = service): Promise<Drained> {
  const store = new MemoryStore(entries);
  const timing = new ManualTiming();
  const { requests } = await dps.state();
  const report = await drainOnce({ store, service: through, timing });
  return { report, store, timing, requests: (await dps.state()).requests - requests };
}

/** In DPS each was created once and never touched again; here each was acknowledged once. */
async function assertEachOnce(entries: readonly OutboxEntry[], store: MemoryStore): Promise<void> {
  const { enrollments } = await dps.state();
  const counts = new Map(enrollments.map(count => [count.registrationId, count]));
  for (const { entryId, registrationId } of entries) {
    const { created, overwritten } = counts.get(registrationId) ?? { created: 0, overwritten: 0 };
    assert.deepEqual({ created, overwritten }, { created: 1, overwritten: 0 });
    const { state, acknowledgements } = store.row(entryId);
    assert.deepEqual([state, acknowledgements], ['enrolled', 1]);
  }
}

/** Takes the service off the network; the function returned brings it back, once. */
async function absence(): Promise<() => Promise<void>> {
  await dps.emulator.stopListening();
  let back: Promise<void> | undefined;
  return () => (back ??= dps.emulator.listenAgain());
}

function reasonOf(store: MemoryStore, entry: OutboxEntry): string {
  const { settlement } = store.row(entry.entryId);
  if (settlement?.kind === 'enrolled') return settlement.how;
  return settlement?.kind === 'conflict' || settlement?.kind === 'quarantined' ? settlement.reason : 'none';
}

describe('drainOnce', () => {
  it('O5 sends ten at a time and asks for nothing', async () => {
    const entries = makeEntries(45);
    const { report, store, requests } = await drain(entries);
    assert.equal(requests, 5);
    assert.deepEqual(report, {
      enrolled: 45,
      recognised: 0,
      conflicts: 0,
      quarantined: 0,
      requeued: 0,
      remaining: 0,
    });
    await assertEachOnce(entries, store);
  });

  it('sends nothing where nothing is due', async () => {
    const { requests, report } = await drain([]);
    assert.deepEqual([requests, report.remaining], [0, 0]);
  });

  it('O3 survives replies that are lost after the work was done', async () => {
    await dps.arm({ kind: 'reply-dropped', operations: ['bulk'], requests: 3 });
    const entries = makeEntries(40);
    const { report, store } = await drain(entries);
    assert.equal(report.enrolled, 40);
    assert.ok(report.recognised >= 10);
    await assertEachOnce(entries, store);
    const { enrollments } = await dps.state();
    const ids = new Set(entries.map(entry => entry.registrationId));
    const repeated = enrollments.filter(count => ids.has(count.registrationId) && count.repeatedCreates > 0);
    assert.deepEqual(repeated, [], 'what was there was recognised by asking and not by trying again');
  });

  it('O3 survives answers to its questions that are lost as well', async () => {
    await dps.arm({ kind: 'reply-dropped', probability: 0.4, seed: 7 });
    const entries = makeEntries(30);
    const { report, store } = await drain(entries);
    assert.equal(report.remaining, 0);
    await assertEachOnce(entries, store);
  });

  it('O5 waits for what Retry-After asks, then goes on', async () => {
    await dps.arm({ kind: 'throttled', retryAfterS: 17, requests: 1 });
    const entries = makeEntries(10);
    const { report, store, timing } = await drain(entries);
    assert.deepEqual(timing.waits, [17_000]);
    assert.deepEqual([report.enrolled, report.requeued], [10, 10]);
    await assertEachOnce(entries, store);
  });

  it('O5 backs off from 500 with growing steps, asks, and goes on', async () => {
    await dps.arm({ kind: 'server-error', requests: 4 });
    const entries = makeEntries(10);
    const { store, timing } = await drain(entries);
    assert.deepEqual(timing.waits.slice(0, 2), [250, 500]);
    await assertEachOnce(entries, store);
  });

  it('O3 does not believe a deadline: the slow service did the work, and is asked', async () => {
    const hasty = dps.connect({ deadlineMs: 150 });
    await dps.arm({ kind: 'slow', delayMs: 400, operations: ['bulk'], requests: 1 });
    const entries = makeEntries(10);
    const { report, store } = await drain(entries, hasty);
    assert.equal(report.remaining, 0);
    await assertEachOnce(entries, store);
  });

  it('O5 gives up on a service that is away after a bounded number of probes; nothing is lost', async context => {
    const fresh = dps.connect();
    context.after(await absence());
    const entries = makeEntries(25);
    const store = new MemoryStore(entries);
    const timing = new ManualTiming();
    const report = await drainOnce({ store, service: fresh, timing });
    assert.equal(report.stopped?.code, 'offline');
    assert.equal(report.remaining, 25);
    assert.deepEqual(timing.waits, [2_000, 4_000, 8_000]);
    assert.ok(store.rows().every(row => row.state === 'queued' && row.attempts <= 1));
  });

  it('O5 goes on by itself when the service comes back between two probes', async context => {
    const fresh = dps.connect();
    const comeBack = await absence();
    context.after(comeBack);
    const entries = makeEntries(12);
    const store = new MemoryStore(entries);
    const timing = new ManualTiming();
    const sleep = timing.sleep.bind(timing);
    timing.sleep = async (ms, signal) => {
      if (timing.waits.length === 1) await comeBack();
      await sleep(ms, signal);
    };
    const report = await drainOnce({ store, service: fresh, timing });
    assert.deepEqual([report.enrolled, report.stopped, timing.waits.length], [12, undefined, 2]);
    await assertEachOnce(entries, store);
  });

  it('stops at once where the key is refused; every entry is back in the queue', async () => {
    const right = parseConnectionString(dps.emulator.connectionString);
    const connection = { ...right, sharedAccessKey: 'd3Jvbmc=' };
    const { report, store, timing } = await drain(makeEntries(15), dps.connect({ connection }));
    assert.equal(report.stopped?.code, 'unauthorized');
    assert.deepEqual([report.remaining, timing.waits.length], [15, 0]);
    assert.ok(store.rows().every(row => row.state === 'queued'));
  });

  it('S5 creates nothing in an emulator for a production ledger', async () => {
    const entries = makeEntries(5);
    const { report, store } = await drain(entries, dps.connect({ refuseEmulator: true }));
    assert.equal(report.stopped?.code, 'emulator-refused');
    assert.ok(store.rows().every(row => row.state === 'queued'));
    const ids = (await dps.state()).enrollments.map(count => count.registrationId);
    assert.ok(entries.every(entry => !ids.includes(entry.registrationId)));
  });

  it('O4 sets aside the one entry that DPS refuses, and enrols the nine beside it', async () => {
    const bad = makeEntry({ document: { iotHubs: ['hub.azure-devices.net'] } });
    const entries = [...makeEntries(4), bad, ...makeEntries(5)];
    const { report, store } = await drain(entries);
    assert.deepEqual([report.enrolled, report.quarantined], [9, 1]);
    assert.equal(reasonOf(store, bad), 'rejected-by-dps');
    const { settlement } = store.row(bad.entryId);
    assert.match(settlement?.kind === 'quarantined' ? settlement.detail : '', /400004.*allocationPolicy/);
    await assertEachOnce(
      entries.filter(entry => entry !== bad),
      store,
    );
  });

  it('O4 sets aside what cannot be read, and goes on', async () => {
    const entries = makeEntries(3);
    const store = new MemoryStore(entries);
    store.spoil(entries[1]!.entryId);
    const report = await drainOnce({ store, service, timing: new ManualTiming() });
    assert.deepEqual([report.enrolled, report.quarantined, report.remaining], [2, 1, 0]);
    assert.equal(reasonOf(store, entries[1]!), 'unreadable');
  });

  it('O2 decides about ids that are there already by key, serial and harvest', async () => {
    const key = randomKey();
    const first = makeEntry({ key, serial: 'SN-1' });
    const stranger = makeEntry({ document: { optionalDeviceInformation: {} } });
    const other = makeEntry({ registrationId: 'line-7-device-1' });
    await drain([first, stranger, other]);
    const again = makeEntry({ key, serial: 'SN-1' });
    const clone = makeEntry({ key, serial: 'SN-2' });
    const strangerKey = Buffer.from(stranger.document.attestation.tpm.endorsementKey, 'base64');
    const unknown = makeEntry({ key: strangerKey });
    const replaced = makeEntry({ registrationId: 'LINE-7-device-1' });
    const { report, store } = await drain([again, clone, unknown, replaced, ...makeEntries(2)]);
    assert.equal(reasonOf(store, again), 'already-there');
    assert.equal(reasonOf(store, clone), 'clone-elsewhere');
    assert.equal(reasonOf(store, unknown), 'unknown-origin');
    assert.equal(reasonOf(store, replaced), 'other-endorsement-key');
    // The two beside them were asked about as well: an answer with errors names only what failed.
    assert.deepEqual([report.enrolled, report.recognised, report.conflicts], [3, 3, 3]);
    const { settlement } = store.row(clone.entryId);
    assert.deepEqual(settlement?.kind === 'conflict' && settlement.theirs.optionalDeviceInformation, {
      ...first.document.optionalDeviceInformation,
    });
    const { enrollments } = await dps.state();
    assert.ok(enrollments.every(count => count.created === 1 && count.overwritten === 0));
  });

  it('ends between two requests when it is told to, with nothing half-known', async () => {
    const store = new MemoryStore(makeEntries(100));
    const abort = new AbortController();
    const report = await drainOnce({
      store,
      service,
      timing: new ManualTiming(),
      signal: abort.signal,
      onProgress: ({ enrolled }) => enrolled >= 20 && abort.abort(),
    });
    assert.equal(report.enrolled + report.remaining, 100);
    assert.ok(report.remaining > 0);
    assert.ok(store.rows().every(row => row.state === 'queued' || row.state === 'enrolled'));
  });

  it('hands on what the store throws, and asks about the entries next time', async () => {
    const entries = makeEntries(10);
    const store = new MemoryStore(entries);
    const settle = store.settle.bind(store);
    store.settle = () => {
      throw new Error('disk full');
    };
    await assert.rejects(drainOnce({ store, service, timing: new ManualTiming() }), /disk full/);
    store.settle = settle;
    const report = await drainOnce({ store, service, timing: new ManualTiming() });
    assert.deepEqual([report.enrolled, report.recognised], [10, 10]);
    await assertEachOnce(entries, store);
  });
});
