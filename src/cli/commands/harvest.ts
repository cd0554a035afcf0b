import type { Command } from 'commander';
import type { HarvestResult, HarvestStep, StepEvent } from '../../station/attempt/harvest-device.ts';
import type { StationCore } from '../../station/open-core.ts';
import { action, commandLineAccount, type Invocation, withCore } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import {
  addPasswordOptions,
  askHierarchyPassword,
  checkPasswordOptions,
  type PasswordOptions,
} from '../hierarchy-password.ts';
import { checkPlace, type PlaceOptions, placeOf } from '../place.ts';
import { type SecretInput, withSecrets } from '../secret-input.ts';
import { facts } from '../table.ts';
import { UsageError } from '../usage-error.ts';

interface Options extends PlaceOptions, PasswordOptions {
  readonly serial: string;
  readonly product?: string;
  readonly workOrder?: string;
  readonly operator?: string;
  readonly timeout?: number;
  readonly record?: string;
}

export function addHarvestCommand(program: Command): void {
  const command = program
    .command('harvest')
    .description('harvest one device into the ledger')
    .option(
      '--bridge <tcti>',
      'TPM bridge, as in tpm2-tss: device:/dev/tpmrm0, swtpm:host=H,port=P, mssim:…, cmd:…, ssh:user@host[:port], replay:FILE',
    )
    .option('--fixture <id>', 'a fixture of the configuration: its bridge, deadlines and way to sign in')
    .requiredOption('--serial <serial>', 'serial of the device')
    .option('--product <name>', 'product (default: the current one of the configuration)')
    .option('--work-order <id>', 'work order')
    .option('--operator <name>', 'operator, recorded as stated')
    .option('--timeout <seconds>', 'seconds for the whole harvest', seconds)
    .option('--record <file>', 'write a transcript of the bridge to a new file, without the fresh secret');
  addPasswordOptions(command);
  action<Options>(command, async (invocation, options) => {
    checkPlace(options);
    checkPasswordOptions(options);
    return withSecrets(invocation, input =>
      withCore(invocation, core => harvestOnce(invocation, core, options, input)),
    );
  });
}

async function harvestOnce(
  invocation: Invocation,
  core: StationCore,
  options: Options,
  input: SecretInput,
): Promise<ExitCode> {
  const { harvestDevice } = await import('../../station/attempt/harvest-device.ts');
  const { kindOfVerdict } = await import('../../station/failure.ts');
  const { deadlinesOf } = await import('../../station/attempt/fixture-deadlines.ts');
  const place = placeOf(core.configuration, options);
  const deadlines = place.fixture && deadlinesOf(place.fixture);
  const hierarchyPassword = await askHierarchyPassword(core, options, input);
  const result = await harvestDevice(core, {
    bridge: place.bridge,
    fixture: place.fixture?.id,
    deadlines: {
      ...deadlines,
      ...(options.timeout === undefined ? {} : { wholeMs: options.timeout * 1000 }),
    },
    serial: options.serial,
    product: options.product,
    workOrder: options.workOrder,
    statedOperator: options.operator,
    account: commandLineAccount(),
    record: options.record,
    hierarchyPassword,
    onStep: process.stderr.isTTY && !invocation.output.json ? showStep : undefined,
    signal: invocation.signal,
  }).finally(() => hierarchyPassword?.password.wipe());
  if (process.stderr.isTTY && !invocation.output.json) process.stderr.write('\r\u001b[K');
  invocation.output.document(result, () => describe(result));
  return exitCodes[kindOfVerdict(result.verdict, result.code)];
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0 || value > 3600)
    throw new UsageError(`--timeout is a number of seconds from 0 to 3600, not "${text}"`);
  return value;
}

const stepWords: Readonly<Record<HarvestStep, string>> = {
  connect: 'connecting',
  tpm: 'reading the TPM',
  key: 'reading the key',
  certificate: 'reading the certificate',
  proof: 'proving the key',
  record: 'recording',
};

function showStep(event: StepEvent): void {
  if (event.state === 'started') process.stderr.write(`\r\u001b[K${stepWords[event.step]} …`);
}

const possessionWords = {
  proved: 'proved: the TPM that answered holds this key',
  failed: 'failed',
  'not-tested': 'not tested',
} as const;

type Certificate = NonNullable<HarvestResult['certificate']>;

function transcriptText({ file, fault }: NonNullable<HarvestResult['transcript']>): string {
  return fault === undefined ? file : `${file}, incomplete: ${fault}`;
}

const verdictWords = {
  passed: 'PASS',
  retest: 'PASS (already recorded)',
  refused: 'STOP',
  failed: 'FAIL',
} as const;

function certificateText({ status, anchor, rule }: Certificate): string {
  if (anchor) return `${status} (anchor ${anchor.subject})`;
  return rule === undefined ? status : `${status} (${rule})`;
}

function tpmText({ manufacturer, model, version }: NonNullable<Certificate['statedTpm']>): string {
  return [manufacturer, model, version].filter(Boolean).join(' ');
}

function dutSerialText({ status, serial, detail }: NonNullable<HarvestResult['dutSerial']>): string {
  if (status === 'unread') return `not read: ${detail}`;
  return status === 'differs' ? `${serial}` : 'the same';
}

function describe(result: HarvestResult): string {
  const head = `${verdictWords[result.verdict]}  ${result.serial ?? ''}`.trimEnd();
  const rehearsal = result.rehearsal ? '   [rehearsal]' : '';
  const why = result.verdict === 'passed' || result.verdict === 'retest' ? '' : `\n${result.hint}`;
  const list = facts([
    [
      '  TPM',
      result.tpm &&
        `${result.tpm.manufacturer} ${result.tpm.vendor}, firmware ${result.tpm.firmware}`.replaceAll(
          / +/g,
          ' ',
        ),
    ],
    ['  registration id', result.registrationId],
    [
      '  key',
      result.ekTemplate &&
        `RSA 2048, template ${result.ekTemplate}, SHA-256 ${result.ekSha256?.slice(0, 16)}…`,
    ],
    ['  certificate', result.certificate && certificateText(result.certificate)],
    ['  certified TPM', result.certificate?.statedTpm && tpmText(result.certificate.statedTpm)],
    ['  possession', result.ekSha256 && possessionWords[result.possession]],
    [
      '  enrollment',
      result.enrollment &&
        `${result.enrollment.state}${result.enrollment.dpsHost ? ` for ${result.enrollment.dpsHost}` : ''}${result.enrollment.state === 'queued' ? '; keyline sync sends it' : ''}`,
    ],
    ['  already recorded as', result.otherSerial],
    ['  own serial', result.dutSerial && dutSerialText(result.dutSerial)],
    ['  hierarchy password', result.hierarchyPassword],
    ['  warnings', result.warnings.join(', ')],
    ['  detail', result.detail],
    [
      '  code',
      result.verdict === 'passed'
        ? undefined
        : [result.code, result.responseCode, result.responseCodeName].filter(Boolean).join(' '),
    ],
    ['  transcript', result.transcript && transcriptText(result.transcript)],
    ['  took', `${result.durationMs} ms`],
  ]);
  return `${head}${rehearsal}${why}\n${list}`;
}
