/** A ledger of very many devices that lives in the page: newest first, found by a part of the serial, one of every kind. */
import type {
  DeviceActAnswer,
  DeviceActInput,
  DeviceHistory,
  DeviceListPage,
  DevicePlace,
  DeviceQuestion,
  FoundDevice,
  OpenDeviceAct,
  ShowDeviceAnswer,
} from '../../../src/api/contract.ts';

const devices = 200_000;
const at = Date.UTC(2026, 10, 20, 12);
const rowsLookedThrough = 20_000;
const states = ['enrolled', 'enrolled', 'enrolled', 'queued', 'sending', 'conflict', 'quarantined'] as const;

export function fakeDevice(n: number): FoundDevice {
  const digest = n.toString(16).padStart(8, '0').repeat(8);
  return {
    deviceId: `device-${n}`,
    serial: n % 97 === 0 ? null : `KL26-${String(n).padStart(8, '0')}`,
    product: n % 3 === 0 ? 'Gateway G2' : 'Sensor S1',
    workOrder: `WO-${Math.ceil(n / 500)}`,
    origin: n % 97 === 0 ? 'imported' : 'harvested',
    registrationId: `reg-${digest.slice(0, 40)}`,
    ekSha256: digest,
    certificate: n % 5 === 0 ? 'unchecked' : 'verified',
    operation: n % 41 === 0 ? 'delete' : 'create',
    enrollment: n % 41 === 0 ? 'enrolled' : states[n % states.length]!,
    retired: n % 41 === 0 ? 'scrapped after drop test' : null,
    recordedAt: at - (devices - n) * 7_000,
  };
}

export function fakeFind(input: DeviceQuestion & { limit: number; after?: DevicePlace }): DeviceListPage {
  const found: FoundDevice[] = [];
  const text = input.text.trim().toLowerCase();
  const first = (input.after?.key?.[0] as number | undefined) ?? devices + 1;
  for (let n = first - 1; n > 0; n -= 1) {
    const device = fakeDevice(n);
    const fits =
      (text === '' || (device.serial ?? device.registrationId).toLowerCase().includes(text)) &&
      (input.workOrder === undefined || device.workOrder === input.workOrder) &&
      (input.enrollment === undefined || device.enrollment === input.enrollment) &&
      device.recordedAt >= (input.since ?? 0) &&
      device.recordedAt < (input.until ?? Number.MAX_SAFE_INTEGER);
    if (fits) found.push(device);
    if (found.length === input.limit || first - n > rowsLookedThrough)
      return { devices: found, next: { by: 'all', leg: 0, through: devices, key: [n] } };
  }
  return { devices: found };
}

export function fakeShow({ id }: { readonly id: string }): ShowDeviceAnswer {
  const n = Number(id.replace('device-', ''));
  return Number.isInteger(n) && n > 0
    ? { ok: true, device: fakeHistory(n), acts: fakeActs(n) }
    : { ok: false, code: 'device-unknown' };
}

const supervisor = ['supervisor'] as const;

function fakeActs(n: number): readonly OpenDeviceAct[] {
  if (fakeDevice(n).retired !== null) return [];
  return [
    { verb: 'update', roles: [] },
    { verb: 'disable', roles: supervisor },
    { verb: 'replace', roles: supervisor },
    { verb: 'delete', roles: supervisor },
  ];
}

/** Mina alone, by her PIN. */
export function fakeActOn({ device, by }: DeviceActInput): DeviceActAnswer {
  if (by && (!('id' in by) || by.id !== 'mina')) return { ok: false, code: 'role-missing' };
  return { ok: true, deviceId: device, changes: true };
}

function fakeHistory(n: number): DeviceHistory {
  const { operation: _o, enrollment, retired, ...facts } = fakeDevice(n);
  const recordedAt = facts.recordedAt;
  const attempt = (index: number, verdict: 'passed' | 'retest' | 'refused' | 'failed', code: string) => ({
    harvestId: `harvest-${n}-${index}`,
    at: recordedAt + (index - 1) * 540_000,
    origin: facts.origin,
    serial: verdict === 'refused' ? 'KL26-00009999' : facts.serial,
    verdict,
    code,
    ekSha256: verdict === 'failed' ? null : facts.ekSha256,
    fixture: 'F2',
    durationMs: 1240,
    logId: 'log-1',
    auditIndex: n + index,
    leafHash: facts.ekSha256,
  });
  const own = {
    ...facts,
    ekTemplate: 'L-1',
    certificateDetail: null,
    harvestId: `harvest-${n}-1`,
    retired: retired === null ? null : { at: recordedAt + 86_400_000, reason: retired },
  };
  return {
    ...own,
    entries: [
      {
        entryId: `entry-${n}`,
        operation: 'create',
        state: enrollment!,
        deviceId: facts.deviceId,
        serial: facts.serial,
        registrationId: facts.registrationId,
        harvestId: own.harvestId,
        dpsHost: 'line.azure-devices-provisioning.net',
        idScope: '0ne00112233',
        attempts: 1,
        createdAt: recordedAt,
        sentAt: enrollment === 'queued' ? null : recordedAt + 60_000,
        settledAt: enrollment === 'enrolled' ? recordedAt + 61_000 : null,
        waitsFor: null,
        because: null,
        reason: enrollment === 'conflict' ? 'clone-elsewhere' : null,
        detail: null,
        document: {
          registrationId: facts.registrationId,
          attestation: {
            type: 'tpm',
            tpm: { endorsementKey: 'AToAAQALAAMAsgAgg3GXZ0SEs/gajMyNRqXXJP1S1240='.repeat(4) },
          },
          provisioningStatus: 'enabled',
          optionalDeviceInformation: {
            serial: facts.serial,
            stationId: 'station-1',
            harvestId: own.harvestId,
          },
        },
      },
    ],
    attempts: [
      attempt(3, 'refused', 'clone'),
      attempt(2, 'retest', 'retest'),
      attempt(1, 'passed', 'passed'),
      attempt(0, 'failed', 'connect-timeout'),
    ],
    predecessors:
      n % 41 === 1
        ? [
            {
              ...own,
              deviceId: `device-${n - 1}`,
              retired: { at: recordedAt - 3_600_000, reason: 'board swapped' },
            },
          ]
        : [],
    successors: n % 41 === 0 ? [{ ...own, deviceId: `device-${n + 1}`, retired: null }] : [],
    archives: [],
  };
}
