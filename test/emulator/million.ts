/**
 * Fills an emulator with many enrollments (first argument, default a million) by bulk requests, and prints what that does
 * to its rate, its latency, its memory, its start and its end by kill -9. Not a test: it takes minutes and a gigabyte or
 * two of disk under the temporary directory.
 *
 *     node test/emulator/million.ts [count]
 */
import assert from 'node:assert/strict';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EmulatorProcess } from './emulator-process.ts';
import { enrollmentDocument } from './enrollment-documents.ts';
import { temporaryDirectory } from './running-emulator.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const probes = 400;
const api = 'api-version=2021-10-01';
const idOf = (index: number) => `dut-${(index * 2_654_435_761) % 4_294_967_296}`;
const mib = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB`;
const dir = temporaryDirectory();

const say = (what: string, value: unknown) => console.log(`${what.padEnd(44)} ${value}`);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function fill(emulator: EmulatorProcess, from: number, to: number): Promise<void> {
  let at = from;
  const client = async () => {
    while (at < to) {
      const first = at;
      at += 10;
      await emulator.bulkCreate(
        Array.from({ length: 10 }, (_, index) => enrollmentDocument(idOf(first + index))),
      );
    }
  };
  await Promise.all(Array.from({ length: 8 }, client));
}

/** One after the other, on ids spread over what is held. */
async function latencies(emulator: EmulatorProcess, held: number): Promise<void> {
  const call = async (method: string, body: (id: string) => unknown, headers = {}) => {
    const times: number[] = [];
    for (let probe = 0; probe < probes; probe += 1) {
      const id = idOf(Math.floor((probe * held) / probes));
      times.push(
        await timed(async () => {
          const { status, text } = await emulator.call(
            method,
            `/enrollments/${id}?${api}`,
            body(id),
            headers,
          );
          assert.equal(status, 200, text);
        }),
      );
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.floor(times.length * share)]?.toFixed(2);
    say(`${method} at ${held}, ms p50 / p95 (n ${probes})`, `${at(0.5)} / ${at(0.95)}`);
  };
  await call('GET', () => undefined);
  await call('PUT', id => enrollmentDocument(id), { 'If-Match': '*' });
}

async function walk(emulator: EmulatorProcess): Promise<void> {
  let seen = 0;
  let token: string | undefined;
  let most = emulator.memory();
  const before = most;
  const took = await timed(async () => {
    do {
      const headers = { 'x-ms-max-item-count': '1000', ...(token && { 'x-ms-continuation': token }) };
      const page = await emulator.call('POST', `/enrollments/query?${api}`, { query: '*' }, headers);
      seen += JSON.parse(page.text).length;
      token = page.continuation;
      most = Math.max(most, emulator.memory());
    } while (token !== undefined);
  });
  assert.equal(seen, count);
  say(`query of all by 1,000, records a second`, Math.round(seen / (took / 1000)));
  say('memory before / most during', `${mib(before)} / ${mib(most)}`);
}

async function stateTimes(emulator: EmulatorProcess): Promise<void> {
  say('state?limit=0, ms', (await timed(() => emulator.state('?limit=0'))).toFixed(1));
  say(
    'state?registrationId=, ms',
    (await timed(() => emulator.state(`?registrationId=${idOf(1)}`))).toFixed(1),
  );
  say('state (100,000 listed), ms', (await timed(() => emulator.state())).toFixed(0));
}

async function restart(from: EmulatorProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<EmulatorProcess> {
  await from.end(signal);
  const started = performance.now();
  const next = await EmulatorProcess.start(dir);
  say(`start with ${count} after ${signal}, ms to its first line`, Math.round(performance.now() - started));
  const { totals } = await next.state('?limit=0');
  assert.deepEqual([totals.registrationIds, totals.held, totals.created], [count, count, count]);
  return next;
}

const empty = performance.now();
let emulator = await EmulatorProcess.start(dir);
say('start with none, ms to its first line', Math.round(performance.now() - empty));
try {
  const step = count / 10;
  for (let done = 0; done < count; done += step) {
    const took = await timed(() => fill(emulator, done, done + step));
    say(`bulk create up to ${done + step}, enrollments a second`, Math.round(step / (took / 1000)));
    if (done === 0) await latencies(emulator, step);
  }
  say('memory after the fill', mib(emulator.memory()));
  emulator = await restart(emulator, 'SIGKILL');
  await latencies(emulator, count);
  await walk(emulator);
  await stateTimes(emulator);
  emulator = await restart(emulator, 'SIGTERM');
  say('state file', mib(statSync(join(dir, 'dps-emulator', 'enrollments.sqlite')).size));
} finally {
  await emulator.end('SIGKILL');
  rmSync(dir, { recursive: true });
}
