/**
 * Who may sign in at this station. The first person is a supervisor, made by whoever owns the account that the data
 * directory belongs to; from then on people are a supervisor's matter (rule S1). Every change is in the audit, with
 * random ids and the role only (rule A1).
 */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import type { PersonRow } from '../../../db/rows.ts';
import type { PersonData } from '../../audit/entry-data.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { type Actor, authorize } from './authorize.ts';
import { accountOf, badgeDigest, checkId, checkName, idOf } from './person-names.ts';
import { hashPin, pinWeakness } from './pin.ts';
import type { Role } from './roles.ts';
import { signInKey } from './sign-in-key.ts';
import { pinDue } from './wrong-pins.ts';

export interface PersonView {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly hasBadge: boolean;
  readonly hasPin: boolean;
  /** Epoch milliseconds until which wrong PINs lock this person out; null where nothing does. */
  readonly lockedUntil: number | null;
  readonly addedAt: number;
}

export interface NewPerson {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Needed but for an operator with a badge. */
  readonly pin?: string | undefined;
  readonly badge?: string | undefined;
}

export function listPeople(core: StationCore): PersonView[] {
  const { at } = core.clock.read();
  return core.ledger.persons.signingIn().map(row => viewOf(row, at));
}

/** Whether the next person to be added, or to get a PIN, is the first supervisor. */
export function needsFirstSupervisor(core: StationCore): boolean {
  return !core.ledger.persons.signingIn().some(isSupervisor);
}

/** @throws StationError as `authorize` does; `first-supervisor`, `person-exists`, `badge-taken`, `person-invalid`, `pin-weak` */
export async function addPerson(core: StationCore, person: NewPerson, who: Actor): Promise<PersonView> {
  checkId(person.id);
  const name = checkName(person.name);
  if (person.pin === undefined && (person.role !== 'operator' || person.badge === undefined))
    throw new StationError('pin-weak', 'only an operator with a badge signs in without a PIN');
  const prefix = core.configuration.station.badgePrefix;
  if (prefix !== undefined && person.badge !== undefined && !person.badge.startsWith(prefix))
    throw new StationError('person-invalid', 'a badge of this plant begins with its badgePrefix');
  const key = signInKey(core);
  const badge_digest = person.badge === undefined ? null : badgeDigest(key, person.badge);
  const pin_hash = person.pin === undefined ? null : await hashOf(key, person.pin);
  return core.ledger.transaction(() => {
    const { persons } = core.ledger;
    const actor = needsFirstSupervisor(core)
      ? ownerMaking(core, person.role, who)
      : authorize(core, 'manage-people', who);
    const account = accountOf(person.id);
    if (persons.byAccount(account))
      throw new StationError('person-exists', `${person.id} is somebody already`);
    if (badge_digest !== null && persons.byBadge(badge_digest))
      throw new StationError('badge-taken', 'this badge is somebody’s already');
    const { at } = core.clock.read();
    const person_id = `person-${randomBytes(6).toString('hex')}`;
    const { role } = person;
    persons.enter({ person_id, account, created_at: at, name, role, badge_digest, pin_hash });
    record(core, actor, { subjectId: person_id, change: 'added', role });
    return viewOf(persons.get(person_id)!, at);
  });
}

/** Name, badge, PIN and id go; the random id in the audit stays (rule A1). */
export function removePerson(core: StationCore, id: string, who: Actor): PersonView {
  return core.ledger.transaction(() => {
    const actor = authorize(core, 'manage-people', who);
    const row = personNamed(core, id);
    const others = core.ledger.persons.signingIn().filter(each => each.person_id !== row.person_id);
    if (row.role === 'supervisor' && !others.some(isSupervisor))
      throw new StationError('last-supervisor', `${id} is the only supervisor`);
    record(core, actor, { subjectId: row.person_id, change: 'removed', role: row.role! });
    const { at } = core.clock.read();
    core.ledger.persons.remove(row.person_id, at);
    return viewOf(row, at);
  });
}

/**
 * One's own, signed in with the PIN of before, or anybody's as a supervisor. Ends a lock. Where no supervisor has a PIN,
 * as after a restore without the key of PINs, whoever owns the data directory gives the first one.
 */
export async function setPin(core: StationCore, id: string, pin: string, who: Actor): Promise<void> {
  const hash = await hashOf(signInKey(core), pin);
  core.ledger.transaction(() => {
    const row = personNamed(core, id);
    const own = who.proof === 'pin' && who.personId === row.person_id;
    const actor = own
      ? row.account
      : needsFirstSupervisor(core)
        ? ownerMaking(core, row.role!, who)
        : authorize(core, 'manage-people', who);
    core.ledger.persons.setPin(row.person_id, hash);
    record(core, actor, { subjectId: row.person_id, change: 'pin-set', role: row.role! });
  });
}

/** One who can sign in as such. */
const isSupervisor = (row: PersonRow): boolean => row.role === 'supervisor' && row.pin_hash !== null;

function record(core: StationCore, account: string, data: PersonData): void {
  const personId = personOf(core.ledger, account, core.clock.read().at);
  core.audit.append(core.identity, personId, { type: 'person', data });
}

async function hashOf(key: Buffer, pin: string): Promise<string> {
  const weakness = pinWeakness(pin);
  if (weakness !== undefined) throw new StationError('pin-weak', `this PIN is not taken: ${weakness}`);
  return hashPin(key, pin);
}

/** The account that may make the first supervisor, and nobody else. */
function ownerMaking(core: StationCore, role: Role, who: Actor): string {
  if (role !== 'supervisor') throw new StationError('first-supervisor', 'there is no supervisor yet');
  if (who.proof !== 'account' || !ownsDirectory(core.directory.path))
    throw new StationError('first-supervisor', 'this account does not own the data directory');
  return who.account;
}

/** Whether this process runs as the owner. Windows has no owner ids; there the directory's ACL lets nobody else in. */
export function ownsDirectory(directory: string): boolean {
  return process.geteuid === undefined || statSync(directory).uid === process.geteuid();
}

function personNamed(core: StationCore, id: string): PersonRow {
  const row = core.ledger.persons.byAccount(accountOf(id));
  if (!row)
    throw new StationError('person-unknown', `nobody here has the id ${JSON.stringify(id.slice(0, 80))}`);
  return row;
}

function viewOf(row: PersonRow, now: number): PersonView {
  const due = pinDue(row.pin_not_before, now);
  return {
    id: idOf(row.account),
    name: row.name!,
    role: row.role!,
    hasBadge: row.badge_digest !== null,
    hasPin: row.pin_hash !== null,
    lockedUntil: due > now ? due : null,
    addedAt: row.created_at,
  };
}
