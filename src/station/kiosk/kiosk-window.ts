/**
 * One window of the kiosk: the station as whoever stands there may use it (rule S1). While the station has no supervisor,
 * nobody has to sign in. From then on a locked window shows everything and does nothing: runs go on, their verdicts come.
 * What comes in was typed or scanned by anybody.
 */
import type { Actor } from '../access/authorize.ts';
import type { Hands, OneTimeSignIn } from '../access/hands.ts';
import { addPerson, needsFirstSupervisor, setPin } from '../access/manage-people.ts';
import { badgeDigest, idOf } from '../access/person-names.ts';
import { type Claim, SignInLocked, signInWithBadge, signInWithPin } from '../access/sign-in.ts';
import { signInKey } from '../access/sign-in-key.ts';
import type { WindowSignIn, WindowSignIns } from '../access/window-sign-ins.ts';
import type { StationAudit } from '../audit-desk/audit-desk.ts';
import type { AuditDesk } from '../audit-desk/audit-view.ts';
import type { StationBatch } from '../batch-import/batch-desk.ts';
import type { BatchDesk } from '../batch-import/batch-view.ts';
import { type DeviceActs, deviceActs } from '../devices/device-acts.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import type { LiveEvent, StationView, WhoView } from '../views.ts';
import type { DeviceDesk } from './device-desk.ts';
import { type DrainAtKiosk, type DrainControl, drainControl } from './drain-control.ts';
import type { FixtureBoard } from './fixture-board.ts';
import { KIOSK_ACCOUNT } from './kiosk-account.ts';
import type {
  ClearAnswer,
  KioskStation,
  KioskWindow,
  ScanAnswer,
  SignInAnswer,
  SignInInput,
  StartAnswer,
  StopAnswer,
} from './kiosk-station.ts';
import { type LastAttempt, lastAttempts } from './last-attempts.ts';
import { type KioskToLeave, type LeaveAct, type LeaveAnswer, leaveKiosk } from './leave-kiosk.ts';
import { type PasswordDesk, type PasswordsAtKiosk, passwordDesk } from './password-desk.ts';
import { type PeopleDesk, type PinAnswer, peopleAnswer, peopleDesk } from './people-desk.ts';
import { type QueueDesk, queueDesk } from './queue-desk.ts';
import { type SettingsDesk, settingsDesk } from './settings-desk.ts';
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
  readonly devices: DeviceDesk;
  readonly verdicts: VerdictDesk;
  readonly deviceActs: DeviceActs;
  readonly #setting: WindowSetting;
  readonly #hands: Hands;
  readonly #listeners = new Set<(event: LiveEvent) => void>();
  #signIn: WindowSignIn | undefined;
  #leaveSignIn = () => {};
  #told: string;
  #closed = false;
  /** The first supervisor is being made here, and signs in with that. */
  #becoming = false;

  constructor(setting: WindowSetting) {
    this.#setting = setting;
    this.#hands = { account: () => this.#account(), actor: by => this.#actor(by) };
    const hands = this.#hands;
    this.queue = queueDesk(setting.core, hands, setting.written);
    this.drain = drainControl(setting.core, hands, setting.drain);
    this.workOrders = workOrderDesk(setting.core, hands, setting.written);
    this.devices = setting.devices;
    this.batch = setting.batch.desk(hands);
    this.audit = setting.audit.desk(hands);
    this.deviceActs = deviceActs(setting.core, hands, setting.written);
    this.verdicts = verdictDesk(setting.core, hands, setting.board, setting.written);
    this.people = peopleDesk(setting.core, hands, setting.written);
    this.settings = settingsDesk(setting.core, hands, setting.board, setting.written);
    this.passwords = passwordDesk(hands, {
      ...setting.passwords,
      keep: (fixture, password, who) => this.#keepPassword(fixture, password, who),
      testAgain: fixture => setting.passwords.testAgain(fixture, this.#personAtWork()),
    });
    this.#told = JSON.stringify(this.#who() ?? null);
  }

  view(): StationView {
    const who = this.#who();
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
    const personId = this.#personAtWork();
    if (this.#isBadge(input.text)) return { ok: false, code: 'badge-scanned' };
    return this.#setting.station.scan(input, personId);
  }

  start(input: { readonly fixture?: string }): StartAnswer | Promise<StartAnswer> {
    return this.#setting.station.start(input, this.#personAtWork());
  }

  stop(input: { readonly fixture: string }): StopAnswer | Promise<StopAnswer> {
    this.#personAtWork();
    return this.#setting.station.stop(input);
  }

  clear(input: { readonly fixture: string }): ClearAnswer | Promise<ClearAnswer> {
    this.#personAtWork();
    return this.#setting.station.clear(input);
  }

  lastAttempts({ limit }: { readonly limit: number }): readonly LastAttempt[] {
    this.#account();
    return lastAttempts(this.#setting.core, limit);
  }

  async signIn(input: SignInInput): Promise<SignInAnswer> {
    const { core } = this.#setting;
    const prefix = core.configuration.station.badgePrefix;
    if ('badge' in input && prefix !== undefined && !input.badge.startsWith(prefix))
      return { ok: false, code: 'not-a-badge' };
    try {
      const { pin, ...claim } = input;
      const who =
        pin === undefined
          ? signInWithBadge(core, (claim as { badge: string }).badge)
          : await signInWithPin(core, claim as Claim, pin);
      return { ok: true, resume: this.#begin(this.#setting.signIns.begin(who)) };
    } catch (error) {
      return signInRefusal(error);
    }
  }

  resume({ secret }: { readonly secret: string }): { readonly ok: boolean } {
    const found = this.#setting.signIns.find(secret);
    if (found) this.#join(found);
    return { ok: found !== undefined };
  }

  lock(): void {
    this.#signIn?.end();
  }

  stay(): void {
    this.#signIn?.stay();
  }

  async addFirstSupervisor(person: {
    readonly id: string;
    readonly name: string;
    readonly pin: string;
    readonly badge?: string | undefined;
  }): Promise<SignInAnswer> {
    // Not locked in between, as the ledger alone would have it: a lock would send the screen away from what was being done.
    this.#becoming = true;
    try {
      return await this.#makeFirstSupervisor(person);
    } finally {
      this.#becoming = false;
      this.look();
    }
  }

  async #makeFirstSupervisor(
    person: Parameters<WindowAtKiosk['addFirstSupervisor']>[0],
  ): Promise<SignInAnswer> {
    const { core, own, written } = this.#setting;
    const made = await peopleAnswer(async () => {
      if (!own || !needsFirstSupervisor(core))
        throw new StationError('first-supervisor', 'made at the kiosk’s own window, and once');
      const account: Actor = { proof: 'account', account: KIOSK_ACCOUNT };
      await addPerson(core, { ...person, role: 'supervisor' }, account);
      return { ok: true } as const;
    });
    if (!made.ok) return made;
    const signedIn = await this.signIn({ id: person.id, pin: person.pin });
    written();
    return signedIn;
  }

  setOwnPin({ pin, newPin }: { readonly pin: string; readonly newPin: string }): Promise<PinAnswer> {
    const { core } = this.#setting;
    return peopleAnswer(async () => {
      const personId = this.#personAtWork();
      const person = personId === undefined ? undefined : core.ledger.persons.get(personId);
      if (!person) throw new StationError('sign-in-needed', 'nobody is signed in at this window');
      const id = idOf(person.account);
      await setPin(core, id, newPin, await signInWithPin(core, { id }, pin));
      return { ok: true } as const;
    });
  }

  leaveKiosk(input: LeaveAct): Promise<LeaveAnswer> {
    const { core, leaving } = this.#setting;
    return leaveKiosk(core, this.#hands, leaving, input);
  }

  /** To be called after the ledger changed: somebody may have been removed, or the first supervisor made. */
  look(): void {
    if (this.#closed || this.#becoming) return;
    const who = this.#who();
    const text = JSON.stringify(who ?? null);
    if (text === this.#told) return;
    this.#told = text;
    for (const listener of this.#listeners) listener({ kind: 'who', who: who ?? null });
  }

  close(): void {
    this.#closed = true;
    this.#leaveSignIn();
    this.#listeners.clear();
    this.#setting.closed();
  }

  #begin({ signIn, secret }: { readonly signIn: WindowSignIn; readonly secret: string }): string {
    const before = this.#signIn;
    this.#join(signIn);
    before?.end();
    return secret;
  }

  #join(signIn: WindowSignIn): void {
    this.#leaveSignIn();
    this.#signIn = signIn;
    this.#leaveSignIn = signIn.onEnd(() => this.look());
    this.look();
  }

  #who(): WhoView | undefined {
    const { core } = this.#setting;
    if (needsFirstSupervisor(core)) return undefined;
    const signIn = this.#signIn;
    const person = signIn?.lasts ? core.ledger.persons.get(signIn.who.personId) : undefined;
    if (!signIn || !person?.role) return { state: 'locked' };
    const { account, role, name } = person;
    return { state: 'signed-in', id: idOf(account), name: name ?? '', role, proof: signIn.who.proof };
  }

  /** Undefined where nobody has to sign in. A hand that does something is there. */
  #personAtWork(): string | undefined {
    const who = this.#who();
    if (!who) return undefined;
    if (who.state === 'locked')
      throw new StationError('sign-in-needed', 'nobody is signed in at this window');
    this.stay();
    return this.#signIn?.who.personId;
  }

  /** Who may give one is checked by the kiosk; somebody who locked the window meanwhile leaves none behind. */
  #keepPassword(fixture: string, password: string, who: Actor): void {
    const signIn = this.#signIn;
    if (!signIn?.lasts) throw new StationError('sign-in-needed', 'nobody is signed in at this window');
    this.#setting.passwords.keep(fixture, password, who, signIn);
  }

  #account(): string {
    const personId = this.#personAtWork();
    return personId === undefined ? KIOSK_ACCOUNT : this.#setting.core.ledger.persons.get(personId)!.account;
  }

  async #actor(by?: OneTimeSignIn): Promise<Actor> {
    const personId = this.#personAtWork();
    if (by) {
      const { pin, ...claim } = by;
      return signInWithPin(this.#setting.core, claim as Claim, pin);
    }
    return personId === undefined ? { proof: 'account', account: KIOSK_ACCOUNT } : this.#signIn!.who;
  }

  /** By what it begins with where badges have that; else as one that somebody here has. */
  #isBadge(text: string): boolean {
    const { core } = this.#setting;
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
}

function signInRefusal(error: unknown): SignInAnswer {
  if (error instanceof SignInLocked) return { ok: false, code: 'sign-in-locked', waitMs: error.waitMs };
  if (!(error instanceof StationError)) throw error;
  switch (error.code) {
    case 'sign-in-refused':
    case 'sign-in-key-missing':
      return { ok: false, code: error.code };
    // A badge that cannot be one.
    case 'person-invalid':
      return { ok: false, code: 'sign-in-refused' };
    default:
      throw error;
  }
}
