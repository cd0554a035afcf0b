/**
 * What `tpm info` tells about a TPM: who it is, what it can do, what is set and stored in it, and whether DPS can use
 * its endorsement key. Reads only: nothing is created or loaded, so a key that is not persisted is not made here, and
 * the state of the TPM stays as it is (rule H1). With the password of an endorsement hierarchy that has one, the key that
 * is not persisted is made, told and flushed (`make-reported-key.ts`). All of it is the TPM's own word.
 */
import { createHash } from 'node:crypto';
import { deriveRegistrationId } from '../enrollment/registration-id.ts';
import type { SshAccess } from '../tcti/ssh-access.ts';
import type { TctiConf } from '../tcti/tcti-conf.ts';
import type { TpmChannel } from '../tpm/command.ts';
import { checkEkFit } from '../tpm/ek-fit.ts';
import { type EkTemplate, recogniseEkTemplate } from '../tpm/ek-templates.ts';
import { getAlgorithms, getHandles, getProperties } from '../tpm/get-capability.ts';
import type { HierarchyPassword } from '../tpm/hierarchy-password.ts';
import { manufacturerName } from '../tpm/manufacturers.ts';
import { judgeSimulator, type SimulatorJudgement } from '../tpm/simulators.ts';
import { type PublicArea, parsePublic, TPM_ALG } from '../tpm/structures.ts';
import { readTpmIdentity, TPM_PT, type TpmIdentity } from '../tpm/tpm-identity.ts';
import { defaultDeadlines, type HarvestDeadlines } from './deadlines.ts';
import { type EkCertificateReport, readEkCertificates } from './ek-certificates.ts';
import type { PasswordUse } from './endorsement-authorization.ts';
import type { CertificateFinding } from './finding.ts';
import { makeReportedKey } from './make-reported-key.ts';
import type { RunSetting } from './make-run.ts';
import { type OpenTcti, openChannel, readFixedProperties } from './open-channel.ts';
import {
  describeKey,
  formatHandle,
  type PersistentKey,
  readPersistentKeys,
  type StoredKey,
} from './persistent-keys.ts';
import { readEkCertificate } from './read-certificate.ts';
import { RSA_EK_HANDLE } from './read-endorsement-key.ts';

export type { PasswordUse } from './endorsement-authorization.ts';
export { formatTpmReportAsLimpet } from './limpet-tpm-info.ts';

export interface TpmReport {
  readonly tpm: TpmIdentity & {
    /** From the TCG vendor registry; absent for an unknown id. */
    readonly manufacturerName?: string;
    readonly level: number;
    readonly simulator: SimulatorJudgement;
  };
  /** Names of those that Keyline asks for, e.g. `RSA`, `SHA256`. */
  readonly algorithms: readonly string[];
  readonly authorization: {
    /** Whether a password is set. */
    readonly owner: boolean;
    readonly endorsement: boolean;
    readonly lockout: boolean;
    readonly disableClear: boolean;
  };
  readonly lockout: {
    readonly locked: boolean;
    readonly failedTries?: number;
    readonly maxTries?: number;
  };
  /** Whether the hierarchy is enabled; absent where the TPM does not say. */
  readonly hierarchies?: {
    readonly platform: boolean;
    readonly storage: boolean;
    readonly endorsement: boolean;
  };
  readonly persistentKeys: readonly PersistentKey[];
  /** NV indices in the range of EK certificates, nonces and templates (0x01C00000 to 0x01C07FFF), `0x` and eight digits. */
  readonly ekCertificateIndices: readonly string[];
  /** Every certificate among them, compared with the persisted keys. */
  readonly ekCertificates: readonly EkCertificateReport[];
  /** The RSA EK at 0x81010001, or the one that was made for this look; absent where there is neither. */
  readonly endorsementKey?: EndorsementKeyReport;
  /** What became of the hierarchy's password that was given; absent where none was sent. */
  readonly hierarchyPassword?: PasswordUse;
  readonly dps: { readonly fit: boolean; readonly reasons: readonly string[] };
}

