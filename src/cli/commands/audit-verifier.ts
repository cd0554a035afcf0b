/** `audit verifier`: the page that verifies exports, passports and consistency proofs in a browser, for whoever has no Keyline. */
import type { Command } from 'commander';
import { action } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { facts } from '../table.ts';

export function addAuditVerifier(audit: Command): void {
  const verifier = audit
    .command('verifier')
    .description(
      'write the page that verifies exports, passports and consistency proofs in any browser, without a network',
    )
    .requiredOption('--out <file>', 'file to write, such as verify.html');
  action<{ readonly out: string }>(verifier, async ({ output, signal }, options) => {
    const { writeVerifierPage } = await import('../../station/export/verifier-page.ts');
    const file = await writeVerifierPage(options.out, signal);
    output.document({ file }, () => facts([['written', file]]));
    return exitCodes.done;
  });
}
