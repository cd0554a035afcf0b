/** TPMs as a line meets them, by what lies in them and which key is wanted of them: every way that a run can take. */
import { join } from 'node:path';
import type { RunFailureCode, RunRefusalCode } from '../../src/harvest/finding.ts';
import type { HarvestOptions } from '../../src/harvest/run-harvest.ts';
import { EK_TEMPLATE_L1, EK_TEMPLATES, SDK_EMPTY_UNIQUE_TEMPLATE } from '../../src/tpm/ek-templates.ts';
import { marshalStorageKey } from '../../src/tpm/structures.ts';
import type { LocalCarrier } from './carrier-front.ts';
import {
  failPassword,
  lockOut,
  persistEndorsementKey,
  persistOtherKey,
  storeInNv,
  tpm2,
} from './tpm2-tools.ts';
import type { DutKind, VirtualDut } from './virtual-dut.ts';

export interface EkVariant {
  readonly name: string;
  readonly kind: DutKind;
  readonly prepare?: (dut: VirtualDut) => Promise<unknown>;
  readonly options?: Partial<HarvestOptions>;
  /** Of the endorsement hierarchy, given for each run. */
  readonly password?: string;
  /** Over these alone, where a variant adds nothing that differs between carriers; else over all. */
  readonly carriers?: readonly LocalCarrier[];
  readonly ends: 'read' | RunRefusalCode | RunFailureCode;
}

const RSA_EK = '0x81010001';
const setEndorsementPassword = ({ bridge }: VirtualDut) => tpm2(bridge, 'changeauth', '-c', 'e', 'secret');
const persistSdkKey = ({ bridge }: VirtualDut) =>
  persistEndorsementKey(bridge, SDK_EMPTY_UNIQUE_TEMPLATE, RSA_EK);

/** H-7 apart, which no swtpm of today's distributions makes. */
const unfitTemplates = EK_TEMPLATES.filter(({ name }) => name !== 'L-1' && name !== 'H-7');

export const ekVariants: readonly EkVariant[] = [
  { name: 'L-1 persisted', kind: 'certified', ends: 'read' },
  { name: 'L-1 created', kind: 'unpersisted', ends: 'read' },
  {
    name: 'sdk-empty-unique created',
    kind: 'unpersisted',
    options: { deviceKey: 'sdk-empty-unique' },
    ends: 'read',
  },
  {
    name: 'L-1 by the nonce and template in NV',
    kind: 'blank',
    prepare: async dut => {
      await storeInNv(dut, '0x1c00003', Buffer.from('a nonce of the maker'));
      await storeInNv(dut, '0x1c00004', EK_TEMPLATE_L1.subarray(2));
    },
    ends: 'read',
  },
  {
    name: 'L-1 created, the ledger’s other key looked for',
    kind: 'unpersisted',
    options: { recordedEkSha256: '00'.repeat(32) },
    ends: 'read',
  },
  {
    name: 'SDK key persisted, L-1 wanted',
    kind: 'unpersisted',
    prepare: persistSdkKey,
    options: { deviceKey: 'L-1' },
    ends: 'read',
  },
  {
    name: 'SDK key persisted, L-1 certified',
    kind: 'unpersisted',
    prepare: persistSdkKey,
    ends: 'certificate-mismatch',
  },
  {
    name: 'endorsement password, L-1 persisted',
    kind: 'certified',
    prepare: setEndorsementPassword,
    ends: 'hierarchy-password',
  },
  {
    name: 'endorsement password, L-1 to be created',
    kind: 'unpersisted',
    prepare: setEndorsementPassword,
    ends: 'hierarchy-password',
  },
  {
    name: 'password given, L-1 persisted',
    kind: 'certified',
    prepare: setEndorsementPassword,
    password: 'secret',
    carriers: ['device'],
    ends: 'read',
  },
  {
    name: 'password given, L-1 to be created',
    kind: 'unpersisted',
    prepare: setEndorsementPassword,
    password: 'secret',
    carriers: ['swtpm'],
    ends: 'read',
  },
  {
    name: 'wrong password given, L-1 to be created',
    kind: 'unpersisted',
    prepare: setEndorsementPassword,
    password: 'wrong',
    carriers: ['swtpm'],
    ends: 'hierarchy-password-refused',
  },
  {
    name: 'owner’s key at 0x81010001',
    kind: 'blank',
    prepare: dut => persistOtherKey(dut.bridge, 'rsa2048', join(dut.folder, 'owner.ctx')),
    ends: 'ek-unfit',
  },
  ...unfitTemplates.map(
    ({ name, key }): EkVariant => ({
      name: `${name} at 0x81010001`,
      kind: 'blank',
      prepare: dut => persistEndorsementKey(dut.bridge, marshalStorageKey(key), RSA_EK),
      ends: 'ek-unfit',
    }),
  ),
  { name: 'in lockout, L-1 persisted', kind: 'certified', prepare: dut => lockOut(dut.bridge), ends: 'read' },
  {
    name: 'one failed password, L-1 created',
    kind: 'unpersisted',
    prepare: dut => failPassword(dut.bridge, 1),
    ends: 'read',
  },
];
