/**
 * Fills a ledger and an emulator with as many devices (first argument, default a million), makes some of them differ, and
 * prints what `keyline sync --reconcile` then takes: time, processor, peak memory early and at the end, and whether it found
 * exactly what differs. Not a test: it takes minutes and some gigabytes of disk under the temporary directory.
 *
 *     node test/station/reconcile/million.ts [count]
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Store } from '../../../src/emulator/store.ts';
import { deriveRegistrationId } from '../../../src/enrollment/registration-id.ts';
import { addDevice } from '../../../src/station/attempt/add-device.ts';
import { openCore, type StationCore } from '../../../src/station/open-core.ts';
import { harvestRow } from '../../db/ledger-fixture.ts';
import { EmulatorProcess } from '../../emulator/emulator-process.ts';
import { temporaryDirectory } from '../../emulator/running-emulator.ts';
import { endorsementKey, keyDigest } from '../attempt/endorsement-keys.ts';
import { nameless } from './compared-sides.ts';

const count = Number(process.argv[2] ?? 1_000_000);
/** One of so many is missing in DPS, one changed there, and one there is unknown here. */
const oneOf = 10_000;
const devicesAtOnce = 5_000;
const early = count / 10;

const dir = temporaryDirectory();
const dataDir = path.join(dir, 'station');
const program = path.join(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'main.ts');
const mib = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB`;
const seconds = (ms: number) => (ms / 1000).toFixed(1);
const say = (what: string, value: unknown) => console.log(`${what.padEnd(52)} ${value}`);

/** The enrollments of one part go into the emulator's store beside the devices that go into the ledger. */
function fill(core: StationCore, store: Store): void {
  const [product] = core.configuration.products;
  const harvest = harvestRow({
    person_id: 'person-1',
    log_id: core.identity.logId,
    registration_id: null,
    ek_sha256: null,
  });
  core.ledger.transaction(() => {
    core.ledger.persons.insert({ person_id: 'person-1', account: 'os:test', created_at: 0 });
    core.ledger.harvests.insert(harvest);
  });
  for (let from = 0; from < count; from += devicesAtOnce)
    store.inTransaction(() =>
      core.ledger.transaction(() => {
        for (let n = from; n < Math.min(from + devicesAtOnce, count); n += 1) {
          const key = endorsementKey(n);
          const { entry } = addDevice(core, {
            harvestId: harvest.harvest_id,
            origin: 'imported',
            serial: `SN-${n}`,
            product: product!,
            workOrder: null,
            registrationId: deriveRegistrationId(key),
            dpsDeviceId: undefined,
            key: { endorsementKey: key.toString('base64'), ekSha256: keyDigest(n), ekTemplate: 'L-1' },
          });
          core.ledger.outbox.move(entry, 'sending', { attempts: 1 });
          core.ledger.outbox.move({ ...entry, state: 'sending' }, 'enrolled');
          const document = JSON.parse(entry.document);
          if (n % oneOf !== 1)
            store.enrollments.create(entry.registration_id, {
              ...document,
              ...(n % oneOf === 2 ? { provisioningStatus: 'disabled' } : {}),
            });
          if (n % oneOf === 3) {
            const foreign = nameless(`foreign-${n}`, `foreign ${n}`);
            store.enrollments.create(foreign.registrationId, foreign as never);
          }
        }
      }),
    );
}

const status = (pid: number, field: string) =>
  Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

/** Notes lie in a file without a name. */
function notesBytes(pid: number): number {
  const sizes = readdirSync(`/proc/${pid}/fd`).map(fd => {
    try {
      const { nlink, size } = statSync(`/proc/${pid}/fd/${fd}`);
      return nlink === 0 ? size : 0;
    } catch {
      return 0;
    }
  });
  return Math.max(...sizes, 0);
}

async function measured(child: ChildProcess, requests: () => Promise<number>) {
  const ended = new Promise(resolve => child.once('exit', resolve));
  let alive = true;
  void ended.then(() => {
    alive = false;
  });
  const seen = { peakEarly: 0, peak: 0, notes: 0, ticks: 0 };
  const before = await requests();
  while (alive) {
    try {
      const pid = child.pid!;
      seen.peak = status(pid, 'VmHWM') || seen.peak;
      seen.notes = Math.max(seen.notes, notesBytes(pid));
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
      seen.ticks = Number(fields[11]) + Number(fields[12]);
    } catch {
      // It ended between two looks.
    }
    if (seen.peakEarly === 0 && ((await requests()) - before) * 1_000 >= early) seen.peakEarly = seen.peak;
    await sleep(100);
  }
  return { code: await ended, ...seen };
}

const emulator = await EmulatorProcess.start(dir);
try {
  const file = path.join(dir, 'dps-emulator', 'enrollments.sqlite');
  const store = new Store(file);
  const core = openCore({
    dataDirectory: dataDir,
    env: {
      KEYLINE_REHEARSAL: '1',
      KEYLINE_SECRET_STORE: 'files',
      KEYLINE_DPS_CONNECTION_STRING: emulator.announced.connectionString,
    },
  });
  const begun = performance.now();
  fill(core, store);
  core.close();
  store.close();
  say(`fill both sides with ${count}, s`, seconds(performance.now() - begun));
  say(
    'ledger / emulator',
    `${mib(statSync(path.join(dataDir, 'ledger.sqlite')).size)} / ${mib(statSync(file).size)}`,
  );
  // The machine is measured, not the budget of operations.
  writeFileSync(path.join(dataDir, 'keyline.json'), '{"dps": {"operationsPerMinute": 100000}}');

  const started = performance.now();
  const child = spawn(process.execPath, [program, '--json', '--data-dir', dataDir, 'sync', '--reconcile'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      KEYLINE_DPS_CONNECTION_STRING: emulator.announced.connectionString,
      KEYLINE_DPS_CA_FILE: emulator.announced.caFile,
    },
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', part => {
    text += part;
  });
  const { code, peakEarly, peak, notes, ticks } = await measured(
    child,
    async () => (await emulator.state('?limit=0')).requests,
  );
  const took = performance.now() - started;
  const { summary } = JSON.parse(text.trim().split('\n').at(-1)!);
  const each = Math.ceil((count - 3) / oneOf);
  assert.deepEqual([code, summary.complete], [4, true]);
  assert.deepEqual(summary.findings, { missing: each, changed: each, 'unknown-origin': each });
  assert.deepEqual([summary.devices, summary.enrollments], [count, count]);
  say('reconcile, s', seconds(took));
  say('enrollments and devices a second', Math.round((2 * count) / (took / 1000)));
  say('pages / asked again', `${summary.pages} / ${summary.asked}`);
  say('processor time of it, s', (ticks / 100).toFixed(1));
  say('notes on disk', mib(notes));
  say(`peak memory after ${early} enrollments / at the end`, `${mib(peakEarly)} / ${mib(peak)}`);
} finally {
  await emulator.end('SIGKILL');
  rmSync(dir, { recursive: true });
}
