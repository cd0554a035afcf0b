/**
 * One run at one DUT: connect, ask the TPM who it is, read and judge its endorsement key, read the EK certificate and
 * compare keys, prove that this TPM holds the key. Rules H1 (nothing is changed), H2 (strict), H7 (possession), H8 (the
 * certificate's key must be the EK), H9 (fit for DPS), H10 (the device's own serial) and S5 (a simulator is refused in production before anything is
 * loaded). Whatever a DUT or bridge does ends in a Finding with a closed code; only what the station's own notes throw
 * passes through.
 */

import type { SshAccess } from '../tcti/ssh-access.ts';
import type { RemoteQuestion, Tcti } from '../tcti/tcti.ts';
import type { TctiConf } from '../tcti/tcti-conf.ts';
import type { TpmChannel } from '../tpm/command.ts';
import { TpmError } from '../tpm/errors.ts';
import type { HierarchyPassword } from '../tpm/hierarchy-password.ts';
import { readTpmIdentity, TPM_PT, type TpmIdentity } from '../tpm/tpm-identity.ts';
import { cleanUpAfterFailure, cleanUpAfterKilledRun } from './clean-up.ts';
import type { HarvestDeadlines } from './deadlines.ts';
import { type DutSerialRule, judgeDutSerial, refuseOtherSerial } from './dut-serial.ts';
import { explainMismatch } from './explain-mismatch.ts';
import type {
  DutSerialFinding,
  EndorsementKeyFinding,
  Finding,
  PasswordUse,
  Possession,
  ReadCertificate,
  RecordedKeyFinding,
  StepEvent,
  WarningCode,
} from './finding.ts';
import type { HarvestRun } from './harvest-run.ts';
import { fitOrRefuse, keyFinding, parseOrRefuse, warnOfKey } from './judge-key.ts';
import { judgeStrings, type ReferenceFirmwarePolicy } from './judge-strings.ts';
import { makeRun } from './make-run.ts';
import { type OpenTcti, openChannel, readFixedProperties } from './open-channel.ts';
import { findKey } from './other-keys.ts';
import { provePossession } from './prove-possession.ts';
import {
  isForKey,
  judgeCertificateIndex,
  RSA_EK_CERTIFICATE_INDEX,
  readCertificateIndex,
} from './read-certificate.ts';
import { type DeviceKeyChoice, readEndorsementKey } from './read-endorsement-key.ts';
import { Refusal } from './refusal.ts';
import { runFailureOf } from './run-failure.ts';
import type { RunNotes } from './run-notes.ts';
import { StepReporter } from './step-reporter.ts';

export { defaultDeadlines, type HarvestDeadlines } from './deadlines.ts';

export interface HarvestOptions {
  readonly bridge: TctiConf;
  readonly deadlines: HarvestDeadlines;
  /** A rehearsal takes known simulators, with a warning (rule S5). */
  readonly rehearsal: boolean;
  /** The product's policy for rule H7. */
  readonly possession: 'require' | 'off';
  /** The product's choice for rule H9. */
  readonly deviceKey?: DeviceKeyChoice | undefined;
  /** The product's policy for TPMs that name themselves as Microsoft's reference code does; `warn` where absent. */
  readonly referenceFirmware?: ReferenceFirmwarePolicy | undefined;
  /** The device's own serial must be the scanned one (rule H10). */
  readonly dutSerial?: DutSerialRule | undefined;
  /** SHA-256 (hex) of the key that the ledger has for this serial, to look for where another one is read (rule H6). */
  readonly recordedEkSha256?: string | undefined;
  readonly harvestId: string;
  readonly runNotes: RunNotes;
  readonly onStep?: (event: StepEvent) => void;
  readonly signal?: AbortSignal;
  /** A supervisor's, for a TPM whose endorsement hierarchy has one; wiped where the TPM refuses it. */
  readonly hierarchyPassword?: HierarchyPassword | undefined;
  /** How to sign in at the DUT; an `ssh:` bridge needs it. */
  readonly ssh?: SshAccess | undefined;
  /** Another way to open bridges than the real carriers, for tests. */
  readonly open?: OpenTcti;
}

export async function runHarvest(options: HarvestOptions): Promise<Finding> {
  const evidence: Evidence = { possession: 'not-tested', warnings: new Set() };
  const steps = new StepReporter(options.onStep);
  let channel: TpmChannel | undefined;
  try {
    steps.start('connect');
    refuseReplayInProduction(options);
    channel = await openChannel({ ...options, question: questionOf(options) });
    steps.done(options.bridge.name);
    compareSerials(options, channel.tcti, evidence);
    return await harvestAndTidy(options, channel, steps, evidence);
  } catch (error) {
    if (error instanceof Refusal) {
      const { code, detail } = error;
      return { outcome: 'refused', code, detail, ...plain(evidence) };
    }
    const failure = runFailureOf(error);
    if (failure === undefined) throw error;
    return { outcome: 'failed', ...failure, step: steps.current, ...plain(evidence) };
  } finally {
    await channel?.tcti.close();
  }
}

