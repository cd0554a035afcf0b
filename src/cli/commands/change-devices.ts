/** What is done to devices that are enrolled; all of it goes through the outbox, so it works without a connection too. */
import type { Command } from 'commander';
import { type ActOptions, actAction } from '../acting.ts';
import { describeOverruled } from '../overruling-text.ts';
import { UsageError } from '../usage-error.ts';
import { addOverrulingCommands } from './overrule-attempts.ts';

const named = 'a device is named by device id, registration id or serial';

export function addDeviceChanges(devices: Command): void {
  addUpdate(devices);
  addStatusChange(devices, 'disable', 'refuse its registrations at DPS from now on; the enrollment stays');
  addStatusChange(devices, 'enable', 'let it register again; where its create was cancelled, create it');
  addDelete(devices);
  addReplace(devices);
  addOverrulingCommands(devices);
}

function addUpdate(devices: Command): void {
  const command = devices
    .command('update [ids...]')
    .description(`bring enrollments to what the product's template says today; ${named}`)
    .option('--product <product>', 'every device in service of this product')
    .option('--reason <text>', 'goes into the audit', 'template changed');
  actAction<ActOptions & { readonly product?: string }>(command, async ({ core, act, args }, { product }) => {
    if (args.length > 0 === (product !== undefined)) throw new UsageError('name devices, or use --product');
    const { updateDevices, updateProduct } = await import('../../station/devices/update-enrollments.ts');
    const report = product === undefined ? updateDevices(core, args, act) : updateProduct(core, product, act);
    const { requested, unchanged, notEnrolled } = report;
    const text = `${requested} updates queued, ${unchanged} unchanged, ${notEnrolled} without an enrollment`;
    return { document: report, text };
  });
}

function addStatusChange(devices: Command, verb: 'disable' | 'enable', description: string): void {
  const command = devices
    .command(`${verb} <id>`)
    .description(`${description}; ${named}`)
    .requiredOption('--reason <text>', 'goes into the audit');
  actAction(command, async ({ core, act, args }) => {
    const { disableEnrollment, enableEnrollment } = await import(
      '../../station/devices/change-enrollment.ts'
    );
    const change = verb === 'disable' ? disableEnrollment : enableEnrollment;
    const { entry_id: entryId, operation, registration_id: registrationId } = change(core, args[0]!, act);
    return {
      document: { entryId, operation, registrationId },
      text: `${operation} of ${registrationId} queued`,
    };
  });
}

function addDelete(devices: Command): void {
  const command = devices
    .command('delete <id>')
    .description(`take it out of service: its enrollment is deleted, its history stays; ${named}`)
    .requiredOption('--reason <text>', 'scrap, rma or another reason');
  actAction(command, async ({ core, act, args }) => {
    const { deleteDevice } = await import('../../station/devices/retire-device.ts');
    const retired = deleteDevice(core, args[0]!, act);
    const enrollment =
      retired.deleteEntry === null
        ? 'nothing of it is to be deleted in DPS'
        : 'its enrollment is to be deleted';
    return { document: retired, text: `${retired.serial ?? retired.deviceId} left service; ${enrollment}` };
  });
}

function addReplace(devices: Command): void {
  const command = devices
    .command('replace <id>')
    .description(
      'after a board swap: the serial stays, and the key of a harvest that was refused for it takes the place of the old one',
    )
    .option('--harvest <id>', 'the refused harvest of the new board (default: the newest one of the serial)')
    .requiredOption('--reason <text>', 'goes into the audit');
  actAction<ActOptions & { readonly harvest?: string }>(command, async ({ core, act, args }, { harvest }) => {
    const { replaceDevice } = await import('../../station/devices/replace-device.ts');
    const replaced = replaceDevice(core, { device: args[0]!, harvestId: harvest }, act);
    return { document: replaced, text: describeOverruled(replaced) };
  });
}
