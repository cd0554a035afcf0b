/**
 * Puts right what a reconciliation found, as somebody told it to: new entries of the outbox, each with its reason in the
 * audit, sent and looked at first like all others. So a finding that is not so any more changes nothing: a create never
 * overwrites, an update and a delete are of what DPS has then.
 */
import type { ReconciliationNotes } from '../../../db/reconciliation-notes.ts';
import type { DeviceRow } from '../../../db/rows.ts';
import type { ActName } from '../access/roles.ts';
import { type Act, type AllowedAct, allowed, openAct } from '../act.ts';
import type { DpsTarget } from '../dps/dps-target.ts';
import type { StationCore } from '../open-core.ts';
import { moveEntry } from '../queue/move-entry.ts';
import { queueEntry } from '../queue/queue-entry.ts';
import { requestChange, writeDown } from '../queue/request-entry.ts';
import type { ApplicableKind, Finding } from './findings.ts';
import { comparable } from './judge.ts';
import { ledgerSide, type Wanted } from './ledger-side.ts';

export interface ApplyRequest {
  readonly kinds: readonly ApplicableKind[];
  readonly act: Act;
}

/** Devices written in one transaction: short enough that a harvest need not wait for it. */
const devicesAtOnce = 200;

/** Null: to ask DPS again needs no role. */
const actOf: Readonly<Record<ApplicableKind, ActName | null>> = {
  missing: 'switch-enrollment',
  changed: 'switch-enrollment',
  'not-acknowledged': null,
  'not-deleted': 'delete-device',
};

/** Asked before a long walk; each transaction asks again. @throws StationError with an `AccessRefusalCode` */
export function refuseForbidden(core: StationCore, { kinds, act }: ApplyRequest): void {
  core.ledger.transaction(() => {
    for (const kind of kinds) byOf(core, kind, act);
  });
}

/** @returns entries that were queued or put back, by kind of finding */
export function applyFindings(
  core: StationCore,
  target: DpsTarget,
  notes: ReconciliationNotes,
  { kinds, act }: ApplyRequest,
): Partial<Record<ApplicableKind, number>> {
  const applied = new Map<ApplicableKind, number>(kinds.map(kind => [kind, 0]));
  for (let after = 0; ; ) {
    const page = notes.findings(devicesAtOnce, after);
    const last = page.at(-1);
    if (!last) return Object.fromEntries(applied);
    after = last.number;
    core.ledger.transaction(() => {
      for (const { kind, finding } of page) {
        const told = kinds.find(each => each === kind);
        if (told === undefined) continue;
        const entries = carryOut(core, target, JSON.parse(finding), byOf(core, told, act));
        applied.set(told, applied.get(told)! + entries);
      }
    });
  }
}

function byOf(core: StationCore, kind: ApplicableKind, act: Act): AllowedAct {
  const name = actOf[kind];
  return name === null ? openAct(core, act) : allowed(core, name, act);
}

/** Inside a transaction. @returns how many entries it led to; none where the ledger says something else by now */
function carryOut(core: StationCore, target: DpsTarget, finding: Finding, by: AllowedAct): number {
  const side = ledgerSide(core, target, finding.registrationId);
  if (side.kind === 'enrolled') {
    if (finding.kind === 'missing') return createAgain(core, side.wanted, by);
    if (finding.kind === 'changed') return writeAgain(core, side.wanted, finding, by);
  }
  const device = finding.deviceId === null ? undefined : core.ledger.devices.get(finding.deviceId);
  if (side.kind === 'none' && finding.kind === 'not-deleted' && device) return remove(core, device, by);
  if (side.kind === 'stopped' && finding.kind === 'not-acknowledged')
    return askAgain(core, finding.entryId, by);
  return 0;
}

/** As it was last wanted, and not as it was made first. */
function createAgain(core: StationCore, { device, entry }: Wanted, by: AllowedAct): number {
  const members = Object.entries(entry.document).filter(([, value]) => value !== null);
  const document = Object.fromEntries(members);
  const create = queueEntry(core, { device, operation: 'create', document, because: by.reason });
  writeDown(core, create, by, { change: 'requested' });
  return 1;
}

function writeAgain(core: StationCore, { device, entry }: Wanted, finding: Finding, by: AllowedAct): number {
  const wanted = comparable(entry.document);
  const members = finding.members ?? [];
  const { provisioningStatus: status, ...update } = Object.fromEntries(
    members.map(member => [member, wanted[member]]),
  );
  const updates = Object.keys(update).length > 0;
  if (updates) requestChange(core, device, 'update', update, by);
  if (status === undefined) return updates ? 1 : 0;
  const operation = status === 'disabled' ? 'disable' : 'enable';
  requestChange(core, device, operation, { provisioningStatus: status as 'enabled' | 'disabled' }, by);
  return updates ? 2 : 1;
}

function remove(core: StationCore, device: DeviceRow, by: AllowedAct): number {
  requestChange(core, device, 'delete', {}, by);
  return 1;
}

function askAgain(core: StationCore, entryId: string | undefined, by: AllowedAct): number {
  const row = entryId === undefined ? undefined : core.ledger.outbox.get(entryId);
  return row && moveEntry(core, row, { event: 'retry' }, by.account) ? 1 : 0;
}
