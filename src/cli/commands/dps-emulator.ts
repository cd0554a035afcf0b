import { type Command, Option } from 'commander';
import type { Announcement } from '../../emulator/standalone.ts';
import { dataDirectoryAt } from '../../station/data-directory.ts';
import { action, wholeNumber } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';

interface Options {
  readonly port?: number;
  readonly operationsPerMinute?: number;
  readonly keep: 'disk' | 'memory';
}

export function addEmulatorCommand(program: Command): void {
  const command = program
    .command('dps-emulator')
    .description('a DPS instance on this machine, to rehearse a line without Azure; runs until it is stopped')
    .option('--port <n>', 'TCP port on 127.0.0.1 (default: any free one)', wholeNumber('--port', 1, 65_535))
    .option(
      '--operations-per-minute <n>',
      'answers 429 beyond so many service operations a minute, as DPS does beyond 1000 (default: no limit)',
      wholeNumber('--operations-per-minute', 1, 1_000_000),
    )
    .addOption(
      new Option('--keep <where>', 'enrollments on disk, or in memory and gone at the end')
        .choices(['disk', 'memory'])
        .default('disk'),
    );
  action<Options>(command, async (invocation, options) => {
    const { runStandalone } = await import('../../emulator/standalone.ts');
    await runStandalone({
      dir: dataDirectoryAt(invocation.dataDirectory).emulatorDirectory,
      port: options.port,
      operationsPerMinute: options.operationsPerMinute,
      keep: options.keep,
      print: line => {
        process.stdout.write(`${line}\n`);
        if (!invocation.output.json)
          invocation.output.note(howToUse(JSON.parse(line), options.port !== undefined));
      },
      signal: invocation.signal,
    });
    return exitCodes.done;
  });
}

/** For a person at a terminal, on stderr: what to paste so that a station of this shell rehearses against it. */
function howToUse(announced: Announcement, staysThere: boolean): string {
  return [
    'To rehearse against it, in the shell of the station:',
    '  export KEYLINE_REHEARSAL=1',
    `  export KEYLINE_DPS_CONNECTION_STRING='${announced.connectionString}'`,
    `  export KEYLINE_DPS_CA_FILE='${announced.caFile}'`,
    ...(staysThere
      ? []
      : [
          `Its next start takes another port, and is another DPS to the station then; --port ${new URL(announced.serviceUrl).port} stays.`,
        ]),
    'Ctrl+C ends it.',
  ].join('\n');
}
