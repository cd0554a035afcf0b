/**
 * The outbox over the ledger: every move is one transaction together with its audit entry. Rows are read as untrusted:
 * one whose document cannot be read is handed on as such and set aside with the reason (rule O4). Entries of another
 * DPS are set aside when they come up (rule O8); an entry made while none was configured is given this one.
 */
import type { OutboxRow } from '../../../db/rows.ts';
import type { EnrollmentDocument } from '../../dps/service.ts';
import type { EnrollmentChange } from '../../outbox/enrollment-change.ts';
import type { OutboxStore, Settlement, TakenEntry } from '../../outbox/store.ts';
import { harvestingStation } from '../courier/harvesting-station.ts';
import type { DpsTarget } from '../dps/dps-target.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { enrollmentSubject } from '../queue/enrollment-subject.ts';
import { type EntryMove, moveEntry } from '../queue/move-entry.ts';

/** An entry rests for an hour at most, whatever a service asks for. */
const LONGEST_REST_MS = 60 * 60 * 1000;

export interface OutboxWatch {
  /** Something was asked for while a person holds the drain back: nothing is due then. */
  readonly onHeld?: () => void;
  /** An entry of another DPS was set aside. The drain never sees it, so it cannot count it. */
  readonly onOtherDps?: () => void;
  /** DPS fulfilled an entry that is no create. */
  readonly onChanged?: () => void;
}

export function outboxStoreOf(core: StationCore, target: DpsTarget, watch: OutboxWatch = {}): OutboxStore {
  const { ledger } = core;
  const isHeld = (): boolean => {
    if (!ledger.drainPause.get()) return false;
    watch.onHeld?.();
    return true;
  };
  /** Keeps what is for this DPS; sets the rest aside. Inside a transaction. */
  const ofThisDps = (rows: readonly OutboxRow[]): OutboxRow[] =>
    rows.filter(row => {
      if (row.dps_host === null) {
        nameDps(core, row, target);
        return true;
      }
      if (isOfDps(row, target)) return true;
      const detail = `made for ${row.dps_host}${row.id_scope ? ` (${row.id_scope})` : ''}`;
      moveEntry(core, row, { event: 'quarantine', reason: 'other-dps', detail });
      watch.onOtherDps?.();
      return false;
    });

  const moveOf = (settlement: Settlement): EntryMove => {
    switch (settlement.kind) {
      case 'enrolled':
        return { event: 'enrol', how: settlement.how, etag: settlement.etag, dpsHost: target.host };
      case 'conflict':
        return { event: 'find-conflict', reason: settlement.reason, theirs: settlement.theirs };
      case 'quarantined':
        return { event: 'quarantine', reason: settlement.reason, detail: settlement.detail };
      case 'requeued': {
        const latest = core.clock.read().at + LONGEST_REST_MS;
        const notBefore = Math.min(settlement.notBefore, latest);
        return { event: 'requeue', notBefore, detail: settlement.detail };
      }
    }
  };

  /**
   * Reads until some are ours or none is left: entries of another DPS leave the state as they are seen. Each turn is one
   * transaction, so that others can write between them where there are many.
   */
  const untilOurs = (
    read: () => readonly OutboxRow[],
    use: (ours: readonly OutboxRow[]) => TakenEntry[],
  ): TakenEntry[] => {
    for (;;) {
      const used = ledger.transaction(() => {
        if (isHeld()) return [];
        const rows = read();
        const ours = ofThisDps(rows);
        return ours.length > 0 || rows.length === 0 ? use(ours) : undefined;
      });
      if (used) return used;
    }
  };

  /** No entry is ever put off for so long: the clock that it was put off by was ahead (rule O7), so it is due now. */
  const clockStepped = (now: number): boolean => (ledger.outbox.nextDue() ?? 0) > now + LONGEST_REST_MS;

  return {
    take: (limit, now) =>
      untilOurs(
        () => ledger.outbox.due(limit, clockStepped(now) ? Number.MAX_SAFE_INTEGER : now),
        ours => {
          for (const row of ours) moveEntry(core, row, { event: 'take', at: now });
          return ours.map(row => readEntry(core, row, row.attempts + 1));
        },
      ),
    unresolved: limit =>
      untilOurs(
        () => ledger.outbox.inState('sending', limit),
        ours => ours.map(row => readEntry(core, row, row.attempts)),
      ),
    settle: settlements =>
      ledger.transaction(() => {
        for (const settlement of settlements) {
          const row = ledger.outbox.get(settlement.entryId);
          if (!row) continue;
          moveEntry(core, row, moveOf(settlement));
          if (settlement.kind === 'enrolled' && row.operation !== 'create') watch.onChanged?.();
        }
      }),
    nextDue: () => {
      if (isHeld()) return undefined;
      const { at } = core.clock.read();
      return clockStepped(at) ? at : ledger.outbox.nextDue();
    },
    waiting: () => {
      const counts = ledger.counts.outbox();
      // What is held leaves that state when the entry before it settles, or waits for a person together with it.
      return counts.queued + counts.sending - counts.held;
    },
  };
}

