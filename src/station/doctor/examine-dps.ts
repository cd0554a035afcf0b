/**
 * What `doctor` finds of the way to DPS: where the key comes from, the CA and proxy on the way, and its rights down to
 * EnrollmentRead and EnrollmentWrite, asked without changing anything there (rule S3).
 */
import { proxyFor } from '../../dps/proxy.ts';
import { withDps } from '../dps/dps-connection.ts';
import { checkRights } from '../dps/dps-rights.ts';
import { type DpsAccess, identityAtDps } from '../dps/dps-target.ts';
import type { StationCore } from '../open-core.ts';
import { type DoctorFinding, ofFailure } from './doctor-finding.ts';

const DEADLINE_MS = 10_000;

/** Rule S3, in the words of the documents. */
const REACH =
  'Reaches the whole instance: EnrollmentWrite can change or delete every enrollment of this DPS, not only this station’s. A line without any DPS key, whose entries one station sends, is the safer plant. Rights beyond the two cannot be seen from here: look in Azure that the policy has no others, and give each station a policy of its own.';

export async function examineDps(core: StationCore): Promise<DoctorFinding[]> {
  let access: DpsAccess | null;
  try {
    access = core.dps.access();
  } catch (error) {
    return [ofFailure('DPS', error)];
  }
  if (access === null)
    return [
      {
        check: 'DPS',
        state: 'notice',
        found: core.dpsTarget ? `no key for ${core.dpsTarget.host}` : 'not configured',
        remedy:
          'To enrol from this station: keyline dps set-key. A line without any DPS key is the safer plant.',
      },
    ];
  return [keySource(access), ...(await reach(core, access))];
}

function keySource({ source, connection }: DpsAccess): DoctorFinding {
  const check = 'DPS key';
  const identity = identityAtDps(connection);
  if (source === 'store') return { check, state: 'good', found: `${identity}, from the secret store` };
  if (source === 'none') return { check, state: 'good', found: `${identity}, without a secret` };
  return {
    check,
    state: 'notice',
    found: `${identity}, from KEYLINE_DPS_CONNECTION_STRING`,
    remedy:
      'The environment of a process is readable for this user and often lies in a file of the service. Better: keyline dps set-key, and unset it.',
  };
}

async function reach(core: StationCore, access: DpsAccess): Promise<DoctorFinding[]> {
  const { host } = access.target;
  try {
    const proxy = proxyFor(access.connection.host, process.env);
    const rights = await withDps(core, access, DEADLINE_MS, checkRights);
    // One answer for a key that is wrong altogether: it says nothing of rights.
    if (rights.read && rights.write) return [ofFailure('DPS', rights.read)];
    const online: DoctorFinding = {
      check: 'DPS',
      state: 'good',
      found: [
        `${host} answers and takes the key`,
        ...(proxy === undefined ? [] : [`through the proxy ${proxy.name}`]),
        ...(access.ca === undefined ? [] : ['by the CA of KEYLINE_DPS_CA_FILE']),
      ].join(', '),
    };
    if (rights.read)
      return [online, { ...ofFailure('DPS rights', rights.read), found: 'EnrollmentRead is missing' }];
    if (rights.write)
      return [online, { ...ofFailure('DPS rights', rights.write), found: 'EnrollmentWrite is missing' }];
    return [
      online,
      { check: 'DPS rights', state: 'good', found: 'EnrollmentRead and EnrollmentWrite', remedy: REACH },
    ];
  } catch (error) {
    return [ofFailure('DPS', error)];
  }
}
