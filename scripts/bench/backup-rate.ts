/** How fast the ledger of a backup is copied, on disk when it ends, against VACUUM INTO and an fsync of the same file. */
import { closeSync, fsyncSync, openSync, rmSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { copyLedger } from '../../db/ledger-copy.ts';
import { createLedger } from '../../db/ledger-file.ts';
import { type Comparison, compare } from './comparison.ts';
import { entryOf } from './sample-entries.ts';

const origin = 'station-bench/log-bench';
const MIB = 1024 ** 2;

export async function compareBackup(amounts: {
  readonly rounds: number;
  readonly entries: number;
}): Promise<readonly Comparison[]> {
  const { rounds, entries } = amounts;
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-bench-'));
  try {
    const source = path.join(folder, 'ledger.sqlite');
    fill(source, entries);
    const mebibytes = statSync(source).size / MIB;
    const rate = async (copy: (to: string) => Promise<void> | void) => {
      const to = path.join(folder, 'copy.sqlite');
      const begun = performance.now();
      await copy(to);
      const taken = performance.now() - begun;
      rmSync(to);
      return (mebibytes * 1000) / taken;
    };
    return [
      await compare(
        {
          name: 'backup: copy of the ledger',
          unit: 'MiB/s',
          against: 'VACUUM INTO',
          rounds,
          warmUpRounds: 1,
          goal: { atLeast: 0.95 },
          keyline: () => rate(to => copyLedger(source, to)),
          floor: () => rate(to => vacuumInto(source, to)),
        },
        { entries, mebibytes: Math.round(mebibytes) },
      ),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function fill(file: string, entries: number): void {
  const ledger = createLedger(file, { kind: 'rehearsal', ledgerId: 'bench', now: 1 });
  ledger.transaction(() => {
    const log = {
      log_id: 'log-bench',
      station_id: 'station-bench',
      origin,
      verifier_key: 'bench',
      started_at: 1,
    };
    ledger.logs.insert(log);
    for (let index = 0; index < entries; index += 1) ledger.audit.append(entryOf(origin, index), index);
  });
  ledger.walCheckpoint();
  ledger.close();
}

function vacuumInto(source: string, to: string): void {
  const db = new Database(source, { readonly: true });
  db.prepare('VACUUM INTO ?').run(to);
  db.close();
  const descriptor = openSync(to, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
