/**
 * How many devices a second a lot's certificate counts, against the driver reading the same rows once: the lot's devices with
 * the state of their newest outbox entry, and its attempts.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { writeLotCertificate } from '../../src/station/lot-certificate/write-lot-certificate.ts';
import { openCore } from '../../src/station/open-core.ts';
import { type Comparison, compare } from './comparison.ts';
import { fillLot, LOT } from './fill-lot.ts';

const lotOnce = fileURLToPath(new URL('./lot-once.ts', import.meta.url));

export async function compareLot(amounts: {
  readonly rounds: number;
  readonly devices: number;
}): Promise<readonly Comparison[]> {
  const { rounds, devices } = amounts;
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-bench-'));
  const env = { KEYLINE_REHEARSAL: '1', KEYLINE_SECRET_STORE: 'files' };
  const core = openCore({ dataDirectory: folder, env });
  const raw = new Database(core.directory.ledgerFile);
  try {
    fillLot(core, devices);
    const out = path.join(folder, 'certificate.html');
    const rate = async (work: () => Promise<number> | number) => {
      const begun = performance.now();
      const counted = await work();
      if (counted !== devices) throw new Error(`${counted} of ${devices} devices`);
      return (devices * 1000) / (performance.now() - begun);
    };
    const made = await compare(
      {
        name: 'certificate of a lot',
        unit: 'devices/s',
        rounds,
        warmUpRounds: 1,
        goal: { atLeast: 0.95 },
        keyline: () =>
          rate(async () => {
            const request = { workOrder: LOT, quantity: devices, out, account: 'os:bench' };
            return (await writeLotCertificate(core, request)).enrolled;
          }),
        floor: () => rate(() => readOnce(raw)),
      },
      {
        devices,
        peakMiBLot: Number(execFileSync(process.execPath, [lotOnce, folder, out], { encoding: 'utf8' })),
      },
    );
    return [made];
  } finally {
    raw.close();
    core.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns how many of the lot are enrolled */
function readOnce(db: Database.Database): number {
  const devices = db.prepare<unknown[], { state: string }>(
    `SELECT serial, product, origin, certificate_debt, created_at,
       (SELECT state FROM outbox WHERE device_id = device.device_id ORDER BY number DESC LIMIT 1) AS state
     FROM device INDEXED BY device_by_work_order WHERE work_order = ? AND retired_at IS NULL ORDER BY number`,
  );
  let enrolled = 0;
  for (const { state } of devices.iterate(LOT)) if (state === 'enrolled') enrolled += 1;
  const attempts = db.prepare(
    'SELECT at, serial, product, verdict, code FROM harvest WHERE +work_order = ? ORDER BY number',
  );
  for (const _ of attempts.iterate(LOT));
  return enrolled;
}
