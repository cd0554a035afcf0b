/**
 * The one router. Every input is untrusted and bounded here; what passes goes to the station, which decides.
 * Only this file, serve.ts and client.ts know oRPC.
 */
import { ORPCError, os } from '@orpc/server';
import { z } from 'zod';
import { roles } from '../station/access/roles.ts';
import { decisions } from '../station/conflict-desk/decisions.ts';
import { deviceVerbs } from '../station/devices/device-acts.ts';
import { StationError } from '../station/errors.ts';
import type { KioskWindow } from '../station/kiosk/kiosk-station.ts';
import { queueStates } from '../station/kiosk/queue-desk.ts';
import { overrulings } from '../station/overruling/overruling.ts';
import { auditFolder, auditOrder } from './audit-inputs.ts';
import { backupName, restoreAct } from './backup-inputs.ts';
import { batchPiece, batchRowsQuestion, batchSetting } from './batch-inputs.ts';
import { badge, claim as by, id, pin } from './claim-input.ts';
import { inputBounds } from './contract.ts';
import { deviceName, deviceQuestion } from './device-inputs.ts';
import { live } from './live.ts';
import {
  dpsKey,
  fixtureTest,
  productPreview,
  settingsInput,
  trustFile,
  trustName,
} from './settings-inputs.ts';

export interface ApiContext {
  /** The station at the window of this connection, which asks who stands there (rule S1). */
  readonly window: KioskWindow;
  /** Takes faults of the station for its log. They hold stack traces and stay on this side. */
  readonly onFault: (fault: unknown) => void;
}

const fixture = z.string().min(1).max(inputBounds.fixture);
const entry = z.string().min(1).max(inputBounds.id);
const nothing = z.undefined();
const workOrder = z.string().min(1).max(inputBounds.workOrder);
const quantity = z.int().positive();
const name = z.string().min(1).max(inputBounds.name);

const pageLimit = z.int().min(1).max(inputBounds.page);
const actWithReason = z.strictObject({ reason: z.string().max(inputBounds.reason), by: by.exactOptional() });

/** A call that needs somebody, at a window where nobody is signed in, is no fault of the station. */
const api = os.$context<ApiContext>().use(async ({ next }) => {
  try {
    return await next();
  } catch (error) {
    if (error instanceof StationError && error.code === 'sign-in-needed') throw new ORPCError('UNAUTHORIZED');
    throw error;
  }
});

/** A stream outlives the call that opened it, so that its faults are reported here. */
async function* reporting<T>(stream: AsyncIterable<T>, onFault: (fault: unknown) => void) {
  try {
    yield* stream;
  } catch (fault) {
    onFault(fault);
    throw fault;
  }
}

