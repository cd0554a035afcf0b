/**
 * Signing in at a window: by badge, by id or badge with PIN, as the first supervisor, and a new PIN of one's own. What comes
 * in was typed or scanned by anybody. Expected refusals are values with a code; anything thrown is a fault.
 */
import type { Actor } from '../access/authorize.ts';
import { addPerson, needsFirstSupervisor, setPin } from '../access/manage-people.ts';
import { idOf } from '../access/person-names.ts';
import { type Claim, SignInLocked, signInWithBadge, signInWithPin } from '../access/sign-in.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { KIOSK_ACCOUNT } from './kiosk-account.ts';
import type { KioskWindow, SignInAnswer, SignInInput } from './kiosk-station.ts';
import { peopleAnswer } from './people-desk.ts';
import type { PersonAtWindow } from './person-at-window.ts';

export type SignInDesk = Pick<KioskWindow, 'signIn' | 'addFirstSupervisor' | 'setOwnPin'>;

/** @param own the kiosk's own window, where alone the first supervisor is made */
export function signInDesk(
  core: StationCore,
  person: PersonAtWindow,
  { own, written }: { readonly own: boolean; readonly written: () => void },
): SignInDesk {
  const signIn = async (input: SignInInput): Promise<SignInAnswer> => {
    const prefix = core.configuration.station.badgePrefix;
    if ('badge' in input && prefix !== undefined && !input.badge.startsWith(prefix))
      return { ok: false, code: 'not-a-badge' };
    try {
      const { pin, ...claim } = input;
      const who =
        pin === undefined
          ? signInWithBadge(core, (claim as { badge: string }).badge)
          : await signInWithPin(core, claim as Claim, pin);
      return { ok: true, resume: person.begin(who) };
    } catch (error) {
      return signInRefusal(error);
    }
  };
  return {
    signIn,
    // Not locked in between, as the ledger alone would have it: a lock would send the screen away from what was being done.
    addFirstSupervisor: first =>
      person.quietly(async () => {
        const made = await peopleAnswer(async () => {
          if (!own || !needsFirstSupervisor(core))
            throw new StationError('first-supervisor', 'made at the kiosk’s own window, and once');
          const account: Actor = { proof: 'account', account: KIOSK_ACCOUNT };
          await addPerson(core, { ...first, role: 'supervisor' }, account);
          return { ok: true } as const;
        });
        if (!made.ok) return made;
        const signedIn = await signIn({ id: first.id, pin: first.pin });
        written();
        return signedIn;
      }),
    setOwnPin: ({ pin, newPin }) =>
      peopleAnswer(async () => {
        const personId = person.atWork();
        const own = personId === undefined ? undefined : core.ledger.persons.get(personId);
        if (!own) throw new StationError('sign-in-needed', 'nobody is signed in at this window');
        const id = idOf(own.account);
        await setPin(core, id, newPin, await signInWithPin(core, { id }, pin));
        return { ok: true } as const;
      }),
  };
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
