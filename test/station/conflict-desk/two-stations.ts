/** Stations with a supervisor each at one emulated DPS, for the conflict desk: what happens there is what DPS then has. */
import type { EnrollmentRecord, EnrollmentService } from '../../../src/dps/service.ts';
import { type DrainReport, drainOnce } from '../../../src/outbox/drain-once.ts';
import { systemTiming } from '../../../src/outbox/timing.ts';
import type { Actor } from '../../../src/station/access/authorize.ts';
import { outboxStoreOf } from '../../../src/station/drain/outbox-store.ts';
import { EmulatedDps } from '../../outbox/emulated-dps.ts';
import { type CoreSetting, coreForTest, type TestCore } from '../station-fixture.ts';

export interface TestStation {
  readonly core: TestCore;
  readonly supervisor: Actor;
  /** Sends what is due to the emulated DPS. */
  drain(): Promise<DrainReport>;
}

export class Plant {
  readonly dps: EmulatedDps;
  readonly service: EnrollmentService;
  readonly #stations: TestCore[] = [];

  private constructor(dps: EmulatedDps) {
    this.dps = dps;
    this.service = dps.connect();
  }

  static async build(): Promise<Plant> {
    return new Plant(await EmulatedDps.start());
  }

  station(configuration: CoreSetting['configuration'] = {}): TestStation {
    const env = { KEYLINE_DPS_CONNECTION_STRING: this.dps.emulator.connectionString };
    const core = coreForTest({ configuration, env });
    this.#stations.push(core);
    const supervisor = enterSupervisor(core);
    const { service } = this;
    return {
      core,
      supervisor,
      drain: () => drainOnce({ store: outboxStoreOf(core, core.dpsTarget!), service, timing: systemTiming }),
    };
  }

  async has(registrationId: string): Promise<EnrollmentRecord | undefined> {
    return this.service.get(registrationId);
  }

  async close(): Promise<void> {
    for (const core of this.#stations) core[Symbol.dispose]();
    await this.dps.close();
  }
}

/** As signed in with a PIN; how that comes about is tested elsewhere, and takes its time. */
export function enterSupervisor(core: TestCore): Actor {
  core.ledger.persons.enter({
    person_id: 'person-mina',
    account: 'person:mina',
    created_at: core.clock.read().at,
    name: 'Kim Mina',
    role: 'supervisor',
    badge_digest: null,
    pin_hash: null,
  });
  return { proof: 'pin', personId: 'person-mina' };
}
