/**
 * The station's API as its clients see it: the same for a browser over WebSocket and for Electron over a MessagePort.
 * Types and bounds only; nothing of the station runs where this is imported.
 */

import type { AuditAnswer, AuditOrder, ExportedFilesAnswer } from '../station/audit-desk/audit-view.ts';
import type { BackupAnswer, RestoreAct, RestoreAnswer } from '../station/backup/backup-view.ts';
import type {
  BatchAnswer,
  BatchPiece,
  BatchRow,
  BatchRowsQuestion,
  BatchSetting,
  BatchView,
} from '../station/batch-import/batch-view.ts';
import type { DeviceActAnswer, DeviceActInput } from '../station/devices/device-acts.ts';
import type {
  DeviceListPage,
  DevicePlace,
  DeviceQuestion,
  ShowDeviceAnswer,
} from '../station/kiosk/device-desk.ts';
import type { DrainAct, DrainAnswer, DrainOutlook } from '../station/kiosk/drain-control.ts';
import type {
  ClearAnswer,
  ScanAnswer,
  SignInAnswer,
  SignInInput,
  StartAnswer,
  StopAnswer,
} from '../station/kiosk/kiosk-station.ts';
import type { LastAttempt } from '../station/kiosk/last-attempts.ts';
import type { LeaveAct, LeaveAnswer } from '../station/kiosk/leave-kiosk.ts';
import type { ForgetPasswordAnswer, GivePassword, PasswordAnswer } from '../station/kiosk/password-desk.ts';
import type {
  NewPerson,
  OneTimeSignIn,
  PeopleAnswer,
  PersonAnswer,
  PinAnswer,
} from '../station/kiosk/people-desk.ts';
import type {
  CertificateDebt,
  CompareAnswer,
  DebtPage,
  DeskDecision,
  QueueEntry,
  QueuePage,
  ResolveAnswer,
  RetryAnswer,
} from '../station/kiosk/queue-desk.ts';
import type { SettingsDesk } from '../station/kiosk/settings-view.ts';
import type { CompareAttemptAnswer, OverruleAnswer, OverruleInput } from '../station/kiosk/verdict-desk.ts';
import type {
  FindWorkOrderAnswer,
  NewWorkOrder,
  QuantityAct,
  WorkOrderAnswer,
  WorkOrderView,
} from '../station/kiosk/work-order-desk.ts';
import type { StoppedAnswer, StoppedRestore, StopView } from '../station/stop-view.ts';
import type { LiveEvent, StationView } from '../station/views.ts';

export type * from '../station/access/refusals.ts';
export type { Role } from '../station/access/roles.ts';
export type * from '../station/attempt/verdict.ts';
export type * from '../station/audit-desk/audit-view.ts';
export type * from '../station/backup/backup-view.ts';
export type * from '../station/batch-import/batch-view.ts';
export type * from '../station/devices/device-acts.ts';
export type * from '../station/kiosk/device-desk.ts';
export type * from '../station/kiosk/drain-control.ts';
export type * from '../station/kiosk/kiosk-station.ts';
export type * from '../station/kiosk/last-attempts.ts';
export type * from '../station/kiosk/leave-kiosk.ts';
export type * from '../station/kiosk/password-desk.ts';
export type * from '../station/kiosk/people-desk.ts';
export type * from '../station/kiosk/queue-desk.ts';
export type * from '../station/kiosk/settings-view.ts';
export type * from '../station/kiosk/verdict-desk.ts';
export type * from '../station/kiosk/work-order-desk.ts';
export type * from '../station/stop-view.ts';
export type * from '../station/views.ts';

/** What the router lets in at all, in characters; the station's own rules for a serial are narrower and have words. */
export const inputBounds = {
  text: 1024,
  fixture: 40,
  id: 64,
  pin: 128,
  reason: 400,
  page: 200,
  password: 256,
  badge: 256,
  workOrder: 240,
  name: 120,
  /** Base64 of one piece of a file. */
  piece: 48_000,
} as const;

