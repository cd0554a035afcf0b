/** A device's whole history for people: newest of its line first, times in UTC. */
import type { DeviceFacts, DeviceHistory } from '../station/devices/device-history.ts';
import { facts, table } from './table.ts';

export function describeHistory(history: DeviceHistory): string {
  const parts = [
    facts([
      ['serial', history.serial],
      ['product', history.product],
      ['work order', history.workOrder],
      ['device', history.deviceId],
      ['registration id', history.registrationId],
      ['EK SHA-256', history.ekSha256],
      ['EK template', history.ekTemplate],
      ['certificate', [history.certificate, history.certificateDetail].filter(Boolean).join(': ')],
      ['recorded', `${time(history.recordedAt)} (${history.origin}, harvest ${history.harvestId})`],
      ['left service', leaving(history)],
    ]),
    'entries of the outbox',
    table([
      ['asked', 'operation', 'state', 'settled', 'why', 'entry'],
      ...history.entries.map(entry => [
        time(entry.createdAt),
        entry.operation,
        stateOf(entry),
        entry.settledAt === null ? '-' : time(entry.settledAt),
        [entry.because, entry.reason].filter(Boolean).join('; '),
        entry.entryId,
      ]),
    ]),
    'attempts of its key or serial',
    table([
      ['at', 'verdict', 'code', 'serial', 'fixture', 'harvest'],
      ...history.attempts.map(attempt => [
        time(attempt.at),
        attempt.verdict,
        attempt.code,
        attempt.serial ?? '-',
        attempt.fixture ?? '-',
        attempt.harvestId,
      ]),
    ]),
    ...archived(history),
    ...lineage('goes on from', history.predecessors),
    ...lineage('was followed by', history.successors),
  ];
  return parts.join('\n');
}

/** `enrolled` is the state of whatever DPS fulfilled: of a delete it would say the opposite. */
function stateOf({ operation, state }: DeviceHistory['entries'][number]): string {
  return state === 'enrolled' ? fulfilled[operation] : state;
}

const fulfilled: Readonly<Record<DeviceHistory['entries'][number]['operation'], string>> = {
  create: 'enrolled',
  update: 'done (updated)',
  disable: 'done (disabled)',
  enable: 'done (enabled)',
  delete: 'done (deleted)',
};

function archived({ archives, workOrder }: DeviceHistory): string[] {
  if (archives.length === 0) return [];
  const rows = archives.map(({ at, file, sha256 }) => [time(at), file, `SHA-256 ${sha256}`]);
  return [`entries of ${workOrder} in the audit log rest in`, table(rows)];
}

function lineage(title: string, devices: readonly DeviceFacts[]): string[] {
  if (devices.length === 0) return [];
  const rows = devices.map(device => [
    device.serial ?? '-',
    device.registrationId,
    leaving(device) ?? 'in service',
    device.deviceId,
  ]);
  return [title, table(rows)];
}

function leaving({ retired }: DeviceFacts): string | undefined {
  return retired ? `${time(retired.at)}: ${retired.reason}` : undefined;
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
