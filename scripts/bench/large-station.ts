/** A station whose ledger holds very many devices, with the indexes of the search filled, as after years of a line. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { openLedger } from '../../db/ledger-file.ts';
import { fillDeviceIndex } from '../../src/station/device-search/fill-index.ts';
import { openCore, type StationCore } from '../../src/station/open-core.ts';
import { fillLedgerWithDevices } from './million-devices.ts';
import { entryOf } from './sample-entries.ts';

export interface LargeStation {
  readonly folder: string;
  readonly dataDirectory: string;
}

export interface LargeStationOptions {
  readonly devices: number;
  /** Devices whose enrollment waits, with documents that no DPS would take. */
  readonly waiting: number;
  /** Entries of the audit log; they do not tell of the devices. */
  readonly entries?: number;
  /** Content of keyline.json. */
  readonly configuration: unknown;
}

/** Removed whatever becomes of `work`. */
export async function withLargeStation<T>(
  { devices, waiting, entries = 0, configuration }: LargeStationOptions,
  work: (station: LargeStation) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-bench-'));
  try {
    const dataDirectory = path.join(folder, 'station');
    await mkdir(dataDirectory, { mode: 0o700 });
    await writeFile(path.join(dataDirectory, 'keyline.json'), JSON.stringify(configuration));
    const core = openBenchCore(dataDirectory);
    const { ledgerFile } = core.directory;
    if (entries > 0) appendEntries(core, entries);
    core.close();
    fillLedgerWithDevices(ledgerFile, devices, { waiting });
    const ledger = openLedger(ledgerFile);
    fillDeviceIndex(ledger, Number.POSITIVE_INFINITY);
    ledger.close();
    return await work({ folder, dataDirectory });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function openBenchCore(dataDirectory: string): StationCore {
  return openCore({ dataDirectory, env: { KEYLINE_REHEARSAL: '1', KEYLINE_SECRET_STORE: 'files' } });
}

/** Behind the log's own first entries. */
function appendEntries({ directory, identity, ledger }: StationCore, entries: number): void {
  const first = ledger.audit.size();
  const db = new Database(directory.ledgerFile);
  try {
    db.pragma('synchronous = OFF');
    const insert = db.prepare('INSERT INTO audit_entry (idx, log_id, entry, leaf_hash) VALUES (?, ?, ?, ?)');
    db.transaction(() => {
      for (let at = first; at < first + entries; at += 1) {
        const { entry, leaf_hash } = entryOf(identity.origin, at);
        insert.run(at, identity.logId, entry, leaf_hash);
      }
    })();
  } finally {
    db.close();
  }
}
