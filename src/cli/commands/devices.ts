import type { Command } from 'commander';
import { action, wholeNumber, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { table } from '../table.ts';

export function addDevicesCommands(program: Command): void {
  const devices = program.command('devices').description('search the ledger');
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
              ['serial', 'product', 'registration id', 'enrollment', 'certificate', 'recorded', 'origin'],
              ...found.map(device => [
                device.serial ?? '-',
                device.product,
                device.registrationId,
                device.enrollment ?? '-',
                device.certificate,
                new Date(device.recordedAt).toISOString(),
                device.origin,
              ]),
            ]),
      );
      return exitCodes.done;
    }),
  );
}
