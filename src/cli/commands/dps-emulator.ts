import { type Command, Option } from 'commander';
import { dataDirectoryAt } from '../../station/data-directory.ts';
import { action, wholeNumber } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';

interface Options {
  readonly port?: number;
  readonly keep: 'disk' | 'memory';
}

export function addEmulatorCommand(program: Command): void {
  const command = program
    .command('dps-emulator')
    .description('a DPS instance on this machine, to rehearse a line without Azure; runs until it is stopped')
    .option('--port <n>', 'TCP port on 127.0.0.1 (default: any free one)', wholeNumber('--port', 1, 65_535))
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
      keep: options.keep,
      print: line => void process.stdout.write(`${line}\n`),
      signal: invocation.signal,
    });
    return exitCodes.done;
  });
}
