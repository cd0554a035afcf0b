/**
 * Real evidence to be tampered with: a station that recorded some hundred devices, decided on entries of its outbox,
 * exchanged its key, archived a lot and went on in a new log, and what it gave out: exports in every form, whole and selected.
 */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Actor } from '../../src/station/access/authorize.ts';
import { addPerson } from '../../src/station/access/manage-people.ts';
import { signInWithPin } from '../../src/station/access/sign-in.ts';
import { archiveWorkOrder } from '../../src/station/archive/archive-work-order.ts';
import { recordAttempt } from '../../src/station/attempt/record-attempt.ts';
import { writeConsistencyProof } from '../../src/station/export/consistency-proof.ts';
import { writePassport } from '../../src/station/export/device-passport.ts';
import { exportAudit } from '../../src/station/export/export-audit.ts';
import { keepCheckpoint } from '../../src/station/log/keep-checkpoint.ts';
import { rotateKey } from '../../src/station/log/rotate-key.ts';
import { openCore, type StationCore } from '../../src/station/open-core.ts';
import { moveEntry } from '../../src/station/queue/move-entry.ts';
import { closeWorkOrder, openWorkOrder } from '../../src/station/work-orders.ts';
import { sampleAttempts } from '../bench/sample-attempts.ts';

export interface SampleEvidence {
  /** Files: exports of the second log. */
  readonly exports: readonly string[];
  /** Passports of devices, and a proof that the log extends the witness. */
  readonly passports: readonly string[];
  readonly consistency: string;
  /** Lists of devices; beside each lies its manifest. */
  readonly lists: readonly string[];
  /** The ledger, with both logs, in one file. */
  readonly ledger: string;
  /** Keys of the second log, first to newest. */
  readonly keys: readonly string[];
  /** A checkpoint from outside of the second log, and its size. */
  readonly witness: string;
  readonly witnessSize: number;
}

const pin = '240817';

/** @param more devices after the key was exchanged; as many as here make the log long enough for stored subtrees */
export async function sampleEvidence(folder: string, more = 230): Promise<SampleEvidence> {
  const env = { KEYLINE_REHEARSAL: '1' };
  const dataDirectory = path.join(folder, 'data');
  const first = openCore({ dataDirectory, env: { ...env, KEYLINE_MACHINE_ID: 'first' } });
  record(first, 3);
  first.close();
  const core = openCore({ dataDirectory, env: { ...env, KEYLINE_MACHINE_ID: 'second' } });
  try {
    record(core, 30);
    decide(core);
    const { note, size, verifierKey } = keepCheckpoint(core);
    await addPerson(
      core,
      { id: 'mina', name: 'Kim Mina', role: 'supervisor', pin },
      { proof: 'account', account: 'os:sample' },
    );
    const who = await signInWithPin(core, { id: 'mina' }, pin);
    const rotated = rotateKey(core, { who, reason: 'once a year' });
    record(core, more);
    const archive = await archiveLot(core, folder, who);
    keepCheckpoint(core);
    const exports: string[] = [];
    for (const format of ['jsonl', 'csv', 'json'] as const)
      for (const workOrder of [undefined, 'WO-2026-0002']) {
        const out = path.join(folder, `${workOrder ?? 'whole'}.${format}`);
        await exportAudit(core, { format, out, workOrder, archives: [archive], account: 'os:sample' });
        exports.push(out);
      }
    const lists: string[] = [];
    for (const format of ['limpet-csv', 'limpet-json', 'dps-bulk'] as const) {
      const out = path.join(folder, `devices.${format}`);
      await exportAudit(core, { format, out, account: 'os:sample' });
      lists.push(out);
    }
    const passports: string[] = [];
    for (const name of ['SN-3', 'SN-4', 'SN-34']) {
      const out = path.join(folder, `${name}.passport.json`);
      await writePassport(core, { name, out, account: 'os:sample' });
      passports.push(out);
    }
    const from = path.join(folder, 'witness.checkpoint');
    writeFileSync(from, note);
    const consistency = path.join(folder, 'consistency.json');
    await writeConsistencyProof(core, { from, out: consistency, account: 'os:sample' });
    const ledger = path.join(folder, 'ledger.sqlite');
    core.ledger.walCheckpoint();
    copyFileSync(core.ledger.path, ledger);
    return {
      exports,
      passports,
      consistency,
      lists,
      ledger,
      keys: [verifierKey, rotated.verifierKey],
      witness: note,
      witnessSize: size,
    };
  } finally {
    core.close();
  }
}

function record(core: StationCore, count: number): void {
  const product = core.configuration.products[0]!;
  const base = core.ledger.counts.devices();
  for (const [at, attempt] of sampleAttempts(count, product).entries())
    recordAttempt(core, {
      ...attempt,
      serial: `SN-${base + at}`,
      workOrder: at % 9 === 0 ? 'WO-2026-0002' : attempt.workOrder,
    });
}

/** A lot of its own, enrolled and closed, whose entries rest in a file from then on. */
async function archiveLot(core: StationCore, folder: string, who: Actor): Promise<string> {
  const { ledger } = core;
  const product = core.configuration.products[0]!;
  const workOrder = 'WO-ARCHIVED';
  openWorkOrder(core, { id: workOrder }, who);
  const base = ledger.counts.devices();
  for (const [at, attempt] of sampleAttempts(12, product).entries()) {
    const order = at % 4 === 3 ? 'WO-2026-0002' : workOrder;
    recordAttempt(core, { ...attempt, serial: `SN-${base + at}`, workOrder: order });
  }
  ledger.transaction(() => {
    for (const row of ledger.outbox.due(100_000, Number.MAX_SAFE_INTEGER)) {
      if (ledger.devices.get(row.device_id)!.work_order !== workOrder) continue;
      moveEntry(core, row, { event: 'take', at: 1 });
      const taken = ledger.outbox.get(row.entry_id)!;
      moveEntry(core, taken, { event: 'enrol', how: 'acknowledged', dpsHost: 'localhost' });
    }
  });
  closeWorkOrder(core, workOrder, who);
  const place = path.join(folder, 'archives');
  mkdirSync(place);
  const act = { who, reason: 'shipped' };
  return (await archiveWorkOrder(core, { workOrder, folder: place, acceptDebt: true, act })).file;
}

/** Entries in every state that evidence decides on. */
function decide(core: StationCore): void {
  const { ledger } = core;
  ledger.transaction(() => {
    const [enrolled, conflict, quarantined, retried, cancelled] = ledger.outbox.due(
      5,
      Number.MAX_SAFE_INTEGER,
    );
    const row = (entryId: string) => ledger.outbox.get(entryId)!;
    for (const { entry_id } of [enrolled!, conflict!, quarantined!, retried!])
      moveEntry(core, row(entry_id), { event: 'take', at: 1 });
    moveEntry(core, row(enrolled!.entry_id), { event: 'enrol', how: 'acknowledged', dpsHost: 'localhost' });
    moveEntry(core, row(conflict!.entry_id), {
      event: 'find-conflict',
      reason: 'clone-elsewhere',
      theirs: {},
    });
    for (const { entry_id } of [quarantined!, retried!])
      moveEntry(core, row(entry_id), { event: 'quarantine', reason: 'rejected-by-dps', detail: 'no' });
    moveEntry(core, row(retried!.entry_id), { event: 'retry' });
    moveEntry(core, row(cancelled!.entry_id), { event: 'cancel', because: 'sample' });
  });
}
