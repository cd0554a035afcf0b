import type { Command } from 'commander';
import { unusedWords } from '../../station/export/verdict-words.ts';
import type { AuditVerdict } from '../../station/export/verify-audit.ts';
import { action, withCore } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { reportFailure } from '../output.ts';
import { facts } from '../table.ts';
import { addAuditCertificate } from './audit-certificate.ts';
import { addAuditConsistency } from './audit-consistency.ts';
import { addAuditExport } from './audit-export.ts';
import { addAuditKeyCommands } from './audit-key.ts';
import { addAuditPassport } from './audit-passport.ts';
import { addAuditVerifier } from './audit-verifier.ts';

interface VerifyOptions {
  readonly key?: string;
  readonly checkpoint?: readonly string[];
  readonly archive?: readonly string[];
}

export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('evidence: export it, verify it');

  addAuditExport(audit);
  addAuditPassport(audit);
  addAuditVerifier(audit);
  addAuditKeyCommands(audit);
  addAuditConsistency(audit);
  addAuditCertificate(audit);

  const verify = audit
    .command('verify [files...]')
    .description(
      'verify exports, passports, manifests, ledgers, checkpoints and consistency proofs; without a file: the ledger of this station',
    )
    .option('--key <vkey>', "the station's verifier key, from somewhere else than the file")
    .option(
      '--checkpoint <file...>',
      'checkpoints from outside that the log must extend; of a folder those of the log',
    )
    .option('--archive <file...>', 'of a ledger: archives, so that what rests in them is verified as well');
  action<VerifyOptions>(verify, async (invocation, options, files) => {
    const { verifyEvidence } = await import('../../station/export/verify-audit.ts');
    const { giveWay } = await import('../../station/thread/give-way.ts');
    giveWay();
    const trust = { key: options.key, checkpoints: options.checkpoint ?? [], beside: files };
    const looks =
      files.length === 0
        ? [withCore(invocation, core => verifyEvidence(core.ledger.path, trust, options.archive))]
        : files.map(file => verifyEvidence(file, trust, options.archive));
    const failures: ExitCode[] = [];
    const verdicts = [];
    for (const look of await Promise.allSettled(looks)) {
      // A file that cannot be read takes nothing from what is said of the others.
      if (look.status === 'rejected') {
        failures.push(reportFailure(invocation.output, look.reason));
        continue;
      }
      for (const verdict of look.value) {
        verdicts.push(verdict);
        invocation.output.line(verdict, () => verdictText(verdict));
      }
    }
    if (!verdicts.every(verdict => verdict.ok)) return exitCodes.refused;
    return failures[0] ?? exitCodes.done;
  });
}

const headings: Readonly<Record<string, string>> = {
  'not-an-export': 'NOT AN EXPORT',
  'key-missing': 'NOT VERIFIED',
};

function verdictText(verdict: AuditVerdict): string {
  if (!verdict.ok)
    return facts([
      [headings[verdict.problem] ?? 'NOT INTACT', verdict.file],
      ['  first fault', verdict.problem],
      ['  at', verdict.place],
      ['  detail', verdict.detail],
    ]);
  return facts([
    [`${verdict.level.toUpperCase()}`, verdict.file],
    ['  REHEARSAL', verdict.rehearsal ? 'nothing in it is production' : undefined],
    ['  serial', verdict.passport?.serial],
    ['  registration id', verdict.passport?.registrationId],
    ['  endorsement key', verdict.passport?.ekSha256],
    ...(verdict.passport?.claims ?? []).map(
      ({ what, at, index, origin }) => [`  ${what}`, `${at}, entry ${index} of ${origin}`] as const,
    ),
    ['  origin', verdict.origin],
    ['  goes on from', verdict.extends === undefined ? undefined : `${verdict.extends} entries`],
    verdict.isCheckpoint || verdict.extends !== undefined
      ? ['  entries', `${verdict.size}, none of them shown`]
      : verdict.devices === undefined
        ? ['  entries', `${verdict.entries}${verdict.withheld ? ` (and ${verdict.withheld} as hashes)` : ''}`]
        : ['  devices', verdict.devices],
    ...(verdict.archives ?? []).map(
      ({ workOrder, file, sha256, entries, resting }) =>
        [
          '  archived',
          `${entries} entries of ${workOrder} in ${file}${resting > 0 ? ', here as hashes' : ', looked at'} (SHA-256 ${sha256})`,
        ] as const,
    ),
    ['  root', verdict.rootHash],
    ['  key', verdict.verifierKey],
    ['  means', verdict.means],
    ['  not used', verdict.unused && unusedWords(verdict.unused)],
  ]);
}