export const router = {
  view: api.input(nothing).handler(({ context }) => context.window.view()),
  live: api
    .input(nothing)
    .handler(({ context, signal }) => reporting(live(context.window, signal), context.onFault)),
  scan: api
    .input(z.strictObject({ text: z.string().max(inputBounds.text), fixture: fixture.exactOptional() }))
    .handler(({ context, input }) => context.window.scan(input)),
  start: api
    .input(z.strictObject({ fixture: fixture.exactOptional() }))
    .handler(({ context, input }) => context.window.start(input)),
  stop: api.input(z.strictObject({ fixture })).handler(({ context, input }) => context.window.stop(input)),
  listQueue: api
    .input(
      z.strictObject({
        state: z.enum(queueStates),
        limit: pageLimit,
        after: entry.exactOptional(),
      }),
    )
    .handler(({ context, input }) => context.window.queue.list(input)),
  compareEntry: api
    .input(z.strictObject({ entry }))
    .handler(({ context, input }) => context.window.queue.compare(input)),
  retryEntry: api
    .input(z.strictObject({ entry }))
    .handler(({ context, input }) => context.window.queue.retry(input)),
  resolveEntry: api
    .input(
      z.strictObject({
        entry,
        decision: z.enum(decisions),
        reason: z.string().max(inputBounds.reason),
        by: by.optional(),
      }),
    )
    .handler(({ context, input }) => context.window.queue.resolve(input)),
  listDebts: api
    .input(z.strictObject({ limit: pageLimit, after: entry.exactOptional() }))
    .handler(({ context, input }) => context.window.queue.debts(input)),
  compareAttempt: api
    .input(z.strictObject({ harvest: entry }))
    .handler(({ context, input }) => context.window.verdicts.compare(input)),
  overruleAttempt: api
    .input(
      z.strictObject({
        harvest: entry,
        overruling: z.enum(overrulings),
        device: entry,
        reason: z.string().max(inputBounds.reason),
        by: by.optional(),
      }),
    )
    .handler(({ context, input }) => context.window.verdicts.overrule(input)),
  findDevices: api.input(deviceQuestion).handler(async ({ context, input, signal }) => {
    try {
      return await context.window.devices.find(input, signal);
    } catch (error) {
      // Somebody typed on: no fault of the station.
      if (signal?.aborted) throw new ORPCError('CLIENT_CLOSED_REQUEST');
      throw error;
    }
  }),
  showDevice: api.input(deviceName).handler(({ context, input }) => context.window.devices.show(input)),
  listWorkOrders: api.input(nothing).handler(({ context }) => context.window.workOrders.list()),
  findWorkOrder: api
    .input(z.strictObject({ text: z.string().max(inputBounds.text) }))
    .handler(({ context, input }) => context.window.workOrders.find(input)),
  openWorkOrder: api
    .input(
      z.strictObject({
        id: workOrder,
        product: name.optional(),
        quantity: quantity.optional(),
        targetPerHour: z.number().positive().optional(),
      }),
    )
    .handler(({ context, input }) => context.window.workOrders.open(input)),
  chooseWorkOrder: api
    .input(z.strictObject({ id: workOrder }))
    .handler(({ context, input }) => context.window.workOrders.choose(input)),
  setWorkOrderAside: api.input(nothing).handler(({ context }) => context.window.workOrders.setAside()),
  closeWorkOrder: api
    .input(z.strictObject({ id: workOrder }))
    .handler(({ context, input }) => context.window.workOrders.close(input)),
  changeQuantity: api
    .input(
      z.strictObject({
        id: workOrder,
        quantity,
        reason: z.string().max(inputBounds.reason),
        by: by.exactOptional(),
      }),
    )
    .handler(({ context, input }) => context.window.workOrders.changeQuantity(input)),
  lastAttempts: api
    .input(z.strictObject({ limit: pageLimit }))
    .handler(({ context, input }) => context.window.lastAttempts(input)),
  readBatch: api.input(nothing).handler(({ context }) => context.window.batch.read()),
  sendBatchFile: api.input(batchPiece).handler(({ context, input }) => context.window.batch.send(input)),
  setBatch: api.input(batchSetting).handler(({ context, input }) => context.window.batch.set(input)),
  runBatch: api
    .input(z.strictObject({ dryRun: z.boolean() }))
    .handler(({ context, input }) => context.window.batch.run(input)),
  stopBatch: api.input(nothing).handler(({ context }) => context.window.batch.stop()),
  listBatchRows: api
    .input(batchRowsQuestion)
    .handler(({ context, input }) => context.window.batch.rows(input)),
  saveBatchReport: api.input(nothing).handler(({ context }) => context.window.batch.save()),
  discardBatch: api.input(nothing).handler(({ context }) => context.window.batch.discard()),
  readAudit: api.input(nothing).handler(({ context }) => context.window.audit.read()),
  runAudit: api.input(auditOrder).handler(({ context, input }) => context.window.audit.run(input)),
  stopAudit: api.input(nothing).handler(({ context }) => context.window.audit.stop()),
  listExportedFiles: api
    .input(auditFolder)
    .handler(({ context, input }) => context.window.audit.files(input)),
  readBackups: api.input(nothing).handler(({ context }) => context.window.backups.read()),
  makeBackup: api.input(nothing).handler(({ context }) => context.window.backups.make()),
  verifyBackup: api.input(backupName).handler(({ context, input }) => context.window.backups.verify(input)),
  stopBackup: api.input(nothing).handler(({ context }) => context.window.backups.stop()),
  restoreBackup: api.input(restoreAct).handler(({ context, input }) => context.window.backups.restore(input)),
  actOnDevice: api
    .input(
      z.strictObject({
        device: entry,
        verb: z.enum(deviceVerbs),
        reason: z.string().max(inputBounds.reason),
        by: by.optional(),
      }),
    )
    .handler(({ context, input }) => context.window.deviceActs.do(input)),
  drainOutlook: api.input(nothing).handler(({ context }) => context.window.drain.outlook()),
  pauseDrain: api.input(actWithReason).handler(({ context, input }) => context.window.drain.pause(input)),
  resumeDrain: api.input(actWithReason).handler(({ context, input }) => context.window.drain.resume(input)),
  tryDrainNow: api.input(nothing).handler(({ context }) => context.window.drain.tryNow()),
  clear: api.input(z.strictObject({ fixture })).handler(({ context, input }) => context.window.clear(input)),
  giveHierarchyPassword: api
    .input(
      z.strictObject({
        fixture,
        password: z.string().min(1).max(inputBounds.password),
        by: by.exactOptional(),
      }),
    )
    .handler(({ context, input }) => context.window.passwords.give(input)),
  forgetHierarchyPassword: api
    .input(z.strictObject({ fixture }))
    .handler(({ context, input }) => context.window.passwords.forget(input)),
  signIn: api
    .input(z.union([z.strictObject({ badge }), by]))
    .handler(({ context, input }) => context.window.signIn(input)),
  resume: api
    .input(z.strictObject({ secret: z.string().min(1).max(inputBounds.id) }))
    .handler(({ context, input }) => context.window.resume(input)),
  lock: api.input(nothing).handler(({ context }) => context.window.lock()),
  stay: api.input(nothing).handler(({ context }) => context.window.stay()),
  addFirstSupervisor: api
    .input(z.strictObject({ id, name, pin, badge: badge.optional() }))
    .handler(({ context, input }) => context.window.addFirstSupervisor(input)),
  readSettings: api.input(nothing).handler(({ context }) => context.window.settings.read()),
  checkSettings: api
    .input(settingsInput)
    .handler(({ context, input }) => context.window.settings.check(input)),
  saveSettings: api.input(settingsInput).handler(({ context, input }) => context.window.settings.save(input)),
  testFixture: api
    .input(fixtureTest)
    .handler(({ context, input }) => context.window.settings.testFixture(input)),
  testDps: api.input(nothing).handler(({ context }) => context.window.settings.testDps()),
  previewProduct: api
    .input(productPreview)
    .handler(({ context, input }) => context.window.settings.preview(input)),
  setDpsKey: api.input(dpsKey).handler(({ context, input }) => context.window.settings.setDpsKey(input)),
  forgetDpsKey: api.input(nothing).handler(({ context }) => context.window.settings.forgetDpsKey()),
  readTrust: api.input(nothing).handler(({ context }) => context.window.settings.trust()),
  addTrusted: api.input(trustFile).handler(({ context, input }) => context.window.settings.addTrusted(input)),
  removeTrusted: api
    .input(trustName)
    .handler(({ context, input }) => context.window.settings.removeTrusted(input)),
  leaveKiosk: api.input(actWithReason).handler(({ context, input }) => context.window.leaveKiosk(input)),
  setOwnPin: api
    .input(z.strictObject({ pin, newPin: pin }))
    .handler(({ context, input }) => context.window.setOwnPin(input)),
  listPeople: api.input(nothing).handler(({ context }) => context.window.people.list()),
  addPerson: api
    .input(
      z.strictObject({
        id,
        name,
        role: z.enum(roles),
        pin: pin.optional(),
        badge: badge.optional(),
        by: by.optional(),
      }),
    )
    .handler(({ context, input }) => context.window.people.add(input)),
  removePerson: api
    .input(z.strictObject({ id, by: by.optional() }))
    .handler(({ context, input }) => context.window.people.remove(input)),
  setPersonPin: api
    .input(z.strictObject({ id, pin, by: by.optional() }))
    .handler(({ context, input }) => context.window.people.setPin(input)),
};
