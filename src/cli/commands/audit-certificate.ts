/** `audit certificate`: the papers of a lot, as a page or as PDF; 4 where the lot is not complete. */
import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { WrittenLotCertificate } from '../../station/lot-certificate/write-lot-certificate.ts';
import { action, commandLineAccount, wholeNumber, withCore } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { facts } from '../table.ts';
import { UsageError } from '../usage-error.ts';

interface CertificateOptions {
  readonly workOrder: string;
  readonly out: string;
  readonly quantity?: number;
  readonly language?: 'en' | 'ko';
  readonly pdf?: boolean;
}

const mostDevices = 100_000_000;

export function addAuditCertificate(audit: Command): void {
  const certificate = audit
    .command('certificate')
    .description(
      'write the certificate of a lot: ordered = recorded = enrolled, and each exception with its reason',
    )
    .requiredOption('--work-order <id>', 'the lot')
    .requiredOption('--out <file>', 'file to write; replaced whole or not at all')
    .option(
      '--quantity <number>',
      'how many were ordered (default: what the work order says)',
      wholeNumber('--quantity', 1, mostDevices),
    )
    .addOption(new Option('--language <language>', 'default: the station’s').choices(['en', 'ko']))
    .option('--pdf', 'PDF, printed by the Chromium, Chrome or Edge of this machine (KEYLINE_BROWSER)');
  action<CertificateOptions>(certificate, async ({ output, signal, ...invocation }, options) => {
    const print = options.pdf ? await printer(signal) : undefined;
    return withCore({ output, signal, ...invocation }, async core => {
      const { writeLotCertificate } = await import('../../station/lot-certificate/write-lot-certificate.ts');
      const result = await writeLotCertificate(core, {
        workOrder: options.workOrder,
        quantity: options.quantity,
        language: options.language,
        out: options.out,
        print,
        account: commandLineAccount(),
        signal,
      });
      output.document(result, () => described(result));
      return result.complete ? exitCodes.done : exitCodes.refused;
    });
  });
}

async function printer(signal: AbortSignal): Promise<(page: string) => Promise<Buffer>> {
  const { findBrowser } = await import('../../host/find-browser.ts');
  const { PrintError, printPage } = await import('../../host/print-page.ts');
  const found = findBrowser(process.env, process.platform, existsSync);
  if (found.path === undefined)
    throw new UsageError(
      'no browser to print with; install Chromium, Chrome or Edge, or name one in KEYLINE_BROWSER',
    );
  return async page => {
    try {
      return await printPage(found.path, page, signal);
    } catch (error) {
      if (error instanceof PrintError) throw new UsageError(`${found.path}: ${error.message}`);
      throw error;
    }
  };
}

function described(result: WrittenLotCertificate): string {
  return facts([
    ['written', `${result.file}${result.rehearsal ? '   [rehearsal]' : ''}`],
    [result.complete ? 'COMPLETE' : 'NOT COMPLETE', result.workOrder],
    ...result.incomplete.map(
      ({ why, count }) => ['  because', count === undefined ? why : `${why}: ${count}`] as const,
    ),
    ['ordered', result.ordered ?? 'not known'],
    ['harvested', result.harvested],
    ['imported', result.imported || undefined],
    ['enrolled', result.enrolled],
    ['never passed', result.neverPassed],
    ['left service', result.retired],
    ['key', result.verifierKey],
  ]);
}
