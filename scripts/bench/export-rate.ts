/**
 * How many entries a second an export writes, and how many devices a list, each against what it cannot do without: the
 * same rows read by the driver, put together and streamed to a synced file; for the log also its hashes (each entry's leaf,
 * the tree's nodes, the seal). The most memory that one export takes is that of a process of its own.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { leafHash, MerkleTree } from '../../src/audit/merkle.ts';
import { exportAudit } from '../../src/station/export/export-audit.ts';
import type { ExportRequest } from '../../src/station/export/export-request.ts';
import { openCore } from '../../src/station/open-core.ts';
import { type Comparison, compare } from './comparison.ts';
import { fillLot } from './fill-lot.ts';

const exportOnce = fileURLToPath(new URL('./export-once.ts', import.meta.url));
const charactersPerChunk = 256 * 1024;

export async function compareExport(amounts: {
  readonly rounds: number;
  readonly entries: number;
}): Promise<readonly Comparison[]> {
  const { rounds, entries } = amounts;
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-bench-'));
  const core = openCore({
    dataDirectory: folder,
    env: { KEYLINE_REHEARSAL: '1', KEYLINE_SECRET_STORE: 'files' },
  });
  const raw = new Database(core.directory.ledgerFile);
  try {
    fillLot(core, entries);
    const out = path.join(folder, 'out');
    const contest = { rounds, warmUpRounds: 1, goal: { atLeast: 0.95 } } as const;
    const rate = async (work: () => Promise<unknown>) => {
      const begun = performance.now();
      await work();
      return (entries * 1000) / (performance.now() - begun);
    };
    const exporting = (format: ExportRequest['format']) => () =>
      rate(() => exportAudit(core, { format, out, account: 'os:bench' }));
    return [
      await compare(
        {
          ...contest,
          unit: 'entries/s',
          name: 'export of the log (JSON lines)',
          keyline: exporting('jsonl'),
          floor: () => rate(() => streamed(`${out}.floor`, logLines(raw, core.identity.logId))),
        },
        { entries, exportPeakMiB: peakMiB(folder, 'jsonl', out) },
      ),
      await compare(
        {
          ...contest,
          unit: 'devices/s',
          name: 'list of devices (Limpet CSV)',
          keyline: exporting('limpet-csv'),
          floor: () => rate(() => streamed(`${out}.floor`, listLines(raw))),
        },
        { devices: entries, exportPeakMiB: peakMiB(folder, 'limpet-csv', out) },
      ),
    ];
  } finally {
    raw.close();
    core.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function* logLines(db: Database.Database, logId: string): Generator<string> {
  const tree = new MerkleTree();
  const rows = db.prepare<unknown[], { entry: Buffer; leaf_hash: Buffer }>(
    'SELECT entry, leaf_hash FROM audit_entry WHERE log_id = ? ORDER BY idx',
  );
  for (const { entry, leaf_hash } of rows.iterate(logId)) {
    if (!leafHash(entry).equals(leaf_hash)) throw new Error('another hash');
    tree.append(leaf_hash);
    yield `{"entry":${entry.toString()},"leafHash":"${leaf_hash.toString('hex')}"}\n`;
  }
  tree.root();
}

function* listLines(db: Database.Database): Generator<string> {
  const rows = db.prepare<unknown[], { registration_id: string; endorsement_key: Buffer }>(
    'SELECT registration_id, endorsement_key FROM device WHERE retired_at IS NULL ORDER BY number',
  );
  for (const { registration_id, endorsement_key } of rows.iterate())
    yield `"${registration_id}", "${endorsement_key.toString('base64')}"\r\n`;
}

/** Node's own write stream, in large chunks, hashed as a whole, and synced at the end. */
async function streamed(file: string, lines: Iterable<string>): Promise<void> {
  const stream = createWriteStream(file);
  const digest = createHash('sha256');
  let waiting: string[] = [];
  let length = 0;
  const flush = async () => {
    const chunk = Buffer.from(waiting.join(''));
    digest.update(chunk);
    waiting = [];
    length = 0;
    if (!stream.write(chunk)) await once(stream, 'drain');
  };
  for (const line of lines) {
    waiting.push(line);
    length += line.length;
    if (length >= charactersPerChunk) await flush();
  }
  await flush();
  digest.digest();
  stream.end();
  await once(stream, 'close');
  const handle = await open(file, 'r+');
  await handle.sync();
  await handle.close();
}

function peakMiB(folder: string, format: string, out: string): number {
  return Number(execFileSync(process.execPath, [exportOnce, folder, format, out], { encoding: 'utf8' }));
}