export interface ApiCalls {
  view(): Promise<StationView>;
  scan(input: { text: string; fixture?: string }): Promise<ScanAnswer>;
  start(input: { fixture?: string }): Promise<StartAnswer>;
  stop(input: { fixture: string }): Promise<StopAnswer>;
  clear(input: { fixture: string }): Promise<ClearAnswer>;
}

/** The outbox and decisions on it; a decision may bring the id and PIN of who decides. */
export interface QueueCalls {
  listQueue(input: QueuePage): Promise<readonly QueueEntry[]>;
  compareEntry(input: { entry: string }): Promise<CompareAnswer>;
  retryEntry(input: { entry: string }): Promise<RetryAnswer>;
  resolveEntry(input: DeskDecision): Promise<ResolveAnswer>;
  listDebts(input: DebtPage): Promise<readonly CertificateDebt[]>;
}

/** Refused duplicates side by side, and a supervisor's decision on one. */
export interface VerdictCalls {
  compareAttempt(input: { harvest: string }): Promise<CompareAttemptAnswer>;
  overruleAttempt(input: OverruleInput): Promise<OverruleAnswer>;
}

/** Devices that the ledger knows, however many. A search that is given up rejects with its signal's reason. */
export interface DeviceCalls {
  findDevices(
    input: DeviceQuestion & { limit: number; after?: DevicePlace },
    options?: { signal?: AbortSignal },
  ): Promise<DeviceListPage>;
  showDevice(input: { id: string }): Promise<ShowDeviceAnswer>;
  actOnDevice(input: DeviceActInput): Promise<DeviceActAnswer>;
}

/** The station's work orders; another quantity may bring the id and PIN of who allows it. */
export interface WorkOrderCalls {
  listWorkOrders(): Promise<readonly WorkOrderView[]>;
  findWorkOrder(input: { text: string }): Promise<FindWorkOrderAnswer>;
  openWorkOrder(input: NewWorkOrder): Promise<WorkOrderAnswer>;
  chooseWorkOrder(input: { id: string }): Promise<WorkOrderAnswer>;
  setWorkOrderAside(): Promise<void>;
  closeWorkOrder(input: { id: string }): Promise<WorkOrderAnswer>;
  changeQuantity(input: QuantityAct): Promise<WorkOrderAnswer>;
  lastAttempts(input: { limit: number }): Promise<readonly LastAttempt[]>;
}

/** A file of keys on its way into the ledger; a supervisor's or an engineer's, as soon as people sign in. */
export interface BatchCalls {
  readBatch(): Promise<BatchView>;
  /** Pieces of at most `inputBounds.piece` characters, one after the other. */
  sendBatchFile(input: BatchPiece): Promise<BatchAnswer>;
  setBatch(input: BatchSetting): Promise<BatchAnswer>;
  runBatch(input: { dryRun: boolean }): Promise<BatchAnswer>;
  stopBatch(): Promise<BatchAnswer>;
  listBatchRows(input: BatchRowsQuestion): Promise<readonly BatchRow[]>;
  saveBatchReport(): Promise<BatchAnswer>;
  discardBatch(): Promise<BatchAnswer>;
}

/** The audit log, for supervisors, engineers and auditors; folders and files by their names. */
export interface AuditCalls {
  readAudit(): Promise<AuditAnswer>;
  runAudit(input: AuditOrder): Promise<AuditAnswer>;
  stopAudit(): Promise<AuditAnswer>;
  listExportedFiles(input: { folder: string }): Promise<ExportedFilesAnswer>;
}

/** Copies of the station, for supervisors and engineers; going on from one is a supervisor's. */
export interface BackupCalls {
  readBackups(): Promise<BackupAnswer>;
  makeBackup(): Promise<BackupAnswer>;
  verifyBackup(input: { name: string }): Promise<BackupAnswer>;
  stopBackup(): Promise<BackupAnswer>;
  restoreBackup(input: RestoreAct): Promise<RestoreAnswer>;
}

/** Where the station is not open: all that can be asked of it then. */
export interface StopCalls {
  openAgain(): Promise<StoppedAnswer>;
  restoreStopped(input: StoppedRestore): Promise<StoppedAnswer>;
  endStopped(): Promise<StoppedAnswer>;
}

