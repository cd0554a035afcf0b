import type { Command } from 'commander';
import { action, withCore } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { reportFailure } from '../output.ts';
import { facts } from '../table.ts';
import { addAuditExport } from './audit-export.ts';
import { addAuditPassport } from './audit-passport.ts';
import { addAuditVerifier } from './audit-verifier.ts';

interface VerifyOptions {
  readonly key?: string;
  readonly checkpoint?: readonly string[];
}

export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('evidence: export it, verify it');

  addAuditExport(audit);
  addAuditPassport(audit);
  addAuditVerifier(audit);

  const verify = audit
    .command('verify [files...]')
    .description('verify exports; without a file: the ledger of this station')
    .option('--key <vkey>', "the station's verifier key, from somewhere else than the file")
    .option('--checkpoint <file...>', 'checkpoints from outside that the log must extend');
  action<VerifyOptions>(verify, async (invocation, options, files) => {
    const { verifyFile, verifyOwnLedger } = await import('../../station/verify-audit.ts');
    const trust = { key: options.key, checkpoints: options.checkpoint ?? [] };
    const looks =
      files.length === 0
        ? [withCore(invocation, core => verifyOwnLedger(core, trust))]
        : files.map(file => verifyFile(file, trust));
    const failures: ExitCode[] = [];
    const verdicts = [];
    for (const look of await Promise.allSettled(looks)) {
      // A file that cannot be read takes nothing from what is said of the others.
      if (look.status === 'rejected') {
        failures.push(reportFailure(invocation.output, look.reason));
        continue;
      }
      const verdict = look.value;
      verdicts.push(verdict);
      invocation.output.line(verdict, () =>
        verdict.ok
          ? facts([
              [`${verdict.level.toUpperCase()}`, verdict.file],
              ['  REHEARSAL', verdict.rehearsal ? 'nothing in it is production' : undefined],
              ['  serial', verdict.passport?.serial],
              ['  registration id', verdict.passport?.registrationId],
              ['  endorsement key', verdict.passport?.ekSha256],
              ...(verdict.passport?.claims ?? []).map(
                ({ what, at, index, origin }) => [`  ${what}`, `${at}, entry ${index} of ${origin}`] as const,
              ),
              ['  origin', verdict.origin],
              [
                '  entries',
                `${verdict.entries}${verdict.withheld ? ` (and ${verdict.withheld} as hashes)` : ''}`,
              ],
              ['  root', verdict.rootHash],
              ['  key', verdict.verifierKey],
              ['  means', verdict.means],
            ])
          : facts([
              [verdict.problem === 'not-an-export' ? 'NOT AN EXPORT' : 'NOT INTACT', verdict.file],
              ['  first fault', verdict.problem],
              ['  at', verdict.place],
              ['  detail', verdict.detail],
            ]),
      );
    }
    if (!verdicts.every(verdict => verdict.ok)) return exitCodes.refused;
    return failures[0] ?? exitCodes.done;
  });
}