/** Whether an entry that names a DPS names this one: the host, and the id scope where both are known. */
export function isOfDps(row: Pick<OutboxRow, 'dps_host' | 'id_scope'>, target: DpsTarget): boolean {
  const scopesDiffer = row.id_scope !== null && target.idScope !== null && row.id_scope !== target.idScope;
  return row.dps_host === target.host && !scopesDiffer;
}

/** An entry that was made while no DPS was configured is for this one from here on (rule O8). Inside a transaction. */
export function nameDps(core: StationCore, row: OutboxRow, target: DpsTarget): void {
  core.ledger.outbox.setTarget(row.entry_id, target.host, target.idScope);
  core.audit.append(core.identity, personOf(core.ledger, 'system', core.clock.read().at), {
    type: 'enrollment',
    data: {
      ...enrollmentSubject(core, row),
      change: 'targeted',
      dpsHost: target.host,
      idScope: target.idScope,
    },
  });
}

/** Rows are read as untrusted: a damaged one is named, never sent. @param attempts that the entry is to show */
export function readEntry(core: StationCore, row: OutboxRow, attempts: number): TakenEntry {
  const unreadable = (detail: string): TakenEntry => ({ kind: 'unreadable', entryId: row.entry_id, detail });
  const device = core.ledger.devices.get(row.device_id);
  if (!device) return unreadable('its device is not in the ledger');
  let document: unknown;
  try {
    document = JSON.parse(row.document);
  } catch {
    return unreadable('its enrollment document is not JSON');
  }
  if (!isDocumentOf(document, row.registration_id, device.endorsement_key))
    return unreadable('its enrollment document does not fit its device');
  const base = {
    entryId: row.entry_id,
    registrationId: row.registration_id,
    ekSha256: device.ek_sha256,
    serial: device.serial,
    stationId: harvestingStation(core, row.harvest_id),
    harvestId: row.harvest_id,
    attempts,
  };
  const { operation, over_etag: overEtag } = row;
  if (operation !== 'create') return { kind: 'entry', entry: { ...base, operation, document, overEtag } };
  if (!document.provisioningStatus) return unreadable('its enrollment document is not whole');
  return { kind: 'entry', entry: { ...base, operation, document: document as EnrollmentDocument } };
}

/** A damaged row must not enrol another key than the device's. */
function isDocumentOf(
  value: unknown,
  registrationId: string,
  endorsementKey: Buffer,
): value is EnrollmentChange {
  const document = value as Partial<EnrollmentChange> | null;
  return (
    typeof document === 'object' &&
    document !== null &&
    document.registrationId === registrationId &&
    document.attestation?.type === 'tpm' &&
    document.attestation.tpm?.endorsementKey === endorsementKey.toString('base64')
  );
}
