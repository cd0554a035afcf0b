/**
 * `tpm info` and `harvest` against tpm2-tools, over a table of TPMs: the same persistent handles, NV indices, auth flags,
 * lockout and keys, byte for byte, and the verdict that follows from them.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Finding } from '../../src/harvest/finding.ts';
import { readTpmReport, type TpmReport } from '../../src/harvest/tpm-report.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { EK_TEMPLATES, type EkTemplateName } from '../../src/tpm/ek-templates.ts';
import {
  type EccPublicArea,
  marshalStorageKey,
  type PublicArea,
  type RsaPublicArea,
} from '../../src/tpm/structures.ts';
import { missing } from '../parts.ts';
import { eccSpkiOf, makeCertificate, rsaSpki } from '../tpm/make-certificate.ts';
import { harvestAt } from './harvest-at.ts';
import { handlesIn, lockOut, persistEndorsementKey, stateOf, storeInNv, tpm2 } from './tpm2-tools.ts';
import { DutShelf, type VirtualDut } from './virtual-dut.ts';

interface Case {
  readonly name: string;
  /** Template, persistent handle, and whether a certificate for it lies in NV. */
  readonly persisted: readonly (readonly [EkTemplateName, string, 'certified' | 'uncertified'])[];
  readonly prepare?: (dut: VirtualDut) => Promise<unknown>;
  /** How the harvest ends, and with which key. */
  readonly harvest: string;
}

const endorsementPassword = ({ bridge }: VirtualDut) => tpm2(bridge, 'changeauth', '-c', 'e', 'secret');

const cases: readonly Case[] = [
  { name: 'nothing persisted, no certificate', persisted: [], harvest: 'read L-1 created, absent' },
  {
    name: 'RSA 2048, no certificate',
    persisted: [['L-1', '0x81010001', 'uncertified']],
    harvest: 'read L-1 persisted, absent',
  },
  {
    name: 'RSA 2048, certificate',
    persisted: [['L-1', '0x81010001', 'certified']],
    harvest: 'read L-1 persisted, unchecked',
  },
  {
    name: 'RSA 3072 beside, certificate',
    persisted: [['H-6', '0x8101001c', 'certified']],
    harvest: 'read L-1 created, absent',
  },
  {
    name: 'P-256 beside, certificate',
    persisted: [['L-2', '0x81010002', 'certified']],
    harvest: 'read L-1 created, absent',
  },
  {
    name: 'P-384 beside, no certificate',
    persisted: [['H-3', '0x81010016', 'uncertified']],
    harvest: 'read L-1 created, absent',
  },
  {
    name: 'all four, all certified',
    persisted: [
      ['L-1', '0x81010001', 'certified'],
      ['L-2', '0x81010002', 'certified'],
      ['H-3', '0x81010016', 'certified'],
      ['H-6', '0x8101001c', 'certified'],
    ],
    harvest: 'read L-1 persisted, unchecked',
  },
  ...(['H-6', 'L-2', 'H-3', 'H-1'] as const).map(
    (template): Case => ({
      name: `${template} at 0x81010001`,
      persisted: [[template, '0x81010001', 'uncertified']],
      harvest: 'ek-unfit',
    }),
  ),
  {
    name: 'endorsement password, RSA 2048 certified',
    persisted: [['L-1', '0x81010001', 'certified']],
    prepare: endorsementPassword,
    harvest: 'hierarchy-password',
  },
  {
    name: 'endorsement password, nothing persisted',
    persisted: [],
    prepare: endorsementPassword,
    harvest: 'hierarchy-password',
  },
  {
    name: 'lockout, RSA 2048 certified',
    persisted: [['L-1', '0x81010001', 'certified']],
    prepare: ({ bridge }) => lockOut(bridge),
    harvest: 'read L-1 persisted, unchecked',
  },
];

describe('agreement with tpm2-tools', { skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools') }, () => {
  const shelf = new DutShelf();
  after(() => shelf.clear());

  test('tpm info and harvest tell what tpm2-tools tell', { concurrency: 2 }, async context => {
    const rows = new Map<string, string>();
    await Promise.all(
      cases.map(({ name, persisted, prepare, harvest }) =>
        context.test(name, async () => {
          const dut = await shelf.take('blank');
          for (const [template, handle, certified] of persisted) {
            const area = await persist(dut, template, handle);
            if (certified === 'certified') await certify(dut, template, area);
          }
          await prepare?.(dut);
          const before = await stateOf(dut.bridge);
          const report = await readTpmReport({ bridge: parseTctiConf(dut.bridge) });
          await assertReport(dut, report);
          assert.deepEqual(
            report.persistentKeys.map(({ handle, ekTemplate }) => [handle.toLowerCase(), ekTemplate]),
            persisted.map(([template, handle]) => [handle, template]),
          );
          for (const [template, handle, certified] of persisted) {
            const of = report.ekCertificates.filter(certificate => certificate.ekTemplate === template);
            assert.deepEqual(
              of.map(({ status, keyHandle }) => [status, keyHandle?.toLowerCase()]),
              certified === 'certified' ? [['unchecked', handle]] : [],
            );
          }
          const finding = await harvestAt(dut.bridge);
          assert.equal(describeFinding(finding), harvest);
          await assertKey(dut, finding);
          assert.equal(await stateOf(dut.bridge), before);
          rows.set(name, row(name, report, finding));
          await dut.stop();
        }),
      ),
    );
    context.diagnostic(
      'TPM | persistent keys | NV indices of EKs | passwords | lockout | harvest: each as tpm2-tools tell it',
    );
    for (const { name } of cases) context.diagnostic(rows.get(name) ?? `${name}: does not agree`);
  });
});

