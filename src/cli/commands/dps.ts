import type { Command } from 'commander';
import type { DpsKeyView } from '../../station/dps/dps-key.ts';
import { action, commandLineAccount, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { readSecret } from '../read-secret.ts';
import { facts } from '../table.ts';

interface SetOptions {
  readonly offline?: boolean;
  readonly otherDps?: boolean;
}

export function addDpsCommands(program: Command): void {
  const dps = program.command('dps').description('the key with which this station signs in to DPS');

  const set = dps
    .command('set-key')
    .description(
      'read a connection string (with dps.entra: its secret) from standard input and keep it in the secret store',
    )
    .option('--offline', 'do not ask DPS whether it takes the key and grants both rights')
    .option('--other-dps', 'the key may be for another DPS than the one till now');
  action<SetOptions>(set, async (invocation, options) =>
    withCore(invocation, async core => {
      const { setDpsKey } = await import('../../station/dps/dps-key.ts');
      const secret = await readSecret('Connection string or secret (not shown): ', invocation.signal);
      const view = await setDpsKey(core, {
        secret,
        account: commandLineAccount(),
        offline: options.offline === true,
        otherInstance: options.otherDps === true,
      });
      invocation.output.document(view, () => describe(view));
      return exitCodes.done;
    }),
  );

  const show = dps
    .command('show')
    .description('which DPS, as whom, and where the key comes from; never the key');
  action(show, async invocation =>
    withCore(invocation, async core => {
      const { showDpsKey } = await import('../../station/dps/dps-key.ts');
      const view = showDpsKey(core);
      invocation.output.document(view, () => describe(view));
      return exitCodes.done;
    }),
  );

  const forget = dps.command('forget-key').description('remove the key from the secret store');
  action(forget, async invocation =>
    withCore(invocation, async core => {
      const { forgetDpsKey } = await import('../../station/dps/dps-key.ts');
      const forgotten = forgetDpsKey(core, commandLineAccount());
      invocation.output.document({ forgotten }, () =>
        forgotten ? 'the key is forgotten' : 'there was none in the secret store',
      );
      return exitCodes.done;
    }),
  );
}

const sources = {
  environment: 'KEYLINE_DPS_CONNECTION_STRING (it wins over the secret store)',
  store: 'the secret store',
  none: 'no secret of its own',
} as const;

function describe(view: DpsKeyView): string {
  if (view.source === null)
    return `no key for ${view.host ?? 'a DPS'}; keyline dps set-key gives this station one`;
  return facts([
    ['DPS', view.host],
    ['as', `${view.identity}${view.kind === 'entra' ? ' (Microsoft Entra ID)' : ''}`],
    ['id scope', view.idScope],
    ['key from', sources[view.source]],
    ['secret store', view.store],
  ]);
}
