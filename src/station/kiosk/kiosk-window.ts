/**
 * One window of the kiosk: the station as whoever stands there may use it (rule S1). While the station has no supervisor,
 * nobody has to sign in. From then on a locked window shows everything and does nothing: runs go on, their verdicts come.
 * What comes in was typed or scanned by anybody.
 */
import type { Actor } from '../access/authorize.ts';
import { badgeDigest } from '../access/person-names.ts';
import { signInKey } from '../access/sign-in-key.ts';
import type { WindowSignIn, WindowSignIns } from '../access/window-sign-ins.ts';
import type { StationAudit } from '../audit-desk/audit-desk.ts';
import type { AuditDesk } from '../audit-desk/audit-view.ts';
import { backupDesk } from '../backup/backup-desk.ts';
import type { BackupDesk } from '../backup/backup-view.ts';
import type { StationBackups } from '../backup/station-backups.ts';
import type { StationBatch } from '../batch-import/batch-desk.ts';
import type { BatchDesk } from '../batch-import/batch-view.ts';
import { type DeviceActs, deviceActs } from '../devices/device-acts.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import type { LiveEvent, StationView, WhoView } from '../views.ts';
import type { DeviceDesk } from './device-desk.ts';
import { type DrainAtKiosk, type DrainControl, drainControl } from './drain-control.ts';
import type { FixtureBoard } from './fixture-board.ts';
import type {
  ClearAnswer,
  KioskStation,
  KioskWindow,
  ScanAnswer,
  StartAnswer,
  StopAnswer,
} from './kiosk-station.ts';
import { type LastAttempt, lastAttempts } from './last-attempts.ts';
import { type KioskToLeave, type LeaveAct, type LeaveAnswer, leaveKiosk } from './leave-kiosk.ts';
import { type PasswordDesk, type PasswordsAtKiosk, passwordDesk } from './password-desk.ts';
import { type PeopleDesk, peopleDesk } from './people-desk.ts';
import { PersonAtWindow } from './person-at-window.ts';
import { type QueueDesk, queueDesk } from './queue-desk.ts';
import { settingsDesk } from './settings-desk.ts';
import type { SettingsDesk } from './settings-view.ts';
import { type SignInDesk, signInDesk } from './sign-in-desk.ts';
import { type VerdictDesk, verdictDesk } from './verdict-desk.ts';
import { type WorkOrderDesk, workOrderDesk } from './work-order-desk.ts';

export interface WindowSetting {
  readonly core: StationCore;
  readonly station: Pick<KioskStation, 'view' | 'subscribe' | 'scan' | 'start' | 'stop' | 'clear'>;
  readonly signIns: WindowSignIns;
  readonly drain: DrainAtKiosk;
  readonly passwords: PasswordsAtWindows;
  readonly batch: StationBatch;
  readonly audit: StationAudit;
  readonly backups: StationBackups;
  readonly devices: DeviceDesk;
  readonly board: Pick<FixtureBoard, 'overrule' | 'view'>;
  /** The kiosk's own window, and not one that came over a network. */
  readonly own: boolean;
  readonly leaving: KioskToLeave;
  /** Something was written that all windows should know of. */
  readonly written: () => void;
  readonly closed: () => void;
}

/** As the desk needs it, but for the sign-in that a password ends with. */
export type PasswordsAtWindows = Pick<PasswordsAtKiosk, 'forget' | 'fixture'> & {
  readonly testAgain: (fixture: string, personId: string | undefined) => boolean;
  readonly keep: (fixture: string, password: string, who: Actor, signIn: WindowSignIn) => void;
};

export class WindowAtKiosk implements KioskWindow {
  readonly queue: QueueDesk;
  readonly drain: DrainControl;
  readonly people: PeopleDesk;
  readonly settings: SettingsDesk;
  readonly passwords: PasswordDesk;
  readonly workOrders: WorkOrderDesk;
  readonly batch: BatchDesk;
  readonly audit: AuditDesk;
  readonly backups: BackupDesk;
  readonly devices: DeviceDesk;
  readonly verdicts: VerdictDesk;
  readonly deviceActs: DeviceActs;
  readonly signIn: SignInDesk['signIn'];
  readonly addFirstSupervisor: SignInDesk['addFirstSupervisor'];
  readonly setOwnPin: SignInDesk['setOwnPin'];
  readonly #setting: WindowSetting;
  readonly #person: PersonAtWindow;
  readonly #listeners = new Set<(event: LiveEvent) => void>();