/** What is known so far; goes into the finding whatever the end. */
interface Evidence {
  dutSerial?: DutSerialFinding;
  tpm?: TpmIdentity;
  key?: EndorsementKeyFinding;
  /** Judged when it is first asked for: in the proof, while the TPM computes, else at the end. */
  certificate?: () => ReadCertificate;
  possession: Possession;
  recordedKey?: RecordedKeyFinding;
  hierarchyPassword?: PasswordUse;
  readonly warnings: Set<WarningCode>;
}

/** Rule H1: nothing of the run stays loaded, however it ends. */
async function harvestAndTidy(
  options: HarvestOptions,
  channel: TpmChannel,
  steps: StepReporter,
  evidence: Evidence,
): Promise<Finding> {
  const run = makeRun(options, channel, {
    warnings: evidence.warnings,
    used: use => {
      evidence.hierarchyPassword = use;
    },
  });
  try {
    const found = await harvest(options, run, steps, evidence);
    await run.loaded.flushAll();
    return { outcome: 'read', ...found, ...plain(evidence) };
  } catch (error) {
    await cleanUpAfterFailure(run, error);
    throw error;
  }
}

async function harvest(options: HarvestOptions, run: HarvestRun, steps: StepReporter, evidence: Evidence) {
  const { channel } = run;
  steps.start('tpm');
  const properties = await readFixedProperties(channel);
  const tpm = readTpmIdentity(properties);
  evidence.tpm = tpm;
  if (tpm.family !== '2.0') throw new TpmError('not-tpm2', `the TPM says it is of family ${tpm.family}`);
  await cleanUpAfterKilledRun(run);
  judgeStrings(options, tpm, channel.tcti.name, evidence.warnings);
  steps.done(`${tpm.manufacturer} ${tpm.firmware}`);

  steps.start('key');
  run.nvBufferMax = properties.get(TPM_PT.NV_BUFFER_MAX);
  const raw = await readEndorsementKey(run, options.deviceKey);
  if (raw === undefined) {
    throw new Refusal(
      'ek-absent',
      'nothing is stored at 0x81010001, and the product enrols only a stored key',
    );
  }
  warnOfKey(raw, options.deviceKey, evidence.warnings);
  const area = parseOrRefuse(raw.tpm2bPublic);
  const key = keyFinding(raw, area);
  evidence.key = key;
  const fitArea = fitOrRefuse(area, key);
  steps.done(key.ekSha256.slice(0, 16));

  steps.start('certificate');
  const read = await readCertificateIndex(channel, RSA_EK_CERTIFICATE_INDEX, run.nvBufferMax);
  const certificate = onlyOnce(() => judgeCertificateIndex(read, fitArea));
  const forKey = isForKey(read, fitArea);
  evidence.certificate = certificate;
  if (!forKey && certificate().status === 'mismatch') {
    const explained = await explainMismatch(run, raw, certificate(), options.deviceKey);
    evidence.certificate = () => explained;
    evidence.warnings.add('certificate-for-other-ek');
  }
  steps.done(forKey ? 'unchecked' : certificate().status);

  steps.start('proof');
  if (options.possession === 'require') {
    const toProve = { handle: raw.handle, area: fitArea };
    const proof = await provePossession(channel, toProve, run.loaded, run.endorsement, certificate);
    // A transcript cannot give back a secret that was made just now.
    if (options.bridge.name !== 'replay') {
      evidence.possession = proof.proved ? 'proved' : 'failed';
      if (!proof.proved) throw new Refusal('possession-failed', proof.detail);
    }
  }
  const { recordedEkSha256 } = options;
  if (recordedEkSha256 !== undefined && recordedEkSha256 !== key.ekSha256) {
    evidence.recordedKey = {
      ekSha256: recordedEkSha256,
      foundAt: await findKey(run, recordedEkSha256),
    };
  }
  steps.done(evidence.possession);

  return { tpm, key, certificate: evidence.certificate() };
}

function questionOf({ dutSerial, deadlines }: HarvestOptions): RemoteQuestion | undefined {
  return (
    dutSerial && { command: dutSerial.command, deadlineMs: Math.min(deadlines.commandMs, deadlines.wholeMs) }
  );
}

/** Rule H10, before any command goes to the TPM. */
function compareSerials({ dutSerial }: HarvestOptions, tcti: Tcti, evidence: Evidence): void {
  if (dutSerial === undefined) return;
  evidence.dutSerial = judgeDutSerial(tcti.answer, dutSerial, tcti.name);
  refuseOtherSerial(dutSerial, evidence.dutSerial, evidence.warnings);
}

/** Rule S5. */
function refuseReplayInProduction({ bridge, rehearsal }: HarvestOptions): void {
  if (bridge.name === 'replay' && !rehearsal)
    throw new Refusal('simulator-refused', 'a transcript is no TPM: only a rehearsal replays one');
}

function plain(evidence: Evidence) {
  const { warnings, certificate: judge, ...found } = evidence;
  if (judge === undefined) return { ...found, warnings: [...warnings] };
  const certificate = judge();
  if (certificate.status !== 'mismatch') warnings.add(`certificate-${certificate.status}`);
  return { ...found, certificate, warnings: [...warnings] };
}

function onlyOnce<T extends object>(work: () => T): () => T {
  let done: T | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
