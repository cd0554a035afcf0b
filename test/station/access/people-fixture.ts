/** A station with a first supervisor, and a clock that the test moves. */
import './cheap-scrypt.ts';
import type { Actor } from '../../../src/station/access/authorize.ts';
import { addPerson } from '../../../src/station/access/manage-people.ts';
import { signInWithPin } from '../../../src/station/access/sign-in.ts';
import type { StationClock } from '../../../src/station/clock/station-clock.ts';
import type { StationCore } from '../../../src/station/open-core.ts';

export const owner: Actor = { proof: 'account', account: 'os:test' };
export const minaPin = '240817';

/** Makes the first supervisor and signs her in. */
export async function mina(core: StationCore): Promise<Actor> {
  await addPerson(core, { id: 'mina', name: 'Kim Mina', role: 'supervisor', pin: minaPin }, owner);
  return signInWithPin(core, { id: 'mina' }, minaPin);
}

export interface MovedClock extends StationClock {
  now: number;
}

export function movedClock(): MovedClock {
  return {
    now: Date.UTC(2026, 10, 20, 12),
    read() {
      return { at: this.now, bootId: 'boot', monotonicMs: 1, clock: 'synced' };
    },
  };
}
