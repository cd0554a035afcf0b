/**
 * Batch enrollment of a file of very many devices: its dry run against reading the same lines, decoding each key and hashing it,
 * which is the least that judging can cost; and the import of a part of it against recording the same devices one by one.
 */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { recordAttempt } from '../../src/station/attempt/record-attempt.ts';
import { type ImportVerdict, importDevices } from '../../src/station/batch-import/import-devices.ts';
import { openCore, type StationCore } from '../../src/station/open-core.ts';
import { EK_TEMPLATE_L1 } from '../../src/tpm/ek-templates.ts';
import { type Comparison, compare } from './comparison.ts';
import { sampleAttempts } from './sample-attempts.ts';

export interface ImportOptions {
  readonly rounds: number;
  readonly devices: number;
}

const importOnce = fileURLToPath(new URL('import-once.ts', import.meta.url));
const MODULUS_BYTES = 256;
/** Devices of one round of the import into the ledger. */
const RECORDED = 5_000;

export async function compareImport({ rounds, devices }: ImportOptions): Promise<readonly Comparison[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-bench-import-'));
  const core = openStation(path.join(folder, 'station'));
  try {
    return [await dryRun(core, folder, rounds, devices), await intoLedger(core, folder, rounds)];
  } finally {
    core.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function dryRun(
  core: StationCore,
  folder: string,
  rounds: number,
  devices: number,
): Promise<Comparison> {
  const file = path.join(folder, 'devices.csv');
  await writeList(file, devices, 'DRY');
  const comparison = await compare({
    name: 'dry run of an import',
    unit: 'records/s',
    rounds,
    warmUpRounds: 0,
    against: 'read and hash',
    keyline: () =>
      rate(devices, async () => {
        const count = await importAll(core, file, true);
        if (count !== devices) throw new Error(`${count} of ${devices} rows are good`);
      }),
    floor: () => rate(devices, () => readAndHash(file)),
    goal: { atLeast: 0.05 },
  });
  const peakMiBImport = Number(
    execFileSync(process.execPath, [importOnce, path.join(folder, 'once'), file], { encoding: 'utf8' }),
  );
  return { ...comparison, counts: { devices, peakMiBImport } };
}

async function intoLedger(core: StationCore, folder: string, rounds: number): Promise<Comparison> {
  const floor = openStation(path.join(folder, 'floor'));
  const product = floor.configuration.products[0]!;
  try {
    return await compare(
      {
        name: 'import into the ledger',
        unit: 'records/s',
        rounds,
        warmUpRounds: 1,
        against: 'one by one',
        keyline: async round => {
          const file = path.join(folder, 'round.csv');
          await writeList(file, RECORDED, `R${round}`);
          return rate(RECORDED, async () => {
            const count = await importAll(core, file, false);
            if (count !== RECORDED) throw new Error(`${count} of ${RECORDED} rows were imported`);
          });
        },
        floor: async round => {
          const attempts = sampleAttempts(RECORDED, product).map((attempt, index) => ({
            ...attempt,
            serial: `F${round}-${index}`,
          }));
          return rate(RECORDED, async () => {
            for (const attempt of attempts) recordAttempt(floor, attempt);
          });
        },
        goal: { atLeast: 1 },
      },
      { recordsPerRound: RECORDED },
    );
  } finally {
    floor.close();
  }
}

function openStation(dataDirectory: string): StationCore {
  return openCore({ dataDirectory, env: { KEYLINE_REHEARSAL: '1' } });
}

async function importAll(core: StationCore, file: string, dry: boolean): Promise<number> {
  const counts: Partial<Record<ImportVerdict['verdict'], number>> = {};
  for await (const { verdict } of importDevices(core, file, { dryRun: dry, account: 'os:bench' }))
    counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts.imported ?? 0;
}

async function readAndHash(file: string): Promise<void> {
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  }))
    createHash('sha256')
      .update(Buffer.from(line.slice(line.indexOf(',') + 1), 'base64'))
      .digest();
}

async function writeList(file: string, devices: number, serials: string): Promise<void> {
  const head = EK_TEMPLATE_L1.subarray(0, -MODULUS_BYTES);
  function* lines() {
    yield 'serial,endorsementKey\n';
    for (let n = 0; n < devices; n += 1) {
      const modulus = randomBytes(MODULUS_BYTES);
      modulus[0]! |= 0x80;
      modulus[MODULUS_BYTES - 1]! |= 1;
      yield `${serials}-${n},${Buffer.concat([head, modulus]).toString('base64')}\n`;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(file));
}

async function rate(count: number, work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (count * 1000) / (performance.now() - begun);
}