async function persist(dut: VirtualDut, template: EkTemplateName, handle: string): Promise<PublicArea> {
  const { key } = EK_TEMPLATES.find(({ name }) => name === template)!;
  return persistEndorsementKey(dut.bridge, marshalStorageKey(key), handle);
}

async function certify(dut: VirtualDut, template: EkTemplateName, area: PublicArea): Promise<void> {
  const { certificateIndex } = EK_TEMPLATES.find(({ name }) => name === template)!;
  const spki = area.type === 'rsa' ? rsaSpki(area as RsaPublicArea) : eccSpkiOf(area as EccPublicArea);
  await storeInNv(dut, `0x${certificateIndex.toString(16)}`, await makeCertificate(spki));
}

/** Handles, indices, auth flags and lockout as tpm2_getcap has them; the EK's certificate as tpm2_nvread. */
async function assertReport({ bridge, folder }: VirtualDut, report: TpmReport): Promise<void> {
  const lower = (handles: readonly string[]) => handles.map(handle => handle.toLowerCase());
  assert.deepEqual(
    lower(report.persistentKeys.map(({ handle }) => handle)),
    handlesIn(await tpm2(bridge, 'getcap', 'handles-persistent')),
  );
  const indices = handlesIn(await tpm2(bridge, 'getcap', 'handles-nv-index'));
  assert.deepEqual(
    lower(report.ekCertificateIndices),
    indices.map(index => `0x${index.slice(2).padStart(8, '0')}`).filter(index => /^0x01c0[0-7]/.test(index)),
  );
  const variable = await tpm2(bridge, 'getcap', 'properties-variable');
  const property = (name: string) => Number(new RegExp(`${name}:\\s+(\\S+)`).exec(variable)?.[1]);
  assert.deepEqual(report.authorization, {
    owner: property('ownerAuthSet') === 1,
    endorsement: property('endorsementAuthSet') === 1,
    lockout: property('lockoutAuthSet') === 1,
    disableClear: property('disableClear') === 1,
  });
  assert.deepEqual(report.lockout, {
    locked: property('inLockout') === 1,
    failedTries: property('TPM2_PT_LOCKOUT_COUNTER'),
    maxTries: property('TPM2_PT_MAX_AUTH_FAIL'),
  });
  const der = report.endorsementKey?.certificate?.der;
  if (der === undefined) return;
  const file = join(folder, 'certificate');
  await tpm2(bridge, 'nvread', '0x1c00002', '-o', file);
  assert.equal(der, await base64(file));
}

/** The harvested key, byte for byte as tpm2_readpublic or tpm2_createek has it. */
async function assertKey({ bridge, folder }: VirtualDut, finding: Finding): Promise<void> {
  if (finding.key === undefined) return;
  const file = join(folder, 'key');
  if (finding.key.source === 'persisted') {
    await tpm2(bridge, 'readpublic', '-c', '0x81010001', '-f', 'tss', '-o', file);
  } else {
    await tpm2(bridge, 'createek', '-G', 'rsa', '-c', `${file}.ctx`, '-f', 'tss', '-u', file);
    await tpm2(bridge, 'flushcontext', '-t');
  }
  assert.equal(finding.key.endorsementKey, await base64(file));
}

function describeFinding(finding: Finding): string {
  if (finding.outcome !== 'read') return finding.code;
  return `read ${finding.key.ekTemplate} ${finding.key.source}, ${finding.certificate.status}`;
}

function row(name: string, report: TpmReport, finding: Finding): string {
  const keys = report.persistentKeys.map(({ handle, kind }) => `${handle} ${kind}`).join(', ') || 'none';
  const indices = report.ekCertificateIndices.join(', ') || 'none';
  const passwords = report.authorization.endorsement ? 'endorsement' : 'none';
  const { locked, failedTries } = report.lockout;
  const lockout = `${locked ? 'locked' : 'open'} ${failedTries}`;
  return [name, keys, indices, passwords, lockout, describeFinding(finding)].join(' | ');
}

async function base64(file: string): Promise<string> {
  return (await readFile(file)).toString('base64');
}
