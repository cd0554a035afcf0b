/**
 * Signing in (rule S1): a badge alone makes an operator, a PIN whatever the person's role gives. What comes in was typed
 * or scanned by anybody. Wrong PINs slow down and then lock, over restarts; who is not known here is told nothing else
 * than who typed a wrong PIN, and as late.
 */
import type { PersonRow } from '../../../db/rows.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import type { SignedIn } from './authorize.ts';
import { accountOf, badgeDigest } from './person-names.ts';
import { checkNobody, checkPin, hashPin } from './pin.ts';
import { signInKey } from './sign-in-key.ts';
import { lockingPins, pinDue, waitAfterPins } from './wrong-pins.ts';

/** By the id that the person types, or by the text of the badge. */
export type Claim = { readonly id: string } | { readonly badge: string };

export class SignInLocked extends StationError {
  /** Milliseconds until the next PIN is looked at. */
  readonly waitMs: number;

  constructor(waitMs: number) {
    super('sign-in-locked', `too many wrong PINs; the next one in ${Math.ceil(waitMs / 1000)} s`);
    this.waitMs = waitMs;
  }
}

/** @throws StationError `sign-in-refused` (not known, or a wrong PIN), `sign-in-key-missing`; SignInLocked */
export async function signInWithPin(core: StationCore, claim: Claim, pin: string): Promise<SignedIn> {
  const key = signInKey(core);
  const known = claimed(core, claim, key);
  if (!known?.pin_hash) {
    await checkNobody(key, pin);
    throw refused();
  }
  const wrong = countAttempt(core, known.person_id);
  const checked = await checkPin(key, pin, known.pin_hash);
  if (checked === 'wrong') {
    if (wrong >= lockingPins) recordLock(core, known);
    throw refused();
  }
  const fresh = checked === 'outdated' ? await hashPin(key, pin) : known.pin_hash;
  core.ledger.transaction(() => {
    // Who was removed, or was given another PIN, while this one was looked at is not signed in by it.
    if (core.ledger.persons.get(known.person_id)?.pin_hash !== known.pin_hash) throw refused();
    core.ledger.persons.setPin(known.person_id, fresh);
  });
  return { proof: 'pin', personId: known.person_id };
}

/** Gives no more than an operator's rights, whatever the person's role (rule S1). */
export function signInWithBadge(core: StationCore, badge: string): SignedIn {
  const known = claimed(core, { badge }, signInKey(core));
  if (!known) throw refused();
  return { proof: 'badge', personId: known.person_id };
}

function claimed(core: StationCore, claim: Claim, key: Buffer): PersonRow | undefined {
  const { persons } = core.ledger;
  return 'id' in claim
    ? persons.byAccount(accountOf(claim.id))
    : persons.byBadge(badgeDigest(key, claim.badge));
}

/** Counts the PIN as wrong before it is looked at. @returns wrong PINs in a row, this one included */
function countAttempt(core: StationCore, personId: string): number {
  const { persons } = core.ledger;
  const { at } = core.clock.read();
  const counted = core.ledger.transaction(() => {
    const row = persons.get(personId);
    if (!row?.role) throw refused();
    const due = pinDue(row.pin_not_before, at);
    if (due > at) {
      persons.countPins(personId, row.wrong_pins, due);
      return { waitMs: due - at };
    }
    const wrong = row.wrong_pins + 1;
    persons.countPins(personId, wrong, at + waitAfterPins(wrong));
    return { wrong };
  });
  if (counted.wrong !== undefined) return counted.wrong;
  throw new SignInLocked(counted.waitMs);
}

function recordLock(core: StationCore, person: PersonRow): void {
  const { person_id: subjectId, role } = person;
  core.ledger.transaction(() => {
    core.audit.append(core.identity, subjectId, {
      type: 'person',
      data: { subjectId, change: 'locked', role: role! },
    });
  });
}

function refused(): StationError {
  return new StationError('sign-in-refused', 'the id or badge is not known here, or the PIN is wrong');
}