  constructor(setting: WindowSetting) {
    const { core, written } = setting;
    this.#setting = setting;
    const person = new PersonAtWindow(core, setting.signIns, who => this.#tellWho(who));
    this.#person = person;
    this.queue = queueDesk(core, person, written);
    this.drain = drainControl(core, person, setting.drain);
    this.workOrders = workOrderDesk(core, person, written);
    this.devices = setting.devices;
    this.batch = setting.batch.desk(person);
    this.audit = setting.audit.desk(person);
    this.backups = backupDesk(core, setting.backups, person, setting.own);
    this.deviceActs = deviceActs(core, person, written);
    this.verdicts = verdictDesk(core, person, setting.board, written);
    this.people = peopleDesk(core, person, written);
    this.settings = settingsDesk(core, person, setting.board, written);
    this.passwords = passwordDesk(person, {
      ...setting.passwords,
      // Who may give one is checked by the kiosk; somebody who locked the window meanwhile leaves none behind.
      keep: (fixture, password, who) => setting.passwords.keep(fixture, password, who, person.lasting()),
      testAgain: fixture => setting.passwords.testAgain(fixture, person.atWork()),
    });
    const desk = signInDesk(core, person, setting);
    this.signIn = desk.signIn;
    this.addFirstSupervisor = desk.addFirstSupervisor;
    this.setOwnPin = desk.setOwnPin;
  }

  view(): StationView {
    const who = this.#person.who();
    return {
      ...this.#setting.station.view(),
      ...(who && { who }),
      ...(this.#setting.leaving.end && { canEnd: true }),
    };
  }

  subscribe(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener);
    const unsubscribe = this.#setting.station.subscribe(listener);
    return () => {
      this.#listeners.delete(listener);
      unsubscribe();
    };
  }

  scan(input: { readonly text: string; readonly fixture?: string }): ScanAnswer | Promise<ScanAnswer> {
    const personId = this.#person.atWork();
    if (isBadge(this.#setting.core, input.text)) return { ok: false, code: 'badge-scanned' };
    return this.#setting.station.scan(input, personId);
  }

  start(input: { readonly fixture?: string }): StartAnswer | Promise<StartAnswer> {
    return this.#setting.station.start(input, this.#person.atWork());
  }

  stop(input: { readonly fixture: string }): StopAnswer | Promise<StopAnswer> {
    this.#person.atWork();
    return this.#setting.station.stop(input);
  }

  clear(input: { readonly fixture: string }): ClearAnswer | Promise<ClearAnswer> {
    this.#person.atWork();
    return this.#setting.station.clear(input);
  }

  lastAttempts({ limit }: { readonly limit: number }): readonly LastAttempt[] {
    this.#person.atWork();
    return lastAttempts(this.#setting.core, limit);
  }

  resume({ secret }: { readonly secret: string }): { readonly ok: boolean } {
    return { ok: this.#person.resume(secret) };
  }

  lock(): void {
    this.#person.lock();
  }

  stay(): void {
    this.#person.stay();
  }

  leaveKiosk(input: LeaveAct): Promise<LeaveAnswer> {
    const { core, leaving } = this.#setting;
    return leaveKiosk(core, this.#person, leaving, input);
  }

  /** To be called after the ledger changed: somebody may have been removed, or the first supervisor made. */
  look(): void {
    this.#person.look();
  }

  close(): void {
    this.#person.leave();
    this.#listeners.clear();
    this.#setting.closed();
  }

  #tellWho(who: WhoView | undefined): void {
    for (const listener of this.#listeners) listener({ kind: 'who', who: who ?? null });
  }
}

/** By what it begins with where badges have that; else as one that somebody here has. */
function isBadge(core: StationCore, text: string): boolean {
  const prefix = core.configuration.station.badgePrefix;
  if (prefix !== undefined) return text.startsWith(prefix);
  if (!core.ledger.persons.signingIn().some(person => person.badge_digest !== null)) return false;
  try {
    return core.ledger.persons.byBadge(badgeDigest(signInKey(core), text)) !== undefined;
  } catch (error) {
    // No badge looks like this, or the key is away: then nobody signs in by badge either.
    if (error instanceof StationError) return false;
    throw error;
  }
}
