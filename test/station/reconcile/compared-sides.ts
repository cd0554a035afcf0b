/** A station and an emulated DPS whose sides a test makes differ, with Microsoft's client between them. */
import { rmSync } from 'node:fs';
import { ReconciliationNotes } from '../../../db/reconciliation-notes.ts';
import type { EnrollmentDocument, EnrollmentService, TaggedEnrollment } from '../../../src/dps/service.ts';
import { drainOnce } from '../../../src/outbox/drain-once.ts';
import type { Act } from '../../../src/station/act.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { outboxStoreOf } from '../../../src/station/drain/outbox-store.ts';
import type { ToldFinding } from '../../../src/station/reconcile/findings.ts';
import { type ReconcileRequest, reconcile } from '../../../src/station/reconcile/reconcile.ts';
import { ReconciliationTally } from '../../../src/station/reconcile/tally.ts';
import { Walk } from '../../../src/station/reconcile/walk.ts';
import { EmulatedDps } from '../../outbox/emulated-dps.ts';
import { ManualTiming } from '../../outbox/manual-timing.ts';
import { base64Key } from '../attempt/endorsement-keys.ts';
import { enterSupervisor } from '../conflict-desk/two-stations.ts';
import { coreForTest, readAttempt, type TestCore, temporaryFolder } from '../station-fixture.ts';

export class ComparedSides {
  readonly dps: EmulatedDps;
  readonly service: EnrollmentService;
  readonly core: TestCore;
  readonly act: Act;
  readonly #folder: string;

  private constructor(dps: EmulatedDps) {
    this.dps = dps;
    this.service = dps.connect();
    this.#folder = temporaryFolder();
    this.core = coreForTest({ folder: this.#folder, env: this.env });
    this.act = { who: enterSupervisor(this.core), reason: 'because of the test' };
  }

  static async build(): Promise<ComparedSides> {
    return new ComparedSides(await EmulatedDps.start());
  }

  get env() {
    return envOf(this.dps);
  }

  /** @returns its registration id */
  record(key: number | string, serial: string): string {
    const product = this.core.configuration.products[0] ?? { name: 'default' };
    return recordAttempt(this.core, readAttempt(key, serial, { product })).registrationId!;
  }

  async drain(): Promise<void> {
    const { core, service } = this;
    await drainOnce({ store: outboxStoreOf(core, core.dpsTarget!), service, timing: new ManualTiming() });
  }

  /** The document that the device's create carries. */
  documentOf(registrationId: string): EnrollmentDocument {
    const { devices, outbox } = this.core.ledger;
    const device =
      devices.byRegistrationId(registrationId) ?? devices.retiredByRegistrationId(registrationId)[0]!;
    return JSON.parse(outbox.ofDevice(device.device_id)[0]!.document);
  }

  /** Somebody else does this in DPS. */
  async put(...documents: readonly EnrollmentDocument[]): Promise<void> {
    for (let from = 0; from < documents.length; from += 10)
      await this.service.createMany(documents.slice(from, from + 10));
  }

  async change(registrationId: string, members: object): Promise<void> {
    const record = (await this.service.get(registrationId)) as never as TaggedEnrollment;
    await this.service.updateMany([{ ...record, ...members }]);
  }

  async remove(registrationId: string): Promise<void> {
    const record = await this.service.get(registrationId);
    await this.service.remove(registrationId, String(record!.etag));
  }

  async reconcile(request: Partial<ReconcileRequest> = {}) {
    const found: ToldFinding[] = [];
    const report = await reconcile(this.core, {
      account: 'os:test',
      onFinding: finding => found.push(finding),
      ...request,
    });
    return { report, found };
  }

  /** The walk alone, with the clock by hand; `beforePage` is done before each page is asked for, counted from 1. */
  async walk(
    beforePage: (page: number) => unknown,
    { signal = new AbortController().signal, afterGet = () => {} }: WalkWishes = {},
  ) {
    const { core, service } = this;
    const notes = ReconciliationNotes.open(core.directory.path)!;
    const found: ToldFinding[] = [];
    const tally = new ReconciliationTally();
    let pages = 0;
    let asked: string | undefined;
    const walk = new Walk({
      core,
      target: core.dpsTarget!,
      notes,
      tally,
      timing: new ManualTiming(),
      signal,
      service: {
        createMany: documents => service.createMany(documents),
        updateMany: enrollments => service.updateMany(enrollments),
        remove: (id, etag) => service.remove(id, etag),
        async get(id) {
          const record = await service.get(id);
          await afterGet();
          return record;
        },
        probe: () => service.probe(),
        close: () => service.close(),
        async page(size, continuation) {
          // One that is asked for again after a fault is no other page.
          if (pages === 0 || continuation !== asked) await beforePage(++pages);
          asked = continuation;
          return service.page(size, continuation);
        },
      },
      onFinding: finding => found.push(finding),
      onProgress: () => {},
    });
    const error = await walk.run().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    notes.close();
    return { error, found, counts: tally.counts };
  }

  async close(): Promise<void> {
    this.core.close();
    rmSync(this.#folder, { recursive: true, force: true });
    await this.dps.close();
  }
}

export interface WalkWishes {
  readonly signal?: AbortSignal;
  /** Done when DPS has answered about one enrollment, before the walk sees the answer. */
  readonly afterGet?: () => unknown;
}

/** An enrollment that nobody put a name into. */
export function nameless(registrationId: string, key: number | string): EnrollmentDocument {
  const attestation = { type: 'tpm', tpm: { endorsementKey: base64Key(key) } } as const;
  return { registrationId, attestation, provisioningStatus: 'enabled' };
}

/** An empty one. */
export async function anotherDps() {
  const dps = await EmulatedDps.start();
  return { env: envOf(dps), [Symbol.asyncDispose]: () => dps.close() };
}

function envOf({ emulator }: EmulatedDps) {
  return {
    KEYLINE_DPS_CONNECTION_STRING: emulator.connectionString,
    KEYLINE_DPS_CA_FILE: emulator.caFile,
  };
}
