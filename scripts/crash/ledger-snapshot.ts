/**
 * What a station's ledger holds, read from a copy: the next process of the station finds the files as the last one left
 * them. Call only while no process of the station runs.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { Verdict } from '../../src/audit/verify/verdict.ts';
import { verifyLedger } from '../../src/audit/verify/verify-ledger.ts';
import type { EnrollmentRecord } from './emulated-service.ts';

export interface OutboxEntry {
  readonly entryId: string;
  readonly registrationId: string;
  /** create, update, disable, enable, delete */
  readonly operation: string;
  readonly state: string;
  readonly settledAt: number | null;
  /** What it wants DPS to have. */
  readonly document: Omit<EnrollmentRecord, 'registrationId'>;
}

export interface LedgerSnapshot {
  /** SQLite's own findings; empty where it finds none. */
  readonly damage: readonly string[];
  readonly devices: ReadonlySet<string>;
  readonly outbox: readonly OutboxEntry[];
  /** Times that the audit says `enrolled` of an outbox entry. */
  readonly acknowledgements: ReadonlyMap<string, number>;
  readonly leafHashes: readonly Buffer[];
  readonly checkpoints: readonly { readonly size: number; readonly note: string }[];
  /** Counted rows by name, as the ledger keeps them and as they are. */
  readonly counts: readonly { readonly name: string; readonly kept: number; readonly real: number }[];
  /** Harvests whose audit entry is another's, or names another harvest. */
  readonly withoutEvidence: number;
  /** Verification of the log by the product's own verifier. */
  readonly verify: () => Promise<Verdict>;
}

/** @returns undefined where there is no ledger yet */
export function readLedger(dataDirectory: string, scratch: string): LedgerSnapshot | undefined {
  const original = path.join(dataDirectory, 'ledger.sqlite');
  if (!existsSync(original)) return undefined;
  const folder = mkdtempSync(path.join(scratch, 'ledger-'));
  try {
    const copy = path.join(folder, 'ledger.sqlite');
    for (const suffix of ['', '-wal'])
      if (existsSync(original + suffix)) copyFileSync(original + suffix, copy + suffix);
    const db = new Database(copy, { readonly: true });
    try {
      return snapshotOf(db);
    } finally {
      db.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface AuditRow {
  readonly log_id: string;
  readonly idx: number;
  readonly entry: Buffer;
  readonly leaf_hash: Buffer;
}

function snapshotOf(db: Database.Database): LedgerSnapshot {
  const all = <Row>(sql: string) => db.prepare<[], Row>(sql).all();
  const audit = all<AuditRow>(
    'SELECT a.log_id, a.idx, a.entry, a.leaf_hash FROM audit_entry a JOIN log USING (log_id) ORDER BY log.number, idx',
  );
  const checkpoints = all<{ size: number; note: string }>('SELECT size, note FROM checkpoint ORDER BY size');
  const contents = audit.map(row => JSON.parse(row.entry.toString('utf8')) as AuditContent);
  const acknowledgements = new Map<string, number>();
  for (const { type, data } of contents) {
    if (type === 'enrollment' && data.change === 'enrolled' && data.entryId !== undefined)
      acknowledgements.set(data.entryId, (acknowledgements.get(data.entryId) ?? 0) + 1);
  }
  const [log] = all<{ origin: string; verifier_key: string }>(
    'SELECT origin, verifier_key FROM log ORDER BY number DESC LIMIT 1',
  );
  const [identity] = all<{ kind: string }>('SELECT kind FROM ledger');
  return {
    damage: all<{ integrity_check: string }>('PRAGMA integrity_check')
      .map(row => row.integrity_check)
      .filter(finding => finding !== 'ok'),
    devices: new Set(
      all<{ registration_id: string }>('SELECT registration_id FROM device').map(row => row.registration_id),
    ),
    outbox: all<Omit<OutboxEntry, 'document'> & { document: string }>(
      `SELECT entry_id AS entryId, registration_id AS registrationId, operation, state, settled_at AS settledAt, document
       FROM outbox ORDER BY number`,
    ).map(row => ({ ...row, document: JSON.parse(row.document) as OutboxEntry['document'] })),
    acknowledgements,
    leafHashes: audit.map(row => row.leaf_hash),
    checkpoints,
    counts: countsOf(db),
    withoutEvidence: withoutEvidence(db, audit, contents),
    verify: () =>
      verifyLedger({
        origin: log?.origin ?? '',
        verifierKey: log?.verifier_key ?? '',
        rehearsal: identity?.kind === 'rehearsal',
        size: audit.length,
        entries: audit,
        checkpoints: checkpoints.map(({ note }) => note),
      }),
  };
}

interface AuditContent {
  readonly type: string;
  readonly data: { readonly change?: string; readonly entryId?: string; readonly harvestId?: string };
}

function countsOf(db: Database.Database): LedgerSnapshot['counts'] {
  const real = db
    .prepare<[], { name: string; n: number }>(
      `SELECT 'devices' AS name, count(*) AS n FROM device UNION ALL
       SELECT 'devices-retired', count(*) FROM device WHERE retired_at IS NOT NULL UNION ALL
       SELECT 'certificate-debt', count(*) FROM device WHERE retired_at IS NULL AND certificate_debt = 1 UNION ALL
       SELECT 'harvests', count(*) FROM harvest UNION ALL
       SELECT 'outbox:held', count(*) FROM outbox WHERE state = 'queued' AND waits_for IS NOT NULL UNION ALL
       SELECT 'outbox:' || iif(state = 'enrolled' AND operation <> 'create', 'changed', state) AS counted, count(*)
         FROM outbox GROUP BY counted`,
    )
    .all();
  const found = new Map(real.map(({ name, n }) => [name, n]));
  return db
    .prepare<[], { name: string; n: number }>('SELECT name, n FROM count')
    .all()
    .map(({ name, n }) => ({ name, kept: n, real: found.get(name) ?? 0 }));
}

function withoutEvidence(
  db: Database.Database,
  audit: readonly AuditRow[],
  contents: readonly AuditContent[],
): number {
  const evidence = new Map(audit.map((row, at) => [`${row.log_id}/${row.idx}`, contents[at]!]));
  return db
    .prepare<[], { harvest_id: string; log_id: string; audit_index: number }>(
      'SELECT harvest_id, log_id, audit_index FROM harvest',
    )
    .all()
    .filter(row => evidence.get(`${row.log_id}/${row.audit_index}`)?.data.harvestId !== row.harvest_id)
    .length;
}
