/**
 * Whose act a restore at a screen is (rule S1). At a running station that was asked of its ledger. Where no ledger can be opened,
 * the verified copy is asked: a supervisor of it with their PIN, which only the station's own key can check. A backup that this
 * station cannot have made is not asked at all (`known-log.ts`): in it anybody could be a supervisor. Wrong PINs slow down as at a sign-in, counted in a file, because no ledger is there.
 */
import path from 'node:path';
import { z } from 'zod';
import { accountOf, badgeDigest } from '../access/person-names.ts';
import { checkNobody, checkPin } from '../access/pin.ts';
import { actRoles, type Role } from '../access/roles.ts';
import { type Claim, SignInLocked } from '../access/sign-in.ts';
import { signInKey, signInSecret } from '../access/sign-in-key.ts';
import { pinDue, waitAfterPins } from '../access/wrong-pins.ts';
import type { DataDirectory } from '../data-directory.ts';
import { StationError } from '../errors.ts';
import { replaceFile } from '../export/write-once.ts';
import { readSmallFile } from '../read-small-file.ts';
import { refuseUnknownLog } from './known-log.ts';
import type { RestoredBy, RestoreOrder } from './restore-station.ts';

export type RestoringHand =
  /** Whom the running station allowed it. */
  | { readonly proof: 'allowed'; readonly by: RestoredBy }
  | { readonly proof: 'pin'; readonly claim: Claim; readonly pin: string; readonly reason: string }
  /** Whoever stands at the kiosk's own window, where nobody ever signed in. */
  | { readonly proof: 'none'; readonly account: string; readonly reason: string };

export const restorePinsFile = 'restore-pins.json';

export function admitAtScreen(directory: DataDirectory, hand: RestoringHand): RestoreOrder['admit'] {
  return async (copy, secrets) => {
    refuseUnknownLog(copy, directory, secrets);
    if (hand.proof === 'allowed') return hand.by;
    const people = copy.persons.signingIn();
    const keyIsThere = secrets.read(signInSecret) !== undefined;
    if (hand.proof === 'none') {
      if (keyIsThere || people.length > 0) throw new StationError('sign-in-needed', 'people sign in here');
      return hand;
    }
    if (!keyIsThere) throw new StationError('sign-in-key-missing', 'no PIN can be checked');
    const key = signInKey({ ledger: copy, secrets });
    countPin(directory);
    const { claim, pin, reason } = hand;
    const person =
      'id' in claim
        ? copy.persons.byAccount(accountOf(claim.id))
        : copy.persons.byBadge(badgeDigest(key, claim.badge));
    if (!person?.role || !person.pin_hash) {
      await checkNobody(key, pin);
      throw refused();
    }
    if ((await checkPin(key, pin, person.pin_hash)) === 'wrong') throw refused();
    forgivePins(directory);
    const allowed: readonly Role[] = actRoles['restore-station'];
    if (!allowed.includes(person.role))
      throw new StationError('role-missing', `restore-station is for: ${allowed.join(', ')}`);
    return { account: person.account, reason };
  };
}

const countSchema = z.object({ wrong: z.int().nonnegative(), notBefore: z.int() });
const LARGEST_BYTES = 1024;

/** Before it is looked at, as at a sign-in. @throws SignInLocked */
function countPin({ path: root }: DataDirectory): void {
  const now = Date.now();
  const { wrong, notBefore } = readCount(root);
  const due = pinDue(notBefore, now);
  if (due > now) throw new SignInLocked(due - now);
  write(root, { wrong: wrong + 1, notBefore: now + waitAfterPins(wrong + 1) });
}

function forgivePins({ path: root }: DataDirectory): void {
  write(root, { wrong: 0, notBefore: 0 });
}

function readCount(root: string): z.infer<typeof countSchema> {
  try {
    return countSchema.parse(JSON.parse(readSmallFile(path.join(root, restorePinsFile), LARGEST_BYTES)));
  } catch {
    return { wrong: 0, notBefore: 0 };
  }
}

function write(root: string, count: z.infer<typeof countSchema>): void {
  replaceFile(root, restorePinsFile, `${JSON.stringify(count)}\n`);
}

function refused(): StationError {
  return new StationError('sign-in-refused', 'no such person in the backup, or the PIN is wrong');
}
