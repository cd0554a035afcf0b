/** The cards that every language has for the station's codes: a code without a card does not compile. */
import type {
  AccessRefusalCode,
  ApiErrorCode,
  AuditFaultCode,
  AuditRefusalCode,
  BackupFaultCode,
  BackupRefusalCode,
  BackupTrouble,
  CauseCode,
  ClearAnswer,
  ConfigurationFaultCode,
  ConnectionView,
  DeskRefusalCode,
  DeviceActRefusalCode,
  LeaveRefusalCode,
  PasswordRefusalCode,
  ScanRefusalCode,
  SerialRefusalCode,
  SettingsRefusalCode,
  SignInRefusalCode,
  StartAnswer,
  StationFaultCode,
  StepView,
  StopAnswer,
  TrustChangeCode,
  VerdictCode,
  VerdictDeskRefusalCode,
  VerdictView,
  WorkOrderRefusalCode,
} from '../../src/api/contract.ts';

/** What happened and what to do now. `title` fits one line of a tile. */
export interface Card {
  readonly title: string;
  readonly what: string;
  readonly do: string;
}

type CodeOf<Answer> = Answer extends { readonly code: infer Code extends string } ? Code : never;

export type WarningCode = VerdictView['warnings'][number];
/** Answers to start, stop and clear, and to a TPM's password where it is not about who gives it. */
export type RefusalCode =
  | CodeOf<StartAnswer | StopAnswer | ClearAnswer>
  | Exclude<PasswordRefusalCode, AccessRefusalCode | 'sign-in-key-missing'>;
export type DpsCode = NonNullable<ConnectionView['code']>;
/** The refusals of a scan that are not about the serial itself: those have the verdict's card. */
export type PlaceRefusalCode = Exclude<ScanRefusalCode, SerialRefusalCode>;

/** Refusals around people and their signing in that are not about who asks. */
export type PeopleCode = Exclude<SignInRefusalCode, AccessRefusalCode>;

/** Refusals of the outbox's desk, of decisions on verdicts and devices, and of ending the kiosk, that are not about who asks. */
export type DeskCode = Exclude<
  DeskRefusalCode | VerdictDeskRefusalCode | DeviceActRefusalCode | LeaveRefusalCode,
  AccessRefusalCode | PeopleCode
>;

/** Refusals and faults of work on the audit log that are not about who asks. */
export type AuditCode = Exclude<AuditRefusalCode | AuditFaultCode, AccessRefusalCode | 'sign-in-key-missing'>;

/** Refusals and faults of work on the backups that are not about who asks, or why. */
export type BackupCode = Exclude<
  BackupRefusalCode | BackupFaultCode,
  AccessRefusalCode | 'sign-in-key-missing' | 'reason-invalid'
>;

/** Refusals about work orders that are not about who asks. */
export type OrderCode = Exclude<WorkOrderRefusalCode, AccessRefusalCode | PeopleCode | DeskCode>;

/** Refusals of the settings that are not about who asks, DPS, or a file of the trust store. */
export type SettingsCode = Exclude<
  SettingsRefusalCode,
  AccessRefusalCode | PeopleCode | DpsCode | TrustChangeCode
>;

export interface CodeCards {
  readonly word: Readonly<Record<VerdictView['verdict'], string>>;
  readonly step: Readonly<Record<StepView['step'], string>>;
  readonly stepState: Readonly<Record<StepView['state'], string>>;
  readonly connectionState: Readonly<Record<ConnectionView['state'], string>>;
  readonly verdict: Readonly<Record<VerdictCode, Card>>;
  readonly warning: Readonly<Record<WarningCode, Card>>;
  readonly dps: Readonly<Record<DpsCode, Card>>;
  readonly scan: Readonly<Record<PlaceRefusalCode, Card>>;
  readonly refusal: Readonly<Record<RefusalCode, Card>>;
  readonly access: Readonly<Record<AccessRefusalCode, Card>>;
  readonly personCard: Readonly<Record<PeopleCode, Card>>;
  readonly desk: Readonly<Record<DeskCode, Card>>;
  readonly auditCard: Readonly<Record<AuditCode, Card>>;
  readonly backupCard: Readonly<Record<BackupCode, Card>>;
  readonly backupTrouble: Readonly<Record<BackupTrouble['kind'], Card>>;
  readonly orderCard: Readonly<Record<OrderCode, Card>>;
  /** Why an entry of the outbox stopped. */
  readonly cause: Readonly<Record<CauseCode, Card>>;
  readonly call: Readonly<Record<ApiErrorCode, Card>>;
  readonly settingsCard: Readonly<Record<SettingsCode, Card>>;
  /** What is wrong with one setting, in a sentence. */
  readonly settingFault: Readonly<Record<ConfigurationFaultCode, string>>;
  readonly trustFault: Readonly<Record<TrustChangeCode, string>>;
  readonly fault: Readonly<Record<StationFaultCode | 'other', Card>>;
}
