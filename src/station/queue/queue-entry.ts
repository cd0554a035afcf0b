/**
 * A new entry of the outbox, in its order: it waits for the newest entry of its device or its registration id that is not
 * settled (outbox rule 15), and goes to the DPS that the device is enrolled in (rule O8).
 */
import { randomUUID } from 'node:crypto';
import type { DeviceRow, OutboxRow } from '../../../db/rows.ts';
import type { Operation } from '../../outbox/states.ts';
import type { StationCore } from '../open-core.ts';

export interface EntryWishes {
  readonly device: Pick<DeviceRow, 'device_id' | 'registration_id' | 'harvest_id'>;
  readonly operation: Operation;
  readonly document: object;
  /** The reason that a person gave. */
  readonly because?: string;
  /** Waits for this one where nothing nearer is to be waited for. */
  readonly after?: string;
  /** The etag of a foreign enrollment that a person decided to change nevertheless. */
  readonly overEtag?: string;
}

/** Call inside a transaction, after the device's own row is there. */
export function queueEntry(core: StationCore, wishes: EntryWishes): OutboxRow {
  const { device, operation } = wishes;
  const { outbox } = core.ledger;
  const { harvest_id, ...target } = outbox.targetOf(device.device_id) ?? {
    harvest_id: device.harvest_id,
    dps_host: core.dpsTarget?.host ?? null,
    id_scope: core.dpsTarget?.idScope ?? null,
  };
  const row: OutboxRow = {
    entry_id: randomUUID(),
    device_id: device.device_id,
    // What is changed was made by that harvest; a new enrollment names the one that it is given.
    harvest_id: operation === 'create' ? device.harvest_id : harvest_id,
    registration_id: device.registration_id,
    operation,
    document: JSON.stringify(wishes.document),
    ...target,
    state: 'queued',
    waits_for: outbox.newestUnsettled(device.registration_id, device.device_id) ?? wishes.after ?? null,
    over_etag: wishes.overEtag ?? null,
    because: wishes.because ?? null,
    attempts: 0,
    not_before: 0,
    reason: null,
    detail: null,
    etag: null,
    created_at: core.clock.read().at,
    sent_at: null,
    settled_at: null,
  };
  outbox.insert(row);
  return row;
}
