/** Search of the ledger: what is asked, and devices as lists show them. The search itself is `db/device-search.ts`. */
import type { DeviceListRow, DevicePlace, DeviceQuestion } from '../../../db/device-search.ts';
import type { Ledger } from '../../../db/ledger.ts';
import type { OutboxRow } from '../../../db/rows.ts';
import { readLabel } from '../../enrollment/device-label.ts';
import { fillDeviceIndex } from '../device-search/fill-index.ts';
import type { StationCore } from '../open-core.ts';

export { walkNames } from '../../../db/device-search.ts';
export type { DevicePlace, DeviceQuestion };

export interface FoundDevice {
  readonly deviceId: string;
  readonly serial: string | null;
  readonly product: string;
  readonly workOrder: string | null;
  readonly origin: 'harvested' | 'imported';
  readonly registrationId: string;
  readonly ekSha256: string;
  readonly certificate: string;
  /** What its newest outbox entry asks of DPS, and the state of that entry; null where it has none. */
  readonly operation: OutboxRow['operation'] | null;
  readonly enrollment: OutboxRow['state'] | null;
  /** Why it left service; null while it is in force. */
  readonly retired: string | null;
  /** Epoch milliseconds. */
  readonly recordedAt: number;
}

export interface DeviceListPage {
  readonly devices: readonly FoundDevice[];
  /** Where the list goes on; absent at its end. A page may be short, even empty, before it. */
  readonly next?: DevicePlace;
}

/** Milliseconds that one page may look through devices that do not fit. */
const PAGE_MS = 20;
/** Before a search without a screen: what has come since the last one. */
const CATCH_UP_MS = 500;

export interface DeviceListStart {
  readonly limit: number;
  readonly after?: DevicePlace | undefined;
}

export function devicePage(ledger: Ledger, question: DeviceQuestion, start: DeviceListStart): DeviceListPage {
  const { rows, next } = ledger.deviceSearch.page(readScanned(question), { ...start, withinMs: PAGE_MS });
  return { devices: rows.map(found), ...(next ? { next } : {}) };
}

/** The first devices of the list, at most `limit`. */
export function findDevices(
  { ledger }: StationCore,
  asked: string | DeviceQuestion,
  limit: number,
): FoundDevice[] {
  const question = typeof asked === 'string' ? { text: asked } : asked;
  fillDeviceIndex(ledger, CATCH_UP_MS);
  const devices: FoundDevice[] = [];
  let after: DevicePlace | undefined;
  do {
    const page = devicePage(ledger, question, { limit: limit - devices.length, after });
    devices.push(...page.devices);
    after = page.next;
  } while (after && devices.length < limit);
  return devices;
}

/** A GS1 label that is scanned into the question asks for its serial. */
function readScanned(question: DeviceQuestion): DeviceQuestion {
  const label = question.text === undefined ? undefined : readLabel(question.text);
  return label?.kind === 'gs1' ? { ...question, text: label.serial } : question;
}

function found(row: DeviceListRow): FoundDevice {
  return {
    deviceId: row.device_id,
    serial: row.serial,
    product: row.product,
    workOrder: row.work_order,
    origin: row.origin,
    registrationId: row.registration_id,
    ekSha256: row.ek_sha256,
    certificate: row.certificate_status,
    operation: row.operation,
    enrollment: row.enrollment,
    retired: row.retired_reason,
    recordedAt: row.created_at,
  };
}
