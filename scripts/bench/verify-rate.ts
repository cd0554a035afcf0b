/**
 * How many entries a second are verified, of an export and of a ledger, against the hashes alone that this cannot do
 * without, in one thread: each entry's leaf, the tree's nodes and, of an export, its seal. Entries are those of passed harvests.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeExport } from '../../src/audit/export/write-export.ts';
import { leafHash, MerkleTree } from '../../src/audit/merkle.ts';
import { generateStationKey, stationKeyFromSecret } from '../../src/audit/station-key.ts';
import { readingThreads } from '../../src/audit/verify/line-readers.ts';
import { verifyLedger } from '../../src/audit/verify/verify-ledger.ts';
import { type Comparison, compare } from './comparison.ts';
import { entryOf } from './sample-entries.ts';

/** What each side says of one file; `maxRSS` of its whole process. */
export interface OnceResult {
  readonly ms: number;
  readonly peakMiB: number;
  readonly rootHash: string;
}

interface Amounts {
  readonly rounds: number;
  readonly entries: number;
}

const [verifyOnce, hashOnce] = ['./verify-once.ts', './hash-once.ts'].map(file =>
  fileURLToPath(new URL(file, import.meta.url)),
) as [string, string];
const origin = 'station-bench/log-bench';
const key = stationKeyFromSecret(generateStationKey(), origin);
/** Rows of a ledger are held in memory here. */
const mostRows = 100_000;
const contest = { unit: 'entries/s', warmUpRounds: 1, goal: { atLeast: 0.9 } } as const;

export async function compareVerify({ rounds, entries }: Amounts): Promise<readonly Comparison[]> {
  return [
    await compareExportFile({ rounds, entries }),
    await compareRows({ rounds, entries: Math.min(entries, mostRows) }),
  ];
}

async function compareExportFile({ rounds, entries: size }: Amounts): Promise<Comparison> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-bench-'));
  try {
    const file = path.join(folder, 'audit.jsonl');
    const log = { origin, rehearsal: true, size, entries: rowsOf(size), checkpoints: [] };
    const madeAt = Date.UTC(2026, 0, 1);
    const { rootHash } = await writeExport(
      log,
      { format: 'jsonl', selection: {}, madeAt, key, keyline: 'bench' },
      file,
    );
    const root = rootHash.toString('hex');
    const counts = { entries: size, threads: readingThreads(), verifyPeakMiB: 0, floorPeakMiB: 0 };
    const once = async (script: string, peak: 'verifyPeakMiB' | 'floorPeakMiB') => {
      const said = JSON.parse(execFileSync(process.execPath, [script, file], { encoding: 'utf8' }));
      const { ms, peakMiB, rootHash: found } = said as OnceResult;
      if (found !== root) throw new Error(`another root: ${found}`);
      counts[peak] = Math.max(counts[peak], peakMiB);
      return (size * 1000) / ms;
    };
    return await compare(
      {
        ...contest,
        rounds,
        name: 'verify an export (JSON lines), each in a process of its own',
        keyline: () => once(verifyOnce, 'verifyPeakMiB'),
        floor: () => once(hashOnce, 'floorPeakMiB'),
      },
      counts,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compareRows({ rounds, entries: size }: Amounts): Promise<Comparison> {
  const rows = [...rowsOf(size)];
  const log = { origin, rehearsal: true, size, entries: rows, checkpoints: [] };
  const root = rootByHashesAlone(rows);
  const rate = async (work: () => Promise<string>) => {
    const begun = performance.now();
    if ((await work()) !== root) throw new Error('another root');
    return (size * 1000) / (performance.now() - begun);
  };
  const verified = async () => {
    const said = await verifyLedger({ ...log, verifierKey: key.verifierKey });
    return said.ok ? said.rootHash : said.detail;
  };
  return compare(
    {
      ...contest,
      rounds,
      name: 'verify the entries of a ledger, once read',
      keyline: () => rate(verified),
      floor: () => rate(async () => rootByHashesAlone(rows)),
    },
    { entries: size },
  );
}

function* rowsOf(size: number) {
  for (let idx = 0; idx < size; idx += 1) yield { idx, ...entryOf(origin, idx) };
}

function rootByHashesAlone(rows: readonly { readonly entry: Buffer }[]): string {
  const tree = new MerkleTree();
  for (const { entry } of rows) tree.append(leafHash(entry));
  return tree.root().toString('hex');
}
