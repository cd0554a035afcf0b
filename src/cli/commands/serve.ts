import type { Command } from 'commander';
import { action, wholeNumber } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { serveStation } from '../serve-station.ts';

interface Options {
  readonly port?: number;
  readonly host: string;
}

export function addServeCommand(program: Command): void {
  const command = program
    .command('serve')
    .description('the station without a window: API and browser kiosk; runs until it is stopped')
    .option('--port <n>', 'TCP port (default: any free one)', wholeNumber('--port', 1, 65_535))
    .option(
      '--host <address>',
      'address to listen on; everything but loopback is a decision of the plant',
      '127.0.0.1',
    );
  action<Options>(command, async (invocation, options) => {
    const served = await serveStation(invocation, {
      port: options.port,
      host: options.host,
      // Whoever keeps it running goes by its exit code.
      showStop: false,
    });
    if (served === undefined) return exitCodes.unexpected;
    invocation.output.line(
      { url: served.url, port: served.port },
      () => `The kiosk, for one browser: ${served.url}`,
    );
    if (!invocation.signal.aborted)
      await new Promise<void>(resolve =>
        invocation.signal.addEventListener('abort', () => resolve(), { once: true }),
      );
    await served.close();
    return exitCodes.done;
  });
}
