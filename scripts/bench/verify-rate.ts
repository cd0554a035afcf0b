/**
 * How many entries a second are verified, of an export and of a ledger, against the hashes alone that this cannot do
 * without, in one thread: each entry's leaf, the tree's nodes and, of an export, its seal. Entries are those of passed harvests.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeExport } from '../../src/audit/export/write-export.ts';
import { leafHash, MerkleTree } from '../../src/audit/merkle.ts';
import { generateStationKey, stationKeyFromSecret } from '../../src/audit/station-key.ts';
import { verifyExport } from '../../src/audit/verify/verify-export.ts';
import { verifyLedger } from '../../src/audit/verify/verify-ledger.ts';
import { type Comparison, compare } from './comparison.ts';
import { entryOf } from './sample-entries.ts';

const origin = 'station-bench/log-bench';
const madeAt = Date.UTC(2026, 0, 1);

export async function compareVerify(amounts: {
  readonly rounds: number;
  readonly entries: number;
}): Promise<readonly Comparison[]> {
  const { rounds, entries: size } = amounts;
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-bench-'));
  try {
    const rows = Array.from({ length: size }, (_, idx) => ({ idx, ...entryOf(origin, idx) }));
    const key = stationKeyFromSecret(generateStationKey(), origin);
    const file = path.join(folder, 'audit.jsonl');
    const log = { origin, rehearsal: true, size, entries: rows, checkpoints: [] };
    await writeExport(log, { format: 'jsonl', selection: {}, madeAt, key, keyline: 'bench' }, file);
    const goal = { atLeast: 0.9 };
    const contest = { unit: 'entries/s', rounds, warmUpRounds: 1, goal } as const;
    const root = rootByHashesAlone(rows);
    const rate = async (work: () => Promise<string>) => {
      const begun = performance.now();
      if ((await work()) !== root) throw new Error('another root');
      return (size * 1000) / (performance.now() - begun);
    };
    const verified = async (verdict: ReturnType<typeof verifyExport>) => {
      const said = await verdict;
      return said.ok ? said.rootHash : said.detail;
    };
    return [
      await compare(
        {
          ...contest,
          name: 'verify an export (JSON lines)',
          keyline: () => rate(() => verified(verifyExport(file))),
          floor: () =>
            rate(async () => {
              const digest = createHash('sha256');
              for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }))
                digest.update(chunk as Buffer);
              digest.digest();
              return rootByHashesAlone(rows);
            }),
        },
        { entries: size },
      ),
      await compare(
        {
          ...contest,
          name: 'verify the entries of a ledger, once read',
          keyline: () => rate(() => verified(verifyLedger({ ...log, verifierKey: key.verifierKey }))),
          floor: () => rate(async () => rootByHashesAlone(rows)),
        },
        { entries: size },
      ),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function rootByHashesAlone(rows: readonly { readonly entry: Buffer }[]): string {
  const tree = new MerkleTree();
  for (const { entry } of rows) tree.append(leafHash(entry));
  return tree.root().toString('hex');
}
