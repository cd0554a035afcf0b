/** `audit consistency`: that the log extends a checkpoint which somebody kept, as a file that proves it. */
import type { Command } from 'commander';
import { action, commandLineAccount, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { facts } from '../table.ts';

interface ConsistencyOptions {
  readonly from: string;
  readonly to?: string;
  readonly out: string;
  readonly verify?: boolean;
}

export function addAuditConsistency(audit: Command): void {
  const consistency = audit
    .command('consistency')
    .description('prove that a later checkpoint extends one that was kept outside, without showing an entry')
    .requiredOption('--from <file>', 'the checkpoint that was kept')
    .option('--to <file>', 'the later checkpoint (default: one of now)')
    .requiredOption('--out <file>', 'file to write; replaced whole or not at all')
    .option(
      '--verify',
      'read the file back from its medium (default: onto another device than the station’s)',
    )
    .option('--no-verify', 'do not read it back');
  action<ConsistencyOptions>(consistency, async (invocation, options) =>
    withCore(invocation, async core => {
      const { writeConsistencyProof } = await import('../../station/export/consistency-proof.ts');
      const result = await writeConsistencyProof(core, {
        ...options,
        account: commandLineAccount(),
        signal: invocation.signal,
      });
      invocation.output.document(result, () =>
        facts([
          ['written', `${result.file}${result.rehearsal ? '   [rehearsal]' : ''}`],
          ['proves', `the log of ${result.size} entries begins with the whole log of ${result.from}`],
          ['origin', result.origin],
          ['key', result.verifierKey],
        ]),
      );
      return exitCodes.done;
    }),
  );
}
