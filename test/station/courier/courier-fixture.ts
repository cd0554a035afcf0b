/** A station without a network, one with the emulator, a stick between them, and a supervisor at both. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseConnectionString } from '../../../src/dps/connection-string.ts';
import type { Actor } from '../../../src/station/access/authorize.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import type { StationClock } from '../../../src/station/clock/station-clock.ts';
import { packBundle } from '../../../src/station/courier/pack-bundle.ts';
import { trustPeer } from '../../../src/station/courier/peers.ts';
import { takeReceipt } from '../../../src/station/courier/take-receipt.ts';
import { unpackBundle } from '../../../src/station/courier/unpack-bundle.ts';
import { writeReceipt } from '../../../src/station/courier/write-receipt.ts';
import { hostText } from '../../../src/station/dps/dps-target.ts';
import { drainOutboxOnce } from '../../../src/station/drain/drain-outbox.ts';
import { openCore, type StationCore } from '../../../src/station/open-core.ts';
import { verifyLedgerFile } from '../../../src/station/verify-ledger/verify-ledger-file.ts';
import type { EmulatedDps } from '../../outbox/emulated-dps.ts';
import { enterSupervisor } from '../conflict-desk/two-stations.ts';
import { type CoreSetting, readAttempt, type TestCore, temporaryFolder } from '../station-fixture.ts';

const account = 'os:test';

interface OfflineSetting {
  readonly courier?: object;
  readonly dps?: object;
  readonly clock?: StationClock;
  readonly env?: Readonly<Record<string, string>>;
}

export class CourierLine {
  readonly folder = temporaryFolder();
  readonly stick = path.join(this.folder, 'stick');
  readonly #cores: StationCore[] = [];
  readonly #dps: EmulatedDps | undefined;
  #files = 0;

  constructor(dps?: EmulatedDps) {
    this.#dps = dps;
    mkdirSync(this.stick);
  }

  /** A station that names the DPS and has no key for it. */
  offline(name: string, setting: OfflineSetting = {}): TestCore {
    const { courier, clock, env, dps = { host: this.host, idScope: this.idScope } } = setting;
    return this.#open(name, {
      configuration: { dps, ...(courier ? { courier } : {}) },
      ...(env ? { env } : {}),
      ...(clock ? { clock } : {}),
    });
  }

  /** A station that is connected. */
  online(name: string, clock?: StationClock): TestCore {
    const env: Record<string, string> = this.#dps
      ? {
          KEYLINE_DPS_CONNECTION_STRING: this.#dps.emulator.connectionString,
          KEYLINE_DPS_CA_FILE: this.#dps.emulator.caFile,
        }
      : {};
    return this.#open(name, {
      configuration: { dps: { host: this.host, idScope: this.idScope } },
      env,
      ...(clock ? { clock } : {}),
    });
  }

  #open(name: string, setting: CoreSetting): TestCore {
    const folder = path.join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    if (setting.configuration !== undefined)
      writeFileSync(path.join(folder, 'keyline.json'), JSON.stringify(setting.configuration));
    const core = openCore({
      dataDirectory: folder,
      env: { KEYLINE_SECRET_STORE: 'files', KEYLINE_REHEARSAL: '1', ...setting.env },
      ...(setting.clock ? { clock: setting.clock } : {}),
    });
    this.#cores.push(core);
    // Not a copy: the identity changes under it.
    return Object.assign(core, { folder, [Symbol.dispose]: () => core.close() });
  }

  get host(): string {
    return this.#dps ? hostText(parseConnectionString(this.#dps.emulator.connectionString)) : 'plant.example';
  }

  get idScope(): string {
    return this.#dps?.emulator.idScope ?? '0ne00000000';
  }

  file(name = 'file'): string {
    this.#files += 1;
    return path.join(this.stick, `${name}-${this.#files}`);
  }

  close(): void {
    for (const core of this.#cores) core.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Each knows the other one. */
export function pair(sender: TestCore, receiver: TestCore): { at: Actor; there: Actor } {
  const [at, there] = [enterSupervisor(sender), enterSupervisor(receiver)];
  trustPeer(sender, receiver.identity.verifierKey, 'receipts', { who: at, reason: 'our receiver' });
  trustPeer(receiver, sender.identity.verifierKey, 'bundles', { who: there, reason: 'line 7' });
  return { at, there };
}

export const harvest = (core: TestCore, key: number | string, serial: string | null) =>
  recordAttempt(core, readAttempt(key, serial));
export const pack = (
  core: TestCore,
  out: string,
  more: { maxBytes?: number; validDays?: number; signal?: AbortSignal } = {},
) => packBundle(core, { out, account, ...more });
export const unpack = (core: TestCore, ...files: string[]) => unpackBundle(core, { files, account });
export const writeBack = (core: TestCore, out: string, bundleId?: string) =>
  writeReceipt(core, { out, bundleId, account });
export const takeBack = (core: TestCore, ...files: string[]) => takeReceipt(core, { files, account });
export const sync = (core: TestCore) => drainOutboxOnce(core, {});

/** States of all entries of the outbox, in order of arrival. */
export const statesOf = (core: TestCore): string[] =>
  core.ledger.outbox
    .list({ limit: 1000 })
    .map(({ operation, state, reason }) => `${operation} ${reason ?? state}`);

/** That tables and log of a ledger still say the same (rule A3). */
export const ledgerHolds = async (core: TestCore): Promise<boolean> => {
  core.ledger.walCheckpoint();
  const verdicts = await verifyLedgerFile(path.join(core.folder, 'ledger.sqlite'), {});
  const bad = verdicts.find(({ ok }) => !ok);
  if (bad) throw new Error(JSON.stringify(bad));
  return true;
};