/** In the stream of a station that is not open, in place of pictures and changes. */
export interface StopEvent {
  readonly kind: 'stopped';
  readonly stop: StopView;
}

/** How the drain goes, and holding it back. */
export interface DrainCalls {
  drainOutlook(): Promise<DrainOutlook>;
  pauseDrain(input: DrainAct): Promise<DrainAnswer>;
  resumeDrain(input: DrainAct): Promise<DrainAnswer>;
  /** Asks DPS at once instead of at the next step. */
  tryDrainNow(): Promise<void>;
}

/** The password of a TPM's endorsement hierarchy, for one fixture; a supervisor's, as `PeopleCalls` are. */
export interface PasswordCalls {
  giveHierarchyPassword(input: GivePassword): Promise<PasswordAnswer>;
  forgetHierarchyPassword(input: { fixture: string }): Promise<ForgetPasswordAnswer>;
}

/** Who is at this window; `view().who` and its event say who. Calls that do something need somebody where people sign in. */
export interface AccessCalls {
  signIn(input: SignInInput): Promise<SignInAnswer>;
  /** With the secret of `signIn`, on another connection of the same window. */
  resume(input: { secret: string }): Promise<{ readonly ok: boolean }>;
  lock(): Promise<void>;
  stay(): Promise<void>;
  addFirstSupervisor(input: { id: string; name: string; pin: string; badge?: string }): Promise<SignInAnswer>;
  setOwnPin(input: { pin: string; newPin: string }): Promise<PinAnswer>;
  /** Where `view().canEnd`: the window, its host and the station end. */
  leaveKiosk(input: LeaveAct): Promise<LeaveAnswer>;
}

/** A supervisor's, who is signed in by PIN or is named in `by` for this one act. */
export interface PeopleCalls {
  listPeople(): Promise<PeopleAnswer>;
  addPerson(input: NewPerson & { by?: OneTimeSignIn }): Promise<PersonAnswer>;
  removePerson(input: { id: string; by?: OneTimeSignIn }): Promise<PersonAnswer>;
  setPersonPin(input: { id: string; pin: string; by?: OneTimeSignIn }): Promise<PinAnswer>;
}

/** The settings, of supervisors and engineers who signed in by PIN. */
export interface SettingsCalls {
  readSettings: SettingsDesk['read'];
  /** What is wrong with these and what would change, while somebody writes. */
  checkSettings: SettingsDesk['check'];
  saveSettings: SettingsDesk['save'];
  testFixture: SettingsDesk['testFixture'];
  testDps: SettingsDesk['testDps'];
  previewProduct: SettingsDesk['preview'];
  setDpsKey: SettingsDesk['setDpsKey'];
  forgetDpsKey: SettingsDesk['forgetDpsKey'];
  readTrust: SettingsDesk['trust'];
  addTrusted: SettingsDesk['addTrusted'];
  removeTrusted: SettingsDesk['removeTrusted'];
}

/** One connection. Every call and the stream end in an ApiError once it is closed; then connect again. */
export interface Api
  extends ApiCalls,
    BatchCalls,
    AuditCalls,
    BackupCalls,
    StopCalls,
    QueueCalls,
    VerdictCalls,
    DeviceCalls,
    WorkOrderCalls,
    DrainCalls,
    AccessCalls,
    PeopleCalls,
    SettingsCalls,
    PasswordCalls {
  /** The whole picture first, then every change; a client that falls behind is given the whole picture again. */
  live(): AsyncIterable<LiveEvent | StopEvent>;
  /** Resolves when the connection has ended, from whichever side. */
  readonly closed: Promise<void>;
  close(): void;
}

export type ApiErrorCode =
  /** The input does not fit its bounds. */
  | 'invalid-input'
  /** Nobody is signed in at this window; nothing was done. */
  | 'sign-in-needed'
  /** The connection is gone; whether the call was done is not known. */
  | 'closed'
  /** No answer in time; whether the call was done is not known. */
  | 'timeout'
  /** The station failed; its own log says how. */
  | 'failed';

export class ApiError extends Error {
  readonly code: ApiErrorCode;
  constructor(code: ApiErrorCode, message: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
  }
}
