/** A station core in a folder of its own, and attempts to record in it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deriveRegistrationId } from '../../src/enrollment/registration-id.ts';
import type { Attempt } from '../../src/station/attempt/attempt.ts';
import type { StationClock } from '../../src/station/clock/station-clock.ts';
import { openCore, type StationCore } from '../../src/station/open-core.ts';
import './access/cheap-scrypt.ts';
import { base64Key, endorsementKey, keyDigest } from './attempt/endorsement-keys.ts';

export interface CoreSetting {
  readonly configuration?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: StationClock;
  readonly folder?: string;
}

export interface TestCore extends StationCore {
  readonly folder: string;
  [Symbol.dispose](): void;
}

export function temporaryFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'keyline-station-'));
}

/** `using core = coreForTest()`: a rehearsal station; closed and removed at the end of the block. */
export function coreForTest(setting: CoreSetting = {}): TestCore {
  const folder = setting.folder ?? temporaryFolder();
  if (setting.configuration !== undefined)
    writeFileSync(path.join(folder, 'keyline.json'), JSON.stringify(setting.configuration));
  const core = openCore({
    dataDirectory: folder,
    env: { KEYLINE_REHEARSAL: '1', ...setting.env },
    ...(setting.clock ? { clock: setting.clock } : {}),
  });
  return {
    ...core,
    folder,
    [Symbol.dispose]: () => {
      core.close();
      if (setting.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

let attempts = 0;

/** A run that read the key of that number and found nothing to complain of. */
export function readAttempt(
  key: number | string,
  serial: string | null,
  changes: Partial<Attempt> = {},
): Attempt {
  attempts += 1;
  return {
    harvestId: `harvest-${process.pid}-${attempts}`,
    serial,
    product: { name: 'default' },
    workOrder: null,
    fixture: null,
    bridge: 'swtpm',
    account: 'os:test',
    statedOperator: null,
    durationMs: 12,
    finding: {
      outcome: 'read',
      tpm: {
        manufacturerId: '49465800',
        manufacturer: 'IFX',
        vendor: 'SLB9670',
        firmware: '7.85.4555.0',
        family: '2.0',
        revision: '1.38',
      },
      key: {
        endorsementKey: base64Key(key),
        ekSha256: keyDigest(key),
        registrationId: deriveRegistrationId(endorsementKey(key)),
        ekTemplate: 'L-1',
        source: 'persisted',
      },
      certificate: { status: 'unchecked' },
      possession: 'proved',
      warnings: ['certificate-unchecked'],
    },
    ...changes,
  };
}

export function entriesOf(
  core: StationCore,
): { type: string; index: number; personId: string; data: Record<string, unknown> }[] {
  return [...core.ledger.audit.iterate()]
    .filter(row => row.entry.length > 0)
    .map(row => JSON.parse(row.entry.toString('utf8')));
}
