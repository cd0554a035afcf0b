/** One work order of very many passed devices in an empty station: log entry, attempt, device and outbox entry each, by SQL. */
import { hash } from 'node:crypto';
import type { StationCore } from '../../src/station/open-core.ts';
import { inOneStroke } from './in-one-stroke.ts';
import { entryOf } from './sample-entries.ts';

export const LOT = 'W-1';

export function fillLot({ identity, ledger, directory }: StationCore, devices: number): void {
  const { origin, logId } = identity;
  const first = ledger.audit.size();
  inOneStroke(directory.ledgerFile, db => {
    const entry = db.prepare('INSERT INTO audit_entry (idx, log_id, entry, leaf_hash) VALUES (?, ?, ?, ?)');
    const attempt = db.prepare(
      `INSERT INTO harvest (harvest_id, at, origin, serial, product, work_order, person_id, verdict, code, ek_sha256,
         registration_id, duration_ms, evidence, log_id, audit_index)
       VALUES (@id, @at, 'harvested', @serial, 'default', '${LOT}', 'person-1', 'passed', 'passed', @id, @id, 850, '{}', @logId, @idx)`,
    );
    const device = db.prepare(
      `INSERT INTO device (device_id, serial, product, work_order, origin, registration_id, ek_sha256, endorsement_key,
         ek_template, certificate_status, certificate_debt, harvest_id, created_at)
       VALUES (@id, @serial, 'default', '${LOT}', 'harvested', @id, @id, randomblob(316), 'L-1', 'unchecked', 1, @id, @at)`,
    );
    const outbox = db.prepare(
      `INSERT INTO outbox (entry_id, device_id, harvest_id, registration_id, operation, document, state, attempts, not_before, created_at)
       VALUES (@id, @id, @id, @id, 'create', hex(zeroblob(250)), 'enrolled', 1, 0, @at)`,
    );
    for (let n = 0; n < devices; n += 1) {
      const idx = first + n;
      const { entry: bytes, leaf_hash } = entryOf(origin, idx);
      entry.run(idx, logId, bytes, leaf_hash);
      const named = { id: hash('sha256', `device ${n}`), serial: `KL26-${n}`, at: 1 + n * 2000 };
      attempt.run({ ...named, logId, idx });
      device.run(named);
      outbox.run(named);
    }
  });
}
