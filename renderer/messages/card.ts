/** Looks up a card by its name in the catalogue of the language on the screen. A name without a card does not compile. */
import { useTranslation } from 'react-i18next';
import {
  type AccessRefusalCode,
  ApiError,
  type ApiErrorCode,
  type AuditFaultCode,
  type AuditRefusalCode,
  type BackupFaultCode,
  type BackupRefusalCode,
  type BackupTrouble,
  type CauseCode,
  type PasswordRefusalCode,
  type StationFaultCode,
  type StationView,
  type VerdictCode,
  type VerdictView,
  type WorkOrderRefusalCode,
} from '../../src/api/contract.ts';
import type {
  AuditCode,
  BackupCode,
  Card,
  DeskCode,
  DpsCode,
  OrderCode,
  PeopleCode,
  PlaceRefusalCode,
  RefusalCode,
  SettingsCode,
  WarningCode,
} from './catalogue.ts';
import { en } from './en.ts';

export type CardName =
  | `verdict/${VerdictCode}`
  | `warning/${WarningCode}`
  | `dps/${DpsCode}`
  | `scan/${PlaceRefusalCode}`
  | `refusal/${RefusalCode}`
  | `access/${AccessRefusalCode}`
  | `personCard/${PeopleCode}`
  | `desk/${DeskCode}`
  | `auditCard/${AuditCode}`
  | `backupCard/${BackupCode}`
  | `backupTrouble/${BackupTrouble['kind']}`
  | `stopCard/${keyof typeof en.stopCard}`
  | `orderCard/${OrderCode}`
  | `settingsCard/${SettingsCode}`
  | `cause/${CauseCode}`
  | `call/${ApiErrorCode}`
  | `fault/${StationFaultCode | 'other'}`
  | 'notHere'
  | 'noFixtures'
  | 'unterminated';

/** The card of any refusal that a call about people or the outbox can give. */
export function refusalCard(code: AccessRefusalCode | PeopleCode | DeskCode): CardName {
  if (code in en.access) return `access/${code as AccessRefusalCode}`;
  return code in en.personCard ? `personCard/${code as PeopleCode}` : `desk/${code as DeskCode}`;
}

/** The card of a password that was not taken by the station. */
export function passwordCard(code: PasswordRefusalCode): CardName {
  switch (code) {
    case 'hierarchy-password-invalid':
    case 'unknown-fixture':
    case 'running':
      return `refusal/${code}`;
    default:
      return refusalCard(code);
  }
}

/** The card of any refusal that a call about work orders can give. */
export function orderCard(code: WorkOrderRefusalCode): CardName {
  return code in en.orderCard
    ? `orderCard/${code as OrderCode}`
    : refusalCard(code as Exclude<WorkOrderRefusalCode, OrderCode>);
}

/** The card of any refusal or fault of work on the audit log. */
export function auditCard(code: AuditRefusalCode | AuditFaultCode): CardName {
  return code in en.auditCard
    ? `auditCard/${code as AuditCode}`
    : refusalCard(code as Exclude<AuditRefusalCode, AuditCode>);
}

/** The card of any refusal or fault of work on the backups. */
export function backupCard(code: BackupRefusalCode | BackupFaultCode): CardName {
  return code in en.backupCard
    ? `backupCard/${code as BackupCode}`
    : refusalCard(code as Exclude<BackupRefusalCode, BackupCode>);
}

/** The card of a call that did not come through. */
export function callCard(error: unknown): CardName {
  return error instanceof ApiError ? `call/${error.code}` : 'call/failed';
}

/** What is put into the texts of a card: serials, fixture numbers, the fault's word. */
export type CardValues = Readonly<Record<string, string>>;
export type CardReader = (name: CardName, values?: CardValues) => Card;

export function useCard(): CardReader {
  const { t } = useTranslation();
  return (name, values = {}) => {
    // One path stands for all: every card has the same three texts, and CardName holds only names that exist.
    const text = (part: keyof Card) => t(`${name}/${part}` as 'unterminated/what', { text: '', ...values });
    return { title: text('title'), what: text('what'), do: text('do') };
  };
}

/** The card of a verdict, with the serial that the ledger has for this key, or that the device itself gave. */
export function useVerdictCard(): (verdict: VerdictView) => Card {
  const card = useCard();
  const { t } = useTranslation();
  const named = (serial: string | undefined) => (serial ? shortSerial(serial) : t('detail/another'));
  return ({ code, otherSerial, dutSerial }) =>
    card(`verdict/${code}`, { otherSerial: named(otherSerial), dutSerial: named(dutSerial) });
}

const ownCards: ReadonlySet<string> = new Set<StationFaultCode>([
  'ledger-full',
  'ledger-failed',
  'secret-store-locked',
]);
const hasCard = (fault: string): fault is StationFaultCode => ownCards.has(fault);

/** A fault of the station has a card of its own or the general one. */
export function useFaultCard(): (fault: NonNullable<StationView['fault']>) => Card {
  const card = useCard();
  return fault => (hasCard(fault) ? card(`fault/${fault}`) : card('fault/other', { fault }));
}

/** The end of a long serial, for a title: that is where serials differ. The whole one stands among the details. */
function shortSerial(serial: string): string {
  return serial.length <= 20 ? serial : `…${serial.slice(-16)}`;
}
