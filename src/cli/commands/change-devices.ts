/** What is done to devices that are enrolled; all of it goes through the outbox, so it works without a connection too. */
import type { Command } from 'commander';
import { actAtCommandLine, type ReasonOption } from '../acting.ts';
import { action, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { UsageError } from '../usage-error.ts';

const named = 'a device is named by device id, registration id or serial';

export function addDeviceChanges(devices: Command): void {
  addUpdate(devices);
  addStatusChange(devices, 'disable', 'refuse its registrations at DPS from now on; the enrollment stays');
  addStatusChange(devices, 'enable', 'let it register again; where its create was cancelled, create it');
  addDelete(devices);
  addReplace(devices);
}

function addUpdate(devices: Command): void {
  const update = devices
    .command('update [ids...]')
    .description(`bring enrollments to what the product's template says today; ${named}`)
    .option('--product <product>', 'every device in service of this product')
    .option('--reason <text>', 'goes into the audit', 'template changed');
  action<ReasonOption & { readonly product?: string }>(update, async (invocation, options, ids) =>
    withCore(invocation, async core => {
      if (ids.length > 0 === (options.product !== undefined))
        throw new UsageError('name devices, or use --product');
      const { updateDevices, updateProduct } = await import('../../station/update-enrollments.ts');
      const act = actAtCommandLine(options);
      const report =
        options.product === undefined
          ? updateDevices(core, ids, act)
          : updateProduct(core, options.product, act);
      invocation.output.document(
        report,
        () =>
          `${report.requested} updates queued, ${report.unchanged} unchanged, ${report.notEnrolled} without an enrollment`,
      );
      return exitCodes.done;
    }),
  );
}

function addStatusChange(devices: Command, verb: 'disable' | 'enable', description: string): void {
  const command = devices
    .command(`${verb} <id>`)
    .description(`${description}; ${named}`)
    .requiredOption('--reason <text>', 'goes into the audit');
  action<ReasonOption>(command, async (invocation, options, [id]) =>
    withCore(invocation, async core => {
      const change = await changeOf(verb);
      const entry = change(core, id!, actAtCommandLine(options));
      const { entry_id: entryId, operation, registration_id: registrationId } = entry;
      invocation.output.document(
        { entryId, operation, registrationId },
        () => `${operation} of ${registrationId} queued`,
      );
      return exitCodes.done;
    }),
  );
}

async function changeOf(verb: 'disable' | 'enable') {
  const { disableEnrollment, enableEnrollment } = await import('../../station/change-enrollment.ts');
  return verb === 'disable' ? disableEnrollment : enableEnrollment;
}

function addDelete(devices: Command): void {
  const command = devices
    .command('delete <id>')
    .description(`take it out of service: its enrollment is deleted, its history stays; ${named}`)
    .requiredOption('--reason <text>', 'scrap, rma or another reason');
  action<ReasonOption>(command, async (invocation, options, [id]) =>
    withCore(invocation, async core => {
      const { deleteDevice } = await import('../../station/retire-device.ts');
      const retired = deleteDevice(core, id!, actAtCommandLine(options));
      invocation.output.document(
        retired,
        () =>
          `${retired.serial ?? retired.deviceId} left service; ${
            retired.deleteEntry === null
              ? 'DPS never had an enrollment of it'
              : 'its enrollment is to be deleted'
          }`,
      );
      return exitCodes.done;
    }),
  );
}

interface ReplaceOptions extends ReasonOption {
  readonly harvest?: string;
}

function addReplace(devices: Command): void {
  const command = devices
    .command('replace <id>')
    .description(
      'after a board swap: the serial stays, and the key of a harvest that was refused for it takes the place of the old one',
    )
    .option('--harvest <id>', 'the refused harvest of the new board (default: the newest one of the serial)')
    .requiredOption('--reason <text>', 'goes into the audit');
  action<ReplaceOptions>(command, async (invocation, options, [id]) =>
    withCore(invocation, async core => {
      const { replaceDevice } = await import('../../station/replace-device.ts');
      const act = actAtCommandLine(options);
      const replaced = replaceDevice(core, { device: id!, harvestId: options.harvest }, act);
      invocation.output.document(
        replaced,
        () => `${replaced.serial} is ${replaced.registrationId} now; the old enrollment is ended first`,
      );
      return exitCodes.done;
    }),
  );
}
