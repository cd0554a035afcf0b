/** A service with a bad day: which faults of the emulator are armed for a round. */
import type { Random } from '../fuzz/random.ts';
import type { Fault } from './emulated-service.ts';

const garbled = ['text', 'bytes', 'nothing', 'other-json', 'page'];

type Draw = (random: Random) => Fault;

/** None of these lets a request be done after its sender gave up. */
const prompt: readonly Draw[] = [
  random => ({ kind: 'offline', probability: chance(random, 30) }),
  random => ({ kind: 'reply-dropped', probability: chance(random, 60) }),
  random => ({ kind: 'reply-dropped', operations: ['bulk'], requests: 1 + random.below(2) }),
  random => ({ kind: 'server-error', probability: chance(random, 30) }),
  random => ({ kind: 'server-error', probability: chance(random, 30), status: 503, retryAfterS: 1 }),
  random => ({ kind: 'throttled', probability: chance(random, 20), retryAfterS: 1 }),
  random => ({ kind: 'cut', probability: chance(random, 50) }),
  random => ({ kind: 'garbage', probability: chance(random, 40), body: random.pick(garbled) }),
  random => ({ kind: 'hang', work: random.pick(['done', 'undone']), requests: 1 }),
  random => ({ kind: 'refused', durationMs: 50 + random.below(600) }),
  random => ({ kind: 'unauthorized', requests: 1 + random.below(2) }),
  random => ({ kind: 'forbidden', probability: chance(random, 10) }),
  random => ({ kind: 'wrong-clock', skewS: random.pick([-7200, 7200]), requests: 4 }),
];
const late: readonly Draw[] = [
  random => ({ kind: 'slow', probability: chance(random, 100), delayMs: 5 + random.below(150) }),
  random => ({ kind: 'slow', operations: ['bulk'], requests: 2, delayMs: 500 + random.below(1000) }),
];
const most = 3;

/** @param mayBeLate also those by which a request is done long after its sender gave up */
export function badDay(random: Random, mayBeLate: boolean): Fault[] {
  const kinds = mayBeLate ? [...prompt, ...late] : prompt;
  return Array.from({ length: random.below(most + 1) }, () => {
    const fault = random.pick(kinds)(random);
    return 'probability' in fault ? { ...fault, seed: random.u32() } : fault;
  });
}

/** A probability up to so many hundredths. */
function chance(random: Random, hundredths: number): number {
  return (1 + random.below(hundredths)) / 100;
}
