/**
 * Giving a fixture the password of its TPM's endorsement hierarchy, at a window: a supervisor's, who is signed in or names
 * themselves for this one act. Expected refusals are values with a code; anything thrown is a fault of the station.
 */
import type { Actor } from '../access/authorize.ts';
import type { Hands, OneTimeSignIn } from '../access/hands.ts';
import type { AccessRefusalCode } from '../access/refusals.ts';
import type { FixtureView } from '../views.ts';
import { answering } from './desk-answer.ts';

export type PasswordRefusalCode =
  | AccessRefusalCode
  | 'sign-in-key-missing'
  | 'hierarchy-password-invalid'
  | 'unknown-fixture'
  | 'running';

export type PasswordAnswer =
  /** `started`: the device that had asked for it is tested again. */
  | { readonly ok: true; readonly started: boolean }
  | { readonly ok: false; readonly code: PasswordRefusalCode };

export type ForgetPasswordAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'unknown-fixture' };

export interface GivePassword {
  readonly fixture: string;
  /** As entered; never in an answer, a view or a fault. */
  readonly password: string;
  /** Who does it, where it is not who is signed in. */
  readonly by?: OneTimeSignIn;
}

export interface PasswordDesk {
  /** Kept for this fixture until this window locks. Where its device asked for it, that is tested again at once. */
  give(input: GivePassword): Promise<PasswordAnswer>;
  forget(input: { readonly fixture: string }): ForgetPasswordAnswer | Promise<ForgetPasswordAnswer>;
}

/** What the desk needs of the kiosk that has the fixtures. */
export interface PasswordsAtKiosk {
  readonly fixture: (id: string) => FixtureView | undefined;
  /** Throws StationError. */
  readonly keep: (fixture: string, password: string, who: Actor) => void;
  readonly forget: (fixture: string) => void;
  /** Tests the device that asked for a password again; false where none did. */
  readonly testAgain: (fixture: string) => boolean;
}

const answer = answering('hierarchy-password-invalid');

export function passwordDesk(hands: Hands, kiosk: PasswordsAtKiosk): PasswordDesk {
  return {
    give: ({ fixture, password, by }) =>
      answer<PasswordAnswer>(async () => {
        const who = await hands.actor(by);
        const view = kiosk.fixture(fixture);
        if (view === undefined) return { ok: false, code: 'unknown-fixture' };
        if (view.state === 'running') return { ok: false, code: 'running' };
        kiosk.keep(fixture, password, who);
        return { ok: true, started: kiosk.testAgain(fixture) };
      }),
    forget({ fixture }) {
      hands.account();
      if (kiosk.fixture(fixture) === undefined) return { ok: false, code: 'unknown-fixture' };
      kiosk.forget(fixture);
      return { ok: true };
    },
  };
}