export interface EndorsementKeyReport {
  /** Where it is not stored, but was made for this look. */
  readonly madeFrom?: 'L-1';
  /** Base64 of TPM2B_PUBLIC. */
  readonly endorsementKey: string;
  readonly ekSha256: string;
  readonly registrationId: string;
  readonly ekTemplate: EkTemplate;
  /** Absent where the key is not RSA. */
  readonly certificate?: CertificateFinding;
}

export interface TpmReportOptions {
  readonly bridge: TctiConf;
  readonly deadlines?: Partial<HarvestDeadlines> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How to sign in at the DUT; an `ssh:` bridge needs it. */
  readonly ssh?: SshAccess | undefined;
  /** Another way to open bridges than the real carriers, for tests. */
  readonly open?: OpenTcti | undefined;
  /** With a password: to make the key where none is stored and the hierarchy has one. */
  readonly key?: KeyMaking | undefined;
}

export type KeyMaking = Pick<RunSetting, 'harvestId' | 'runNotes'> & {
  /** Wiped where the TPM refuses it. */
  readonly hierarchyPassword: HierarchyPassword;
  /** Is told what became of the password. */
  readonly used: (use: PasswordUse) => void;
};

/** Rejects with TctiError, TpmError. */
export async function readTpmReport(options: TpmReportOptions): Promise<TpmReport> {
  const deadlines = { ...defaultDeadlines, ...options.deadlines };
  const channel = await openChannel({ ...options, deadlines });
  try {
    return await readReport(channel, options);
  } finally {
    await channel.tcti.close();
  }
}

async function readReport(channel: TpmChannel, options: TpmReportOptions): Promise<TpmReport> {
  const fixed = await readFixedProperties(channel);
  const identity = readTpmIdentity(fixed);
  const variable = await getProperties(channel, TPM_PT.PERMANENT);
  const algorithms = await getAlgorithms(channel);
  const persistent = await readPersistentKeys(channel);
  const indices = (await getHandles(channel, EK_CERTIFICATES.first)).filter(
    index => index <= EK_CERTIFICATES.last,
  );
  const nvBufferMax = fixed.get(TPM_PT.NV_BUFFER_MAX);
  const state = stateOf(variable);
  const stored = persistent.find(key => key.handle === RSA_EK_HANDLE);
  const made =
    stored === undefined && state.authorization.endorsement
      ? await madeKey(options, channel, nvBufferMax)
      : undefined;
  const ek = stored ?? made?.key;
  const maker = manufacturerName(identity.manufacturerId);
  return {
    tpm: {
      ...identity,
      ...(maker === undefined ? {} : { manufacturerName: maker }),
      level: fixed.get(TPM_PT.LEVEL) ?? 0,
      simulator: judgeSimulator(identity, channel.tcti.name),
    },
    algorithms: Object.entries(TPM_ALG)
      .filter(([, id]) => algorithms.has(id) && id !== TPM_ALG.NULL)
      .map(([name]) => name),
    ...state,
    persistentKeys: persistent.map(({ handle, area }) => ({
      handle: formatHandle(handle),
      ...describeKey(area),
    })),
    ekCertificateIndices: indices.map(formatHandle),
    ekCertificates: await readEkCertificates(channel, indices, persistent, nvBufferMax),
    ...(ek?.area && ek.tpm2bPublic
      ? {
          endorsementKey: {
            ...(made && { madeFrom: 'L-1' as const }),
            ...(await reportKey(channel, ek.tpm2bPublic, ek.area, nvBufferMax)),
          },
        }
      : {}),
    ...(made && { hierarchyPassword: made.use }),
    dps: judgeForDps(identity, algorithms, state, ek),
  };
}

