/** A real ledger in a directory of its own, and rows that fit together, for the tests of db/ and what stands on it. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Ledger } from '../../db/ledger.ts';
import { createLedger } from '../../db/ledger-file.ts';
import type { DeviceRow, HarvestRow, LogRow, OutboxRow } from '../../db/rows.ts';

export const noon = Date.UTC(2026, 10, 20, 12);
export const logRow: LogRow = {
  log_id: 'log-1',
  station_id: 'station-1',
  origin: 'station-1/log-1',
  verifier_key: 'station-1/log-1+00000000+AAAA',
  started_at: noon,
};
export const personId = 'person-1';

export function directoryFor(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'keyline-ledger-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A fresh rehearsal ledger with one log and one person, closed when the test ends. */
export function ledgerFor(t: TestContext): Ledger {
  const ledger = createLedger(join(directoryFor(t), 'ledger.db'), {
    kind: 'rehearsal',
    ledgerId: 'ledger-1',
    now: noon,
  });
  t.after(() => ledger.close());
  seed(ledger);
  return ledger;
}

export function seed(ledger: Ledger): void {
  ledger.transaction(() => {
    ledger.logs.insert(logRow);
    ledger.persons.insert({ person_id: personId, account: 'os:test', created_at: noon });
  });
}

export function auditRow(text: string): { entry: Buffer; leaf_hash: Buffer } {
  const entry = Buffer.from(text);
  return { entry, leaf_hash: createHash('sha256').update(Buffer.of(0)).update(entry).digest() };
}

export function harvestRow(change: Partial<HarvestRow> = {}): HarvestRow {
  return {
    harvest_id: randomUUID(),
    at: noon,
    origin: 'harvested',
    serial: 'SN-1',
    product: 'default',
    work_order: null,
    fixture: 'F1',
    person_id: personId,
    stated_operator: null,
    verdict: 'passed',
    code: 'passed',
    ek_sha256: 'ab'.repeat(32),
    registration_id: 'reg-1',
    duration_ms: 850,
    evidence: '{}',
    log_id: logRow.log_id,
    audit_index: 0,
    ...change,
  };
}

export function deviceRow(change: Partial<DeviceRow> & { harvest_id: string }): DeviceRow {
  return {
    device_id: randomUUID(),
    serial: 'SN-1',
    product: 'default',
    work_order: null,
    origin: 'harvested',
    registration_id: 'reg-1',
    ek_sha256: 'ab'.repeat(32),
    endorsement_key: Buffer.alloc(316, 7),
    ek_template: 'L-1',
    certificate_status: 'unchecked',
    certificate: Buffer.alloc(1016, 9),
    certificate_detail: null,
    certificate_debt: 1,
    created_at: noon,
    predecessor_id: null,
    retired_at: null,
    retired_reason: null,
    ...change,
  };
}

export function outboxRow(change: Partial<OutboxRow> & { device_id: string; harvest_id: string }): OutboxRow {
  return {
    entry_id: randomUUID(),
    registration_id: 'reg-1',
    operation: 'create',
    document: '{}',
    dps_host: null,
    id_scope: null,
    state: 'queued',
    waits_for: null,
    over_etag: null,
    because: null,
    attempts: 0,
    not_before: 0,
    reason: null,
    detail: null,
    etag: null,
    created_at: noon,
    sent_at: null,
    settled_at: null,
    ...change,
  };
}

/** The rows of one passed harvest of device number `n`, in one transaction (rule O1). */
export function recordDevice(
  ledger: Ledger,
  n: number,
  change: { harvest?: Partial<HarvestRow>; device?: Partial<DeviceRow>; outbox?: Partial<OutboxRow> } = {},
): { harvest: HarvestRow; device: DeviceRow; outbox: OutboxRow } {
  return ledger.transaction(() => {
    const known = {
      serial: `SN-${String(n).padStart(6, '0')}`,
      ek_sha256: createHash('sha256').update(`ek ${n}`).digest('hex'),
      registration_id: `reg-${n}`,
    };
    const audit_index = ledger.audit.append(auditRow(`{"n":${n}}`));
    const harvest = harvestRow({ ...known, audit_index, ...change.harvest });
    ledger.harvests.insert(harvest);
    const device = deviceRow({ ...known, harvest_id: harvest.harvest_id, ...change.device });
    ledger.devices.insert(device);
    const { device_id, harvest_id, registration_id } = device;
    const outbox = outboxRow({ device_id, harvest_id, registration_id, ...change.outbox });
    ledger.outbox.insert(outbox);
    return { harvest, device, outbox };
  });
}
