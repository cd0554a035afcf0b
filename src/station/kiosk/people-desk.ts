/**
 * The people of a station as a screen works with them: list, add, remove, new PIN. Each is a supervisor's, who is signed in
 * or gives id or badge and PIN for this one act. Expected refusals are values with a code; anything thrown is a fault.
 */

import { authorize } from '../access/authorize.ts';
import type { Hands, OneTimeSignIn } from '../access/hands.ts';
import {
  addPerson,
  listPeople,
  type NewPerson,
  type PersonView,
  removePerson,
  setPin,
} from '../access/manage-people.ts';
import type { AccessRefusalCode } from '../access/refusals.ts';
import type { StationCore } from '../open-core.ts';
import { answering } from './desk-answer.ts';

export type { NewPerson, OneTimeSignIn, PersonView };

export type PeopleRefusalCode =
  | AccessRefusalCode
  | 'sign-in-key-missing'
  | 'first-supervisor'
  | 'last-supervisor'
  | 'person-invalid'
  | 'person-exists'
  | 'person-unknown'
  | 'badge-taken'
  | 'pin-weak';

export interface PeopleRefusal {
  readonly ok: false;
  readonly code: PeopleRefusalCode;
}

export type PeopleAnswer = { readonly ok: true; readonly people: readonly PersonView[] } | PeopleRefusal;
export type PersonAnswer = { readonly ok: true; readonly person: PersonView } | PeopleRefusal;
export type PinAnswer = { readonly ok: true } | PeopleRefusal;

interface By {
  /** Where it is not who is signed in. */
  readonly by?: OneTimeSignIn | undefined;
}

export interface PeopleDesk {
  list(): Promise<PeopleAnswer>;
  add(input: NewPerson & By): Promise<PersonAnswer>;
  remove(input: { readonly id: string } & By): Promise<PersonAnswer>;
  setPin(input: { readonly id: string; readonly pin: string } & By): Promise<PinAnswer>;
}

export const peopleAnswer = answering(
  'first-supervisor',
  'last-supervisor',
  'person-invalid',
  'person-exists',
  'person-unknown',
  'badge-taken',
  'pin-weak',
);

/** @param changed somebody came, went, or has another PIN */
export function peopleDesk(core: StationCore, hands: Hands, changed: () => void): PeopleDesk {
  return {
    list: () =>
      peopleAnswer(async () => {
        authorize(core, 'manage-people', await hands.actor());
        return { ok: true, people: listPeople(core) };
      }),
    add: ({ by, ...person }) =>
      peopleAnswer(async () => {
        const added = await addPerson(core, person, await hands.actor(by));
        changed();
        return { ok: true, person: added };
      }),
    remove: ({ id, by }) =>
      peopleAnswer(async () => {
        const removed = removePerson(core, id, await hands.actor(by));
        changed();
        return { ok: true, person: removed };
      }),
    setPin: ({ id, pin, by }) =>
      peopleAnswer(async () => {
        await setPin(core, id, pin, await hands.actor(by));
        changed();
        return { ok: true };
      }),
  };
}
