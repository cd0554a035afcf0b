/** Checks of a station with what was found and, where something is wrong or weak, what to do. Changes nothing but a first start. */
import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { openTcti } from '../../tcti/open-tcti.ts';
import { parseTctiConf } from '../../tcti/tcti-conf.ts';
import { signInSecret } from '../access/sign-in-key.ts';
import { sshAccessOf, sshSecretsOf } from '../attempt/ssh-access.ts';
import { examineBackups } from '../backup/examine-backups.ts';
import type { FixtureConfiguration } from '../configuration/configuration.ts';
import { courierIdentity } from '../courier/open-letter.ts';
import { dpsSecrets } from '../dps/dps-secrets.ts';
import { describeFailure } from '../failure.ts';
import { stationSecrets } from '../log/identity.ts';
import { openCore, type StationCore } from '../open-core.ts';
import { examineLists } from '../trust-fetch/examine-lists.ts';
import { type DoctorFinding, ofFailure } from './doctor-finding.ts';
import { examineCheckpoints } from './examine-checkpoints.ts';
import { examineClock } from './examine-clock.ts';
import { examineDps } from './examine-dps.ts';

export type { DoctorFinding };

const MOST_ANCHORS_NAMED = 8;
const LOW_DISK_BYTES = 1024 ** 3;
/** The log of the ledger (WAL) takes 16 MiB before it is folded in, and the fold needs room as well. */
const NO_DISK_BYTES = 64 * 1024 ** 2;
const BRIDGE_DEADLINE_MS = 5_000;

export async function examineStation(
  dataDirectory: string,
  signal: AbortSignal,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<DoctorFinding[]> {
  let core: StationCore;
  try {
    core = openCore({ dataDirectory, env });
  } catch (error) {
    return [ofFailure('station', error)];
  }
  try {
    return [
      {
        check: 'ledger',
        state: 'good',
        found: `schema ${core.ledger.schema}, ${core.rehearsal ? 'rehearsal' : 'production'}, ${core.ledger.counts.devices()} devices`,
      },
      integrity(core),
      ...examineCheckpoints(core),
      examineBackups(core),
      rights(core),
      secrets(core),
      disk(core),
      trustStore(core),
      ...examineLists(core),
      ...(await examineDps(core)),
      // After DPS answered, which says what time it is there.
      examineClock(core),
      ...(await Promise.all(core.configuration.fixtures.map(fixture => bridge(core, fixture, signal)))),
    ];
  } finally {
    core.close();
  }
}

function integrity(core: StationCore): DoctorFinding {
  const findings = core.ledger.quickCheck();
  return findings.length === 0
    ? { check: 'ledger file', state: 'good', found: 'SQLite finds nothing wrong' }
    : {
        check: 'ledger file',
        state: 'bad',
        kind: 'ledger',
        found: findings.slice(0, 3).join('; '),
        remedy:
          'The ledger is damaged. Stop, and go on from the newest backup: `keyline restore`. It keeps the file as it is.',
      };
}

function rights(core: StationCore): DoctorFinding {
  const check = 'data directory';
  if (process.platform === 'win32') return { check, state: 'good', found: core.directory.path };
  const mode = statSync(core.directory.path).mode & 0o777;
  return mode & 0o077
    ? {
        check,
        state: 'notice',
        found: `${core.directory.path} can be entered by others (${mode.toString(8)})`,
        remedy: `chmod 700 ${core.directory.path}`,
      }
    : { check, state: 'good', found: core.directory.path };
}

function secrets(core: StationCore): DoctorFinding {
  const exposed = core.secrets.exposed([
    ...stationSecrets,
    signInSecret,
    ...Object.values(dpsSecrets),
    courierIdentity,
    ...sshSecretsOf(core.configuration),
  ]);
  if (exposed.length > 0)
    return {
      check: 'secrets',
      state: 'bad',
      kind: 'usage',
      found: `others can read: ${exposed.join(', ')}`,
      remedy: `chmod 600 the files in ${core.directory.secretsDirectory}, and make a new key if somebody had access.`,
    };
  if (core.secrets.kind === 'keyring')
    return { check: 'secrets', state: 'good', found: core.secrets.description };
  return {
    check: 'secrets',
    state: 'notice',
    found: core.secrets.description,
    remedy:
      'Whoever can read this user’s files can sign as this station. Give the station a user of its own.',
  };
}

function disk(core: StationCore): DoctorFinding {
  try {
    accessSync(core.directory.path, constants.W_OK);
  } catch (error) {
    return ofFailure('disk', error);
  }
  const { bavail, bsize } = statfsSync(core.directory.path);
  const free = bavail * bsize;
  const found =
    free < LOW_DISK_BYTES
      ? `${Math.floor(free / 1024 ** 2)} MiB free`
      : `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  if (free < NO_DISK_BYTES)
    return {
      check: 'disk',
      state: 'bad',
      kind: 'ledger',
      found,
      remedy: 'Make room now: a full disk stops recording and sending. Nothing that was recorded is lost.',
    };
  return free < LOW_DISK_BYTES
    ? {
        check: 'disk',
        state: 'notice',
        found,
        remedy: 'Make room before the next shift: a full disk stops recording.',
      }
    : { check: 'disk', state: 'good', found };
}

/** An anchor is told with the beginning of its fingerprint, for comparison with what its maker publishes. */
function trustStore({ trust }: StationCore): DoctorFinding {
  const check = 'trust store';
  try {
    const store = trust.read();
    const remedy = `Put the CA certificates of your TPM makers (PEM or DER) into ${trust.folder}; till then EK certificates stay unchecked.`;
    if (store === undefined) return { check, state: 'notice', found: 'none', remedy };
    const { anchors, intermediates, setAside } = store;
    const named = anchors.map(
      ({ certificate }) => `${certificate.subject.text} (SHA-256 ${certificate.sha256.slice(0, 16)}…)`,
    );
    const found = [
      `${anchors.length} anchors, ${intermediates.length} intermediates`,
      ...(named.length <= MOST_ANCHORS_NAMED ? named : named.slice(0, MOST_ANCHORS_NAMED).concat('…')),
      ...setAside.map(({ file, detail }) => `cannot use ${file}: ${detail}`),
    ].join('; ');
    if (setAside.length > 0) return { check, state: 'notice', found, remedy: setAside[0]!.hint };
    return anchors.length > 0
      ? { check, state: 'good', found }
      : { check, state: 'notice', found, remedy: `There is no self-signed CA among them. ${remedy}` };
  } catch (error) {
    return ofFailure(check, error);
  }
}

async function bridge(
  core: StationCore,
  fixture: FixtureConfiguration,
  signal: AbortSignal,
): Promise<DoctorFinding> {
  const check = `fixture ${fixture.id}`;
  try {
    const tcti = await openTcti(parseTctiConf(fixture.bridge), {
      connectDeadlineMs: BRIDGE_DEADLINE_MS,
      signal,
      ssh: sshAccessOf(core, fixture.id),
    });
    await tcti.close();
    return { check, state: 'good', found: 'the bridge opens' };
  } catch (error) {
    // An empty fixture is nothing wrong with the station.
    const failure = describeFailure(error);
    return { check, state: 'notice', found: failure.message, remedy: failure.hint };
  }
}
