/** `tpm info` for people: what a technician or engineer needs to see first comes first. */
import type { TpmReport } from '../station/attempt/tpm-info.ts';
import { facts, table } from './table.ts';

const simulatorWords = {
  'known-simulator': 'yes: for rehearsal only',
  'reference-firmware':
    'possibly: its strings are those of reference firmware, which many firmware TPMs keep',
  'virtual-machine': 'possibly: its maker is that of virtual TPMs',
  'not-known': undefined,
} as const;

export function describeTpmReport(report: TpmReport): string {
  const { tpm, authorization, lockout } = report;
  const maker = tpm.manufacturerName ?? tpm.manufacturer;
  const set = (['owner', 'endorsement', 'lockout'] as const).filter(name => authorization[name]);
  const tries =
    lockout.failedTries === undefined
      ? ''
      : `, ${lockout.failedTries} of ${lockout.maxTries ?? '?'} failed tries`;
  const key = report.endorsementKey;
  const lines = facts([
    ['fit for DPS', report.dps.fit ? 'yes' : `NO: ${report.dps.reasons.join('; ')}`],
    ['TPM', `${maker} ${tpm.vendor}`.trim()],
    ['firmware', tpm.firmware],
    ['TPM version', `${tpm.family}, revision ${tpm.revision}`],
    ['simulator', simulatorWords[tpm.simulator]],
    ['locked out', `${lockout.locked ? 'YES' : 'no'}${tries}`],
    ['passwords set', set.length === 0 ? 'none' : set.join(', ')],
    ['algorithms', report.algorithms.join(', ')],
    ['registration id', key?.registrationId],
    [
      'EK template',
      key && (key.madeFrom ? `${key.ekTemplate}, made for this look and not stored` : key.ekTemplate),
    ],
    ['hierarchy password', report.hierarchyPassword],
    [
      'EK certificate',
      key?.certificate && [key.certificate.status, key.certificate.subject].filter(Boolean).join(', '),
    ],
  ]);
  return [lines, describeKeys(report), describeCertificates(report)].join('\n');
}

function describeKeys(report: TpmReport): string {
  if (report.persistentKeys.length === 0) return 'persistent keys: none';
  const keys = report.persistentKeys.map(({ handle, kind, ekTemplate }) => [
    `  ${handle}`,
    kind ?? 'unreadable',
    ekTemplate ?? '',
  ]);
  return `persistent keys\n${table(keys)}`;
}

const certificateWords = {
  unchecked: 'for the key at',
  mismatch: 'FOR ANOTHER KEY',
  'key-not-persisted': 'its key is not stored',
  unreadable: 'unreadable',
} as const;

function describeCertificates(report: TpmReport): string {
  if (report.ekCertificates.length === 0) return 'EK certificates: none';
  const rows = report.ekCertificates.map(({ nvIndex, ekTemplate, status, keyHandle, issuer, detail }) => [
    `  ${nvIndex}`,
    ekTemplate ?? '',
    [certificateWords[status], keyHandle, detail && `(${detail})`].filter(Boolean).join(' '),
    issuer === undefined ? '' : `issued by ${issuer}`,
  ]);
  return `EK certificates\n${table(rows)}`;
}
