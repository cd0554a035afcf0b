/**
 * Who stands at one window (rule S1). While the station has no supervisor, nobody has to sign in; from then on a locked
 * window does nothing: whatever asks who is at work throws StationError `sign-in-needed`.
 */
import type { Actor, SignedIn } from '../access/authorize.ts';
import type { Hands, OneTimeSignIn } from '../access/hands.ts';
import { needsFirstSupervisor } from '../access/manage-people.ts';
import { idOf } from '../access/person-names.ts';
import { type Claim, signInWithPin } from '../access/sign-in.ts';
import type { WindowSignIn, WindowSignIns } from '../access/window-sign-ins.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import type { WhoView } from '../views.ts';
import { KIOSK_ACCOUNT } from './kiosk-account.ts';

export class PersonAtWindow implements Hands {
  readonly #core: StationCore;
  readonly #signIns: WindowSignIns;
  readonly #changed: (who: WhoView | undefined) => void;
  #signIn: WindowSignIn | undefined;
  #leaveSignIn = () => {};
  #told: string;
  #quiet = false;
  #left = false;

  /** @param changed somebody else is here now, or nobody */
  constructor(core: StationCore, signIns: WindowSignIns, changed: (who: WhoView | undefined) => void) {
    this.#core = core;
    this.#signIns = signIns;
    this.#changed = changed;
    this.#told = JSON.stringify(this.who() ?? null);
  }

  /** Undefined where nobody has to sign in. */
  who(): WhoView | undefined {
    if (needsFirstSupervisor(this.#core)) return undefined;
    const signIn = this.#signIn;
    const person = signIn?.lasts ? this.#core.ledger.persons.get(signIn.who.personId) : undefined;
    if (!signIn || !person?.role) return { state: 'locked' };
    const { account, role, name } = person;
    return { state: 'signed-in', id: idOf(account), name: name ?? '', role, proof: signIn.who.proof };
  }

  /** The random id of who does something here now; undefined where nobody has to sign in. A hand that does something is there. */
  atWork(): string | undefined {
    const who = this.who();
    if (!who) return undefined;
    if (who.state === 'locked') throw nobodySignedIn();
    this.stay();
    return this.#signIn?.who.personId;
  }

  account(): string {
    const personId = this.atWork();
    return personId === undefined ? KIOSK_ACCOUNT : this.#core.ledger.persons.get(personId)!.account;
  }

  async actor(by?: OneTimeSignIn): Promise<Actor> {
    const personId = this.atWork();
    if (by) {
      const { pin, ...claim } = by;
      return signInWithPin(this.#core, claim as Claim, pin);
    }
    return personId === undefined ? { proof: 'account', account: KIOSK_ACCOUNT } : this.#signIn!.who;
  }

  /** What ends with this person's sign-in is bound to it. Throws `sign-in-needed` where it has ended. */
  lasting(): WindowSignIn {
    if (!this.#signIn?.lasts) throw nobodySignedIn();
    return this.#signIn;
  }

  /** In place of whoever was here; gives the secret by which this window finds the sign-in again. */
  begin(who: SignedIn): string {
    const before = this.#signIn;
    const { signIn, secret } = this.#signIns.begin(who);
    this.#join(signIn);
    before?.end();
    return secret;
  }

  /** False where the sign-in of that secret has ended, or never was. */
  resume(secret: string): boolean {
    const found = this.#signIns.find(secret);
    if (found) this.#join(found);
    return found !== undefined;
  }

  lock(): void {
    this.#signIn?.end();
  }

  stay(): void {
    this.#signIn?.stay();
  }

  /** To be called after the ledger changed: somebody may have been removed, or the first supervisor made. */
  look(): void {
    if (this.#left || this.#quiet) return;
    const who = this.who();
    const text = JSON.stringify(who ?? null);
    if (text === this.#told) return;
    this.#told = text;
    this.#changed(who);
  }

  /** What changes meanwhile is told at its end, as one change. */
  async quietly<T>(work: () => Promise<T>): Promise<T> {
    this.#quiet = true;
    try {
      return await work();
    } finally {
      this.#quiet = false;
      this.look();
    }
  }

  /** The window is gone; the sign-in lasts, for whoever loads it again. */
  leave(): void {
    this.#left = true;
    this.#leaveSignIn();
  }

  #join(signIn: WindowSignIn): void {
    this.#leaveSignIn();
    this.#signIn = signIn;
    this.#leaveSignIn = signIn.onEnd(() => this.look());
    this.look();
  }
}

const nobodySignedIn = () => new StationError('sign-in-needed', 'nobody is signed in at this window');
