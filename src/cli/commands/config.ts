import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { FaultText } from '../../station/settings/fault.ts';
import { action, type Invocation, withCore } from '../command-context.ts';
import { changeText } from '../configuration-change-text.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { withSecrets } from '../secret-input.ts';
import { type ActingOptions, actingAs, addActingOption } from '../sign-in.ts';
import { UsageError } from '../usage-error.ts';

interface ImportOptions extends ActingOptions {
  readonly dryRun?: boolean;
}

export function addConfigCommands(program: Command): void {
  const config = program
    .command('config')
    .description('the configuration of this station, keyline.json, and what every setting means');

  const schema = config
    .command('schema')
    .description('JSON Schema of keyline.json: every setting with what it does, its unit and its default');
  action(schema, async ({ output }) => {
    const { configurationJsonSchema } = await import('../../station/settings/json-schema.ts');
    const document = configurationJsonSchema();
    output.document(document, () => JSON.stringify(document, null, 2));
    return exitCodes.done;
  });

  const check = config
    .command('check [file]')
    .description('what is wrong with a configuration (default: that of this station), place by place');
  action(check, async (invocation, _options, [file]) => {
    const { faultText } = await import('../../station/settings/fault.ts');
    const { checkConfiguration, readJson } = await import('../../station/settings/check-configuration.ts');
    const directory = await directoryOf(invocation);
    const from = file ?? directory.configurationFile;
    const read = readJson((await textAt(from, file !== undefined)) ?? '{}');
    const faults = (read.ok ? checkConfiguration(read.json, directory.path).faults : [read.fault]).map(
      each => ({ ...faultText(each), stops: each.stops }),
    );
    invocation.output.document({ file: from, valid: faults.length === 0, faults }, () =>
      faults.length === 0 ? `${from}: nothing is wrong` : `${from}:\n${faultLines(faults)}`,
    );
    return faults.length === 0 ? exitCodes.done : exitCodes.usage;
  });

  const exporting = config
    .command('export [file]')
    .description('what is set here, in its one canonical form; default: to standard output');
  action(exporting, async (invocation, _options, [file]) => {
    const { settingsOf } = await import('../../station/settings/change-configuration.ts');
    const { canonicalConfiguration } = await import('../../station/settings/canonical-configuration.ts');
    const { readConfigurationFile, hashOf } = await import('../../station/settings/configuration-file.ts');
    const { configurationOf } = await import('../../station/configuration/load-configuration.ts');
    const directory = await directoryOf(invocation);
    const found = readConfigurationFile(directory.configurationFile);
    configurationOf(found.text, directory.configurationFile);
    const settings = settingsOf(found);
    const text = canonicalConfiguration(settings);
    if (file === undefined) invocation.output.document(settings, () => text.trimEnd());
    else {
      await write(file, text, invocation);
      const sha256 = hashOf(text);
      invocation.output.document({ file, sha256 }, () => `wrote ${file} (SHA-256 ${sha256})`);
    }
    return exitCodes.done;
  });

  const importing = config
    .command('import <file>')
    .description('take a configuration; running stations go on with it (supervisor or engineer)')
    .option('--dry-run', 'say what would change and what is wrong, and change nothing')
    .addHelpText(
      'after',
      '\nWhat was there is kept as configurations/<SHA-256>.json in the data directory. Before there is a supervisor, whoever\nowns the data directory may import without --as.',
    );
  addActingOption(importing);
  action<ImportOptions>(importing, (invocation, options, [file]) =>
    takeFile(invocation, options, file!).catch(error => refused(invocation, error)),
  );
}

async function takeFile(invocation: Invocation, options: ImportOptions, file: string): Promise<ExitCode> {
  const { changeConfiguration, ConfigurationRefused, planConfiguration } = await import(
    '../../station/settings/change-configuration.ts'
  );
  const { readJson } = await import('../../station/settings/check-configuration.ts');
  const read = readJson((await textAt(file, true))!);
  if (!read.ok) throw new ConfigurationRefused([read.fault]);
  const { json } = read;
  if (options.dryRun) {
    const plan = planConfiguration({ directory: await directoryOf(invocation) }, json);
    if (plan.faults.length > 0) throw new ConfigurationRefused(plan.faults);
    const { from, changes } = plan;
    invocation.output.document({ dryRun: true, from, changes }, () =>
      changes.length === 0 ? 'nothing would change' : `would change:\n${changeText(changes)}`,
    );
    return exitCodes.done;
  }
  return withSecrets(invocation, input =>
    withCore(invocation, async core => {
      const who = await actingAs(core, options, input);
      const done = changeConfiguration(core, { json, how: 'import', who });
      invocation.output.document(done, () =>
        done.changes.length === 0
          ? 'nothing changes'
          : `changed; a running station takes it now:\n${changeText(done.changes)}`,
      );
      return exitCodes.done;
    }),
  );
}

/** With every fault in its place; anything else goes on. */
async function refused(invocation: Invocation, error: unknown): Promise<ExitCode> {
  const { ConfigurationRefused } = await import('../../station/settings/change-configuration.ts');
  const { faultText } = await import('../../station/settings/fault.ts');
  if (!(error instanceof ConfigurationRefused)) throw error;
  const { code, hint, message } = error;
  const faults = error.faults.map(faultText);
  if (invocation.output.json) invocation.output.document({ code, hint, message, faults }, () => '');
  else invocation.output.failure({ kind: 'usage', code, hint, message: `\n${faultLines(faults)}` });
  return exitCodes.usage;
}

/** Undefined where it is not there and need not be. */
async function textAt(file: string, named: boolean): Promise<string | undefined> {
  const { readConfigurationFile } = await import('../../station/settings/configuration-file.ts');
  const { text } = readConfigurationFile(file);
  if (text === undefined && named) throw new UsageError(`there is no file ${file}`);
  return text;
}

async function directoryOf({ dataDirectory }: Invocation) {
  const { dataDirectoryAt } = await import('../../station/data-directory.ts');
  return dataDirectoryAt(dataDirectory);
}

/** For its owner alone: a bridge's command may hold a password. */
async function write(file: string, text: string, invocation: Invocation): Promise<void> {
  const { refuseStationFile } = await import('../../station/export/station-files.ts');
  const { replaceFile } = await import('../../station/export/write-once.ts');
  const directory = await directoryOf(invocation);
  if (existsSync(directory.path)) refuseStationFile(directory, file);
  try {
    replaceFile(path.dirname(path.resolve(file)), path.basename(file), text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${(error as Error).message}`);
  }
}

function faultLines(faults: readonly FaultText[]): string {
  return faults
    .map(({ path: place, wrong, instead }) => `  ${place}: ${wrong}\n    instead: ${instead}`)
    .join('\n');
}