/** Undefined where no password was given. */
async function madeKey(
  { key, bridge, ssh, open }: TpmReportOptions,
  channel: TpmChannel,
  nvBufferMax: number | undefined,
): Promise<{ readonly key: Omit<StoredKey, 'handle'>; readonly use: PasswordUse } | undefined> {
  if (key === undefined) return undefined;
  const tpm2bPublic = await makeReportedKey({ ...key, bridge, ssh, open }, channel, nvBufferMax, key.used);
  return { key: { tpm2bPublic, area: parsePublic(tpm2bPublic) }, use: 'taken' };
}

/** Reserved handles of EK certificates, nonces and templates (TCG EK Credential Profile, 2.2.1). */
const EK_CERTIFICATES = { first: 0x01c00000, last: 0x01c07fff };

/** Bits of TPMA_PERMANENT and TPMA_STARTUP_CLEAR (Part 2, 8.6 and 8.7). */
function stateOf(properties: ReadonlyMap<number, number>) {
  const permanent = properties.get(TPM_PT.PERMANENT) ?? 0;
  const enabled = properties.get(TPM_PT.STARTUP_CLEAR);
  const failedTries = properties.get(TPM_PT.LOCKOUT_COUNTER);
  const maxTries = properties.get(TPM_PT.MAX_AUTH_FAIL);
  const bit = (word: number, at: number) => ((word >>> at) & 1) === 1;
  return {
    authorization: {
      owner: bit(permanent, 0),
      endorsement: bit(permanent, 1),
      lockout: bit(permanent, 2),
      disableClear: bit(permanent, 8),
    },
    lockout: {
      locked: bit(permanent, 9),
      ...(failedTries === undefined ? {} : { failedTries }),
      ...(maxTries === undefined ? {} : { maxTries }),
    },
    ...(enabled === undefined
      ? {}
      : {
          hierarchies: { platform: bit(enabled, 0), storage: bit(enabled, 1), endorsement: bit(enabled, 2) },
        }),
  };
}

async function reportKey(
  channel: TpmChannel,
  tpm2bPublic: Uint8Array,
  area: PublicArea,
  nvBufferMax: number | undefined,
): Promise<EndorsementKeyReport> {
  return {
    endorsementKey: Buffer.from(tpm2bPublic).toString('base64'),
    ekSha256: createHash('sha256').update(tpm2bPublic).digest('hex'),
    registrationId: deriveRegistrationId(tpm2bPublic),
    ekTemplate: recogniseEkTemplate(area),
    ...(area.type === 'rsa' ? { certificate: await readEkCertificate(channel, area, nvBufferMax) } : {}),
  };
}

function judgeForDps(
  identity: TpmIdentity,
  algorithms: ReadonlySet<number>,
  state: Pick<TpmReport, 'authorization' | 'hierarchies'>,
  ek: Omit<StoredKey, 'handle'> | undefined,
): TpmReport['dps'] {
  const reasons: string[] = [];
  if (identity.family !== '2.0') reasons.push(`the TPM is of family ${identity.family}, DPS needs 2.0`);
  if (!algorithms.has(TPM_ALG.RSA)) reasons.push('the TPM has no RSA');
  if (!algorithms.has(TPM_ALG.HMAC)) reasons.push('the TPM has no HMAC, by which a device signs its tokens');
  reasons.push(...(ek === undefined ? whyNoneCanBeMade(state) : whyUnfit(ek)));
  return { fit: reasons.length === 0, reasons };
}

function whyUnfit(ek: Omit<StoredKey, 'handle'>): string[] {
  if (ek.area === undefined) return ['the key at 0x81010001 cannot be read'];
  const fit = checkEkFit(ek.area);
  return fit.fit ? [] : fit.reasons.map(reason => `the key at 0x81010001: ${reason}`);
}

function whyNoneCanBeMade(state: Pick<TpmReport, 'authorization' | 'hierarchies'>): string[] {
  if (state.hierarchies?.endorsement === false)
    return ['no key is persisted, and the endorsement hierarchy is off'];
  return state.authorization.endorsement
    ? ['no key is persisted, and the endorsement hierarchy has a password']
    : [];
}
