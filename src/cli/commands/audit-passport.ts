/** `audit passport`: what the log says of one device, as a file that proves it. */
import type { Command } from 'commander';
import { action, commandLineAccount, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { facts } from '../table.ts';

interface PassportOptions {
  readonly out: string;
  readonly verify?: boolean;
  readonly archive?: readonly string[];
}

export function addAuditPassport(audit: Command): void {
  const passport = audit
    .command('passport <device>')
    .description(
      'write what the log says of one device (serial, registration id or device id), with the proofs',
    )
    .requiredOption('--out <file>', 'file to write; replaced whole or not at all')
    .option(
      '--verify',
      'read the file back from its medium (default: onto another device than the station’s)',
    )
    .option('--no-verify', 'do not read it back')
    .option('--archive <file...>', 'archives in which entries of it rest');
  action<PassportOptions>(passport, async (invocation, options, [name]) =>
    withCore(invocation, async core => {
      const { writePassport } = await import('../../station/export/device-passport.ts');
      const result = await writePassport(core, {
        name: name!,
        out: options.out,
        verify: options.verify,
        archives: options.archive,
        account: commandLineAccount(),
        signal: invocation.signal,
      });
      invocation.output.document(result, () =>
        facts([
          ['written', `${result.file}${result.rehearsal ? '   [rehearsal]' : ''}`],
          ['serial', result.serial],
          ['registration id', result.registrationId],
          [
            'entries',
            `${result.entries}${result.unproved ? ` (${result.unproved} more cannot be proved)` : ''}`,
          ],
          ['certificates', result.certificates],
          ['key', result.verifierKey],
        ]),
      );
      return exitCodes.done;
    }),
  );
}
