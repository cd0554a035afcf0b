/**
 * Certificates of devices judged again off the DUT, because the station knows more than at their harvest (rule H8): debt is
 * settled where the chain is verified now, and a device that passed is in debt where its maker revoked a certificate of the chain
 * since. Nothing is deleted and nothing goes to DPS: what becomes of such a device is a person's decision. Each change of a
 * state is one transaction with its audit entry.
 */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { DeviceRow } from '../../../db/rows.ts';
import type { TrustStore } from '../../trust/trust-store.ts';
import { certificateColumns } from '../attempt/add-device.ts';
import { type FittingJudgement, judgeFitting } from '../attempt/judge-fitting.ts';
import type { ProductConfiguration } from '../configuration/configuration.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { type JudgedBy, judgedByOf, suspectsIn } from './judged-by.ts';
import { judgesRevocation } from './judges-revocation.ts';

export interface JudgedAgain {
  /** Devices whose debt is settled. */
  readonly settled: number;
  readonly revoked: readonly RevokedDevice[];
}

export interface RevokedDevice {
  readonly deviceId: string;
  readonly serial: string | null;
  readonly registrationId: string;
  readonly detail: string;
}

const DEVICES_AT_ONCE = 10;
/** Between pages, so that whoever records finds ledger and processor free. */
const REST_MS = 5;
/** Of a certificate that fits its key, and does not hold. */
const open: ReadonlySet<string> = new Set(['unchecked', 'untrusted', 'revoked']);

/** By what a judgement was made; the same again needs no second look. One for each process and core. */
const judgedBy = new WeakMap<StationCore['ledger'], JudgedBy>();

/** @param anew also where nothing changed since this process did it last */
export async function judgeAgain(
  core: StationCore,
  { signal, anew = false }: { readonly signal?: AbortSignal | undefined; readonly anew?: boolean } = {},
): Promise<JudgedAgain> {
  const store = core.trust.store();
  const revoked: RevokedDevice[] = [];
  if (store === undefined) return { settled: 0, revoked };
  const by = judgedByOf(core, store);
  const last = anew ? undefined : judgedBy.get(core.ledger);
  let settled = 0;
  const note = (change: Change | undefined) => {
    if (change === 'settled') settled += 1;
    else if (change) revoked.push(change);
  };
  if (last?.debt !== by.debt)
    await pages(
      after => core.ledger.devices.inCertificateDebt(DEVICES_AT_ONCE, after),
      signal,
      row => note(judgeDebt(core, store, row)),
    );
  const suspects = suspectsIn(store);
  if (last?.verified !== by.verified && suspects !== undefined)
    await pages(
      after => core.ledger.devices.oldest(DEVICES_AT_ONCE, after),
      signal,
      row => {
        if (isVerified(row) && suspects(row.certificate)) note(judgeVerified(core, store, row));
      },
    );
  if (!signal?.aborted) judgedBy.set(core.ledger, by);
  return { settled, revoked };
}

type Change = 'settled' | RevokedDevice;
type WithCertificate = DeviceRow & { readonly certificate: Buffer };

const isVerified = (row: DeviceRow): row is WithCertificate =>
  row.certificate_status === 'verified' && row.certificate !== null && row.retired_at === null;

async function pages(
  read: (after: string | undefined) => readonly DeviceRow[],
  signal: AbortSignal | undefined,
  each: (row: DeviceRow) => void,
): Promise<void> {
  for (let after: string | undefined; !signal?.aborted; ) {
    const rows = read(after);
    for (const row of rows) each(row);
    after = rows.at(-1)?.device_id;
    if (rows.length < DEVICES_AT_ONCE) return;
    await pause(REST_MS);
  }
}

function judgeDebt(core: StationCore, store: TrustStore, row: DeviceRow): Change | undefined {
  const product = productOf(core, row);
  if (row.certificate === null || product.certificate === 'off' || !open.has(row.certificate_status))
    return undefined;
  const revocation = product.revocation ?? 'warn';
  const judged = judgeFitting(row.certificate, { store, revocation, clock: core.clock.read() });
  const columns = certificateColumns(product, judged);
  const wasRevoked = row.certificate_status === 'revoked';
  // What says nothing of revocation does not lift one.
  if (wasRevoked && judged.revocation !== undefined) return undefined;
  if (judged.status === row.certificate_status && columns.certificate_detail === row.certificate_detail)
    return undefined;
  const isJudged = core.ledger.transaction(() => {
    if (!isAsRead(core, row)) return false;
    core.ledger.devices.judgeCertificate(row.device_id, columns);
    if (judged.status !== row.certificate_status) writeDown(core, row, row.certificate!, judged);
    return true;
  });
  if (!isJudged) return undefined;
  if (judged.status === 'verified') return 'settled';
  return judged.status === 'revoked' && !wasRevoked ? revokedDevice(row, judged.detail!) : undefined;
}

/** Dates are not judged: a certificate that was verified stays so when its time is over. */
function judgeVerified(core: StationCore, store: TrustStore, row: WithCertificate): Change | undefined {
  const product = productOf(core, row);
  if (!judgesRevocation(product)) return undefined;
  const clock = { at: core.clock.read().at, clock: 'unsynced' } as const;
  const judged = judgeFitting(row.certificate, { store, revocation: 'warn', clock });
  if (judged.status !== 'revoked') return undefined;
  const isRevoked = core.ledger.transaction(() => {
    if (!isAsRead(core, row) || !core.ledger.devices.revokeCertificate(row.device_id, judged.detail!))
      return false;
    writeDown(core, row, row.certificate, judged);
    return true;
  });
  return isRevoked ? revokedDevice(row, judged.detail!) : undefined;
}

/** Another process may have recorded an attempt or a decision since: what that found is newer. */
function isAsRead({ ledger }: StationCore, row: DeviceRow): boolean {
  const now = ledger.devices.get(row.device_id);
  return (
    now?.retired_at === null &&
    now.certificate_status === row.certificate_status &&
    now.certificate?.equals(row.certificate!) === true
  );
}

function revokedDevice(row: DeviceRow, detail: string): RevokedDevice {
  return { deviceId: row.device_id, serial: row.serial, registrationId: row.registration_id, detail };
}

function writeDown(core: StationCore, row: DeviceRow, certificate: Buffer, judged: FittingJudgement): void {
  const { status, rule, detail, anchor, chain, list } = judged;
  const change = status === 'verified' ? 'settled' : status === 'revoked' ? 'revoked' : 'judged';
  core.audit.append(core.identity, personOf(core.ledger, 'system', core.clock.read().at), {
    type: 'certificate-judgement',
    data: {
      registrationId: row.registration_id,
      harvestId: row.harvest_id,
      serial: row.serial,
      workOrder: row.work_order,
      ekSha256: row.ek_sha256,
      change,
      statusBefore: row.certificate_status,
      certificate: {
        status,
        sha256: createHash('sha256').update(certificate).digest('hex'),
        ...(rule === undefined ? {} : { rule }),
        ...(anchor === undefined ? {} : { anchor: anchor.sha256 }),
        ...(chain === undefined ? {} : { chain }),
      },
      ...(detail === undefined ? {} : { detail }),
      ...(list === undefined ? {} : { list }),
    },
  });
}

/** A product that is configured no more judges as by default. */
function productOf({ configuration }: StationCore, { product }: DeviceRow): ProductConfiguration {
  return configuration.products.find(({ name }) => name === product) ?? { name: product };
}
