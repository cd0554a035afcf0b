/**
 * One harvest of one device, from the scanned text to the recorded verdict: the serial is checked, the TPM read and
 * judged, and the attempt recorded whatever came of it (rules H4, H5). Never throws for what a DUT, a bridge, a person or
 * a full disk does: those are verdicts.
 */
import { randomUUID } from 'node:crypto';
import { LedgerError } from '../../../db/errors.ts';
import { checkSerial } from '../../enrollment/serial.ts';
import type {
  CertificateFinding,
  DutSerialFinding,
  Finding,
  PasswordUse,
  Possession,
  StepEvent,
  TpmIdentity,
  WarningCode,
} from '../../harvest/finding.ts';
import { defaultDeadlines, type HarvestDeadlines, runHarvest } from '../../harvest/run-harvest.ts';
import { parseTctiConf } from '../../tcti/tcti-conf.ts';
import { productOf } from '../configuration/load-configuration.ts';
import { StationError } from '../errors.ts';
import { mayTest } from '../golden/fixture-check.ts';
import { goldenUnit } from '../golden/golden-unit.ts';
import { recordGoldenCheck } from '../golden/record-golden-check.ts';
import type { StationCore } from '../open-core.ts';
import { quoteText } from '../quote-text.ts';
import type { Attempt, CertificateRefusal, SerialRefusal } from './attempt.ts';
import { dutSerialRule, type SerialSource } from './device-serial.ts';
import type { GivenPassword } from './hierarchy-password.ts';
import { judgeCertificate } from './judge-certificate.ts';
import { type RecordedAttempt, recordAttempt } from './record-attempt.ts';
import { type TranscriptOfRun, withTranscript } from './record-transcript.ts';
import { notesOfAttempt } from './run-notes.ts';
import { sshAccessOf } from './ssh-access.ts';
import type { VerdictCode } from './verdict.ts';
import { verdictHints } from './verdict-hints.ts';

export type { HarvestStep, StepEvent } from '../../harvest/finding.ts';

