/**
 * Finding devices among a million: what the station answers, against the one statement that reads the same rows. Pages of
 * the search carry the state of each device's enrollment, which the floor reads by the same index.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { openLedger } from '../../db/ledger-file.ts';
import { fillDeviceIndex } from '../../src/station/device-search/fill-index.ts';
import { type DeviceQuestion, devicePage } from '../../src/station/devices/find-devices.ts';
import { type Comparison, compare } from './comparison.ts';
import { makeLedgerOfDevices, serialOf } from './million-devices.ts';

export interface SearchOptions {
  readonly rounds: number;
  readonly devices: number;
}

const PAGE = 50;

export async function compareSearch({ rounds, devices }: SearchOptions): Promise<readonly Comparison[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-bench-devices-'));
  try {
    const file = path.join(folder, 'ledger.db');
    makeLedgerOfDevices(file, devices);
    const ledger = openLedger(file);
    fillDeviceIndex(ledger, Number.POSITIVE_INFINITY);
    const raw = new Database(file, { readonly: true });
    const columns =
      'number, device_id, serial, product, work_order, origin, registration_id, ek_sha256, certificate_status, created_at, retired_reason';
    const state =
      'SELECT operation, state FROM outbox WHERE device_id = device.device_id ORDER BY number DESC LIMIT 1';
    const listed = `SELECT ${columns}, (${state.replace('operation, state', 'state')}) AS state,
      (${state.replace('operation, state', 'operation')}) AS operation FROM device`;
    const whole = raw.prepare('SELECT * FROM device WHERE serial = ? AND product = ? AND retired_at IS NULL');
    const prefix = raw.prepare(
      `${listed} WHERE serial >= ? AND serial < ? AND retired_at IS NULL ORDER BY serial LIMIT ${PAGE}`,
    );
    const page = raw.prepare(`${listed} WHERE number < ? ORDER BY number DESC LIMIT ${PAGE}`);
    const part = raw.prepare(`${listed} WHERE serial LIKE ? ORDER BY number DESC LIMIT ${PAGE}`);
    const any = () => 1 + Math.floor(Math.random() * devices);
    const ask = (question: DeviceQuestion) => devicePage(ledger, question, { limit: PAGE });
    const comparisons = [
      await compare(
        {
          name: 'look-up of a whole device by its serial',
          unit: 'ms',
          rounds,
          keyline: () => timed(() => ledger.devices.bySerial(serialOf(any()), 'gateway')),
          floor: () => timed(() => whole.get(serialOf(any()), 'gateway')),
          goal: { atMost: 1.2 },
        },
        { devices },
      ),
      await compare(
        {
          name: 'search by the beginning of a serial, 50 rows',
          unit: 'ms',
          rounds,
          keyline: () => timed(() => ask({ text: serialOf(any()).slice(0, -3) })),
          floor: () =>
            timed(() => {
              const text = serialOf(any()).slice(0, -3);
              return prefix.all(text, `${text}:`);
            }),
          goal: { atMost: 1.2 },
        },
        { devices },
      ),
      await compare(
        {
          name: 'a page of 50 rows at any depth',
          unit: 'ms',
          rounds,
          keyline: () =>
            timed(() =>
              devicePage(
                ledger,
                { text: '' },
                { limit: PAGE, after: { by: 'all', leg: 0, through: devices, key: [any()] } },
              ),
            ),
          floor: () => timed(() => page.all(any())),
          goal: { atMost: 1.2 },
        },
        { devices },
      ),
      await compare(
        {
          name: 'search by six characters inside a serial',
          unit: 'ms',
          rounds: Math.min(rounds, 20),
          warmUpRounds: 1,
          against: 'LIKE',
          keyline: () => timed(() => ask({ text: serialOf(any()).slice(-6) })),
          floor: () => timed(() => part.all(`%${serialOf(any()).slice(-6)}`)),
          goal: { atMost: 1 / 100 },
        },
        { devices },
      ),
    ];
    raw.close();
    ledger.close();
    return comparisons;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of one answer, so that the spread is that of answers. */
async function timed(answer: () => unknown): Promise<number> {
  const begun = performance.now();
  answer();
  return performance.now() - begun;
}
