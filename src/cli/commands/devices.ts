import type { Command } from 'commander';
import { action, wholeNumber, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { table } from '../table.ts';
import { addDeviceChanges } from './change-devices.ts';

export function addDevicesCommands(program: Command): void {
  const devices = program.command('devices').description('search the ledger, and change what is enrolled');
  const find = devices
    .command('find <query>')
    .description('devices by the beginning of serial, registration id, EK digest or work order')
    .option('--limit <n>', 'at most so many', wholeNumber('--limit', 1, 10_000), 50);
  action<{ readonly limit: number }>(find, async (invocation, options, [query]) =>
    withCore(invocation, async core => {
      const { findDevices } = await import('../../station/find-devices.ts');
      const found = findDevices(core, query!, options.limit);
      invocation.output.document({ devices: found }, () =>
        found.length === 0
          ? `no device has a serial, registration id, EK digest or work order that begins with ${JSON.stringify(query)}`
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
      const { deviceHistories } = await import('../../station/device-history.ts');
      const { describeHistory } = await import('../device-history-text.ts');
      const histories = deviceHistories(core, id!);
      invocation.output.document({ devices: histories }, () => histories.map(describeHistory).join('\n\n'));
      return exitCodes.done;
    }),
  );

  addDeviceChanges(devices);
}