export interface HarvestRequest {
  /** TCTI conf string; `cmd:` only from the configuration or the command line. */
  readonly bridge: string;
  /** As scanned or typed. */
  readonly serial: string;
  /** `device`: asked of the device (rule H10), and not scanned. */
  readonly serialFrom?: SerialSource | undefined;
  readonly product?: string | undefined;
  readonly workOrder?: string | undefined;
  readonly fixture?: string | undefined;
  readonly statedOperator?: string | undefined;
  readonly account: string;
  /** The random id of who signed in, where somebody did. */
  readonly personId?: string | undefined;
  readonly deadlines?: Partial<HarvestDeadlines> | undefined;
  /** For a TPM whose endorsement hierarchy has one; wiped where the TPM refuses it, and else the caller's to wipe. */
  readonly hierarchyPassword?: GivenPassword | undefined;
  /** File for a transcript of the bridge; made new, for this user alone. From the command line only. */
  readonly record?: string | undefined;
  readonly onStep?: ((event: StepEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What `harvest --json` prints (design: command line). */
export interface HarvestResult {
  readonly verdict: 'passed' | 'retest' | 'refused' | 'failed';
  readonly code: VerdictCode;
  readonly hint: string;
  readonly detail?: string;
  readonly warnings: readonly WarningCode[];
  readonly harvestId: string;
  readonly serial: string | null;
  readonly product: string;
  readonly workOrder: string | null;
  readonly registrationId?: string;
  /** Base64 of TPM2B_PUBLIC. */
  readonly endorsementKey?: string;
  /** Hex, over the same bytes. */
  readonly ekSha256?: string;
  readonly ekTemplate?: string;
  /** Rule H10: what the device itself gives as its serial, where the product asks for it. */
  readonly dutSerial?: DutSerialFinding;
  readonly tpm?: TpmIdentity;
  readonly certificate?: CertificateFinding;
  /** Rule H7: says which TPM answered, not which board it sits on. */
  readonly possession: Possession;
  /** What became of the hierarchy's password that was given; absent where none was sent. */
  readonly hierarchyPassword?: PasswordUse;
  /** Of a reference unit: says something of the fixture, makes no device, and counts nowhere. */
  readonly golden?: true;
  readonly enrollment: RecordedAttempt['enrollment'] | null;
  readonly otherSerial?: string;
  readonly responseCode?: string;
  /** E.g. `TPM_RC_LOCKOUT`. */
  readonly responseCodeName?: string;
  /** Where the run was recorded; `fault` = why the transcript ends before the run did. */
  readonly transcript?: TranscriptOfRun;
  readonly rehearsal: boolean;
  /** Of the whole run, in whole milliseconds. */
  readonly durationMs: number;
  /** Epoch milliseconds of the commit; absent where nothing could be recorded. */
  readonly recordedAt?: number;
  readonly auditIndex?: number;
}

/** Throws TctiError `conf-invalid` and StationError for what the caller got wrong; nothing was touched then. */
export async function harvestDevice(core: StationCore, request: HarvestRequest): Promise<HarvestResult> {
  const workOrder = shortText('work-order-invalid', request.workOrder);
  const product = productFor(core, request.product, workOrder);
  const statedOperator = shortText('operator-invalid', request.statedOperator);
  const bridge = parseTctiConf(request.bridge);
  const harvestId = randomUUID();
  const begun = performance.now();
  const elapsed = () => Math.round(performance.now() - begun);
  const checked = checkSerial(request.serial, product);
  const golden = checked.ok ? goldenUnit(core, checked.serial) : undefined;
  if (checked.ok && request.fixture !== undefined && !mayTest(core, request.fixture, checked.serial))
    throw new StationError('golden-check-due', `fixture ${request.fixture}`);
  const step = (state: StepEvent['state']) => request.onStep?.({ step: 'record', state, atMs: elapsed() });
  const circumstances = {
    harvestId,
    serial: checked.ok ? checked.serial : null,
    product,
    workOrder,
    fixture: request.fixture ?? null,
    bridge: bridge.name,
    account: request.account,
    personId: request.personId,
    statedOperator,
    passwordBy: request.hierarchyPassword?.personId,
  };
  const judgeRead = (read: Finding) => {
    const judged = judgeCertificate(read, {
      policy: product.certificate ?? 'warn',
      revocation: product.revocation,
      trust: core.trust,
      clock: core.clock.read(),
    });
    const status = 'certificate' in judged ? judged.certificate?.status : undefined;
    if (status) request.onStep?.({ step: 'certificate', state: 'done', atMs: elapsed(), found: status });
    return judged;
  };
  const notes = notesOfAttempt(core);
  let finding: Finding | SerialRefusal | CertificateRefusal | undefined;
  let transcript: TranscriptOfRun | undefined;
  const resultWith = (recorded: RecordedAttempt | LedgerError): HarvestResult => ({
    ...resultOf(core, circumstances, finding, recorded, elapsed()),
    ...(golden ? { golden: true } : {}),
    ...(transcript === undefined ? {} : { transcript }),
  });
  try {
    if (checked.ok) {
      const password = request.hierarchyPassword?.password;
      const wanted = { file: request.record, withPassword: password !== undefined };
      const ran = await withTranscript(wanted, bridge, open =>
        runHarvest({
          bridge,
          deadlines: { ...defaultDeadlines, ...request.deadlines },
          rehearsal: core.rehearsal,
          possession: product.possession ?? 'require',
          deviceKey: product.deviceKey,
          referenceFirmware: product.referenceFirmware,
          dutSerial: dutSerialRule(product, checked.serial, request.serialFrom ?? 'label'),
          recordedEkSha256: core.ledger.devices.bySerial(checked.serial, product.name)?.ek_sha256,
          harvestId,
          runNotes: notes,
          hierarchyPassword: password,
          ssh: sshAccessOf(core, request.fixture),
          ...(request.onStep ? { onStep: request.onStep } : {}),
          ...(request.signal ? { signal: request.signal } : {}),
          open,
        }),
      );
      transcript = ran.transcript;
      finding = ran.result.outcome === 'read' ? judgeRead(ran.result) : ran.result;
    } else {
      finding = {
        outcome: 'refused',
        code: checked.code,
        detail: `${checked.detail}; scanned: ${quoteText(request.serial, 64)}`,
        warnings: [],
      };
    }
    step('started');
    const attempt: Attempt = { ...circumstances, durationMs: elapsed(), finding };
    const recorded = golden
      ? recordGoldenCheck(core, attempt, golden, notes.settle)
      : recordAttempt(core, attempt, notes.settle);
    step('done');
    return resultWith(recorded);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return resultWith(error);
  }
}

/** A work order that somebody opened is of one product; any other text is only noted. */
function productFor(core: StationCore, name: string | undefined, workOrder: string | null) {
  const order = workOrder === null ? undefined : core.ledger.workOrders.get(workOrder);
  if (order && name !== undefined && name !== order.product)
    throw new StationError('work-order-product', `${quoteText(order.work_order, 80)} is of ${order.product}`);
  return productOf(core.configuration, name ?? order?.product);
}

function resultOf(
  core: StationCore,
  attempt: Pick<Attempt, 'harvestId' | 'serial' | 'product' | 'workOrder'>,
  finding: Finding | SerialRefusal | CertificateRefusal | undefined,
  recorded: RecordedAttempt | LedgerError,
  durationMs: number,
): HarvestResult {
  const failed = recorded instanceof LedgerError;
  const code: VerdictCode = failed
    ? recorded.code === 'full'
      ? 'ledger-full'
      : 'ledger-failed'
    : recorded.code;
  const detail = failed ? recorded.message : recorded.detail;
  const key = finding && 'key' in finding ? finding.key : undefined;
  const registrationId = failed ? undefined : (recorded.registrationId ?? key?.registrationId);
  return {
    verdict: failed ? 'failed' : recorded.verdict,
    code,
    hint: verdictHints[code],
    ...(detail === undefined ? {} : { detail }),
    warnings: finding?.warnings ?? [],
    harvestId: attempt.harvestId,
    serial: attempt.serial,
    product: attempt.product.name,
    workOrder: attempt.workOrder,
    ...(registrationId === undefined ? {} : { registrationId }),
    ...(key
      ? { endorsementKey: key.endorsementKey, ekSha256: key.ekSha256, ekTemplate: key.ekTemplate }
      : {}),
    ...(finding && 'dutSerial' in finding && finding.dutSerial ? { dutSerial: finding.dutSerial } : {}),
    ...(finding && 'tpm' in finding && finding.tpm ? { tpm: finding.tpm } : {}),
    ...(finding && 'certificate' in finding && finding.certificate
      ? { certificate: finding.certificate }
      : {}),
    possession: finding && 'possession' in finding ? finding.possession : 'not-tested',
    ...(finding && 'hierarchyPassword' in finding && finding.hierarchyPassword
      ? { hierarchyPassword: finding.hierarchyPassword }
      : {}),
    enrollment: (!failed && recorded.enrollment) || null,
    ...(!failed && recorded.otherSerial !== undefined ? { otherSerial: recorded.otherSerial } : {}),
    ...(finding && 'responseCode' in finding && finding.responseCode !== undefined
      ? { responseCode: finding.responseCode }
      : {}),
    ...(finding && 'responseCodeName' in finding && finding.responseCodeName !== undefined
      ? { responseCodeName: finding.responseCodeName }
      : {}),
    rehearsal: core.rehearsal,
    durationMs,
    ...(failed ? {} : { recordedAt: recorded.recordedAt, auditIndex: recorded.auditIndex }),
  };
}

/** Work order and operator: short, one line, or absent. */
export function shortText(
  code: 'work-order-invalid' | 'operator-invalid',
  text: string | undefined,
): string | null {
  if (text === undefined || text.trim() === '') return null;
  const trimmed = text.trim().normalize('NFC');
  if (trimmed.length > 60 || /[\p{Cc}\p{Cs}]/u.test(trimmed))
    throw new StationError(code, quoteText(text, 80));
  return trimmed;
}
