/** The command line: `keyline <command>`. Commands load what they need when they run, so that `--help` is quick. */
import { Command, CommanderError } from 'commander';
import { version } from '../station/version.ts';
import { addAuditCommands } from './commands/audit.ts';
import { addBackupCommand } from './commands/backup.ts';
import { addBatchCommands } from './commands/batch.ts';
import { addConfigCommands } from './commands/config.ts';
import { addCourierCommands } from './commands/courier.ts';
import { addDevicesCommands } from './commands/devices.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addDpsCommands } from './commands/dps.ts';
import { addEmulatorCommand } from './commands/dps-emulator.ts';
import { addHarvestCommand } from './commands/harvest.ts';
import { addImportCommand } from './commands/import.ts';
import { addPeopleCommands } from './commands/people.ts';
import { addQueueCommands } from './commands/queue.ts';
import { addRestoreCommand } from './commands/restore.ts';
import { addServeCommand } from './commands/serve.ts';
import { addStartCommand } from './commands/start.ts';
import { addStatusCommand } from './commands/status.ts';
import { addSyncCommand } from './commands/sync.ts';
import { addTpmCommands } from './commands/tpm.ts';
import { addTrustCommands } from './commands/trust.ts';
import { addWorkOrderCommands } from './commands/work-orders.ts';
import { exitCodes } from './exit-code.ts';
import { makeOutput } from './output.ts';
import { helpOf, UsageError, usageFailure } from './usage-error.ts';

function buildProgram(): Command {
  const program = new Command('keyline')
    .description(
      'Provisioning station: harvests TPM 2.0 endorsement keys on the line and enrols them in Azure DPS.',
    )
    .version(version)
    .option(
      '--data-dir <dir>',
      'data directory (default: KEYLINE_DATA_DIR, else the place for application data)',
    )
    .option('--json', 'one JSON document (or JSON lines) on stdout')
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      '\nEnvironment: KEYLINE_DATA_DIR, KEYLINE_REHEARSAL=1 (when a ledger is made), KEYLINE_DPS_CONNECTION_STRING, KEYLINE_DPS_CA_FILE,\nHTTPS_PROXY, HTTP_PROXY (lists of trust fetch), NO_PROXY, KEYLINE_PIN (of --as), KEYLINE_HIERARCHY_PASSWORD, KEYLINE_BROWSER, KEYLINE_SECRET_STORE=keyring|files (when a station is started first).\nExit codes: 0 done, 1 unexpected, 2 usage or configuration, 3 device or bridge, 4 refused by a rule, 5 DPS or network, 6 ledger.',
    );
  for (const add of [
    addStartCommand,
    addServeCommand,
    addHarvestCommand,
    addTpmCommands,
    addBatchCommands,
    addImportCommand,
    addSyncCommand,
    addQueueCommands,
    addDevicesCommands,
    addWorkOrderCommands,
    addAuditCommands,
    addCourierCommands,
    addBackupCommand,
    addRestoreCommand,
    addTrustCommands,
    addPeopleCommands,
    addConfigCommands,
    addStatusCommand,
    addDoctorCommand,
    addDpsCommands,
    addEmulatorCommand,
  ])
    add(program);
  return program;
}

const json = process.argv.includes('--json');
const program = buildProgram();
/** The command as far as the arguments were understood. */
let meant: Command = program;
const quietly = (command: Command): void => {
  command.exitOverride().showHelpAfterError(`  See ${helpOf(command)}.`);
  command.hook('preSubcommand', (_group, sub) => {
    meant = sub;
  });
  if (json) command.configureOutput({ writeErr: () => {} });
  for (const sub of command.commands) quietly(sub);
};
quietly(program);

// A reader that went away (`keyline … | head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.done);
  throw error;
});

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError && error.exitCode === 0) process.exitCode = exitCodes.done;
  else if (error instanceof CommanderError || error instanceof UsageError) {
    // A group without its command: commander printed the help instead of an error.
    const message =
      error.message === '(outputHelp)' ? 'a command is missing' : error.message.replace(/^error: /, '');
    // Commander has already told people on stderr, but for our own option parsers.
    if (json || error instanceof UsageError) makeOutput(json).failure(usageFailure(message, meant));
    process.exitCode = exitCodes.usage;
  } else throw error;
}
