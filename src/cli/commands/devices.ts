import { type Command, Option } from 'commander';
import type { DeviceQuestion } from '../../station/devices/find-devices.ts';
import { action, time, wholeNumber, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { table } from '../table.ts';
import { addDeviceChanges } from './change-devices.ts';

type Enrollment = NonNullable<DeviceQuestion['enrollment']>;

/** Written out, so that no help text loads the station. */
const enrollments: Readonly<Record<Enrollment, true>> = {
  queued: true,
  sending: true,
  enrolled: true,
  conflict: true,
  quarantined: true,
  cancelled: true,
};

interface FindOptions {
  readonly limit: number;
  readonly workOrder?: string;
  readonly enrollment?: Enrollment;
  readonly since?: number;
  readonly until?: number;
}

export function addDevicesCommands(program: Command): void {
  const devices = program.command('devices').description('search the ledger, and change what is enrolled');
  const find = devices
    .command('find <query>')
    .description(
      'devices by the beginning of serial, registration id, EK digest or work order, or by a part of the serial',
    )
    .option('--work-order <w>', 'only of this work order')
    .addOption(
      new Option('--enrollment <state>', 'only with this state of the newest outbox entry').choices(
        Object.keys(enrollments),
      ),
    )
    .option('--since <time>', 'only recorded from this time on (RFC 3339, or a date)', time('--since'))
    .option('--until <time>', 'only recorded before this time', time('--until'))
    .option('--limit <n>', 'at most so many', wholeNumber('--limit', 1, 10_000), 50);
  action<FindOptions>(find, async (invocation, { limit, ...only }, [query]) =>
    withCore(invocation, async core => {
      const { findDevices } = await import('../../station/devices/find-devices.ts');
      const found = findDevices(core, { text: query!, ...only }, limit);
      invocation.output.document({ devices: found }, () =>
        found.length === 0
          ? `no device has a serial, registration id, EK digest or work order like ${JSON.stringify(query)}`
          : table([
              [
                'serial',
                'product',
                'registration id',
                'enrollment',
                'certificate',
                'recorded',
                'origin',
                'left service',
              ],
              ...found.map(device => [
                device.serial ?? '-',
                device.product,
                device.registrationId,
                device.enrollment ?? '-',
                device.certificate,
                new Date(device.recordedAt).toISOString(),
                device.origin,
                device.retired ?? '',
              ]),
            ]),
      );
      return exitCodes.done;
    }),
  );

  const show = devices
    .command('show <id>')
    .description(
      'the whole history of the devices with this device id, registration id or serial, retired ones too',
    );
  action(show, async (invocation, _options, [id]) =>
    withCore(invocation, async core => {
      const { deviceHistories } = await import('../../station/devices/device-history.ts');
      const { describeHistory } = await import('../device-history-text.ts');
      const histories = deviceHistories(core, id!);
      invocation.output.document({ devices: histories }, () => histories.map(describeHistory).join('\n\n'));
      return exitCodes.done;
    }),
  );

  addDeviceChanges(devices);
}
