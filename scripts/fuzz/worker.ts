/**
 * Tries cases in a thread of its own, so that an endless loop or an unhandled rejection in the code under
 * test ends this thread and not its judge (`run-fuzz.ts`). Before each case it says in shared memory which one it is.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { FuzzCase, Kind } from './fuzz-case.ts';
import { openHarvestKinds } from './harvest-kinds.ts';
import { parserKinds } from './parsers.ts';
import { Random } from './random.ts';
import type { Tried, WorkOrder } from './run-fuzz.ts';
import { showCase } from './shared-case.ts';

const order = workerData as WorkOrder;
const tried = new Map<string, number>();
const harvest = await openHarvestKinds();
const kinds: Readonly<Record<string, Kind>> = { ...harvest.kinds, ...parserKinds };

/** What nobody waited for is a failure of the case that is running, or of the one before. */
let unhandled: { readonly reason: unknown } | undefined;
process.on('unhandledRejection', reason => {
  unhandled ??= { reason };
});

try {
  const failed = order.only === undefined ? await fuzz() : await attempt(order.only);
  parentPort!.postMessage({
    cases: Object.fromEntries(tried),
    ...(failed === undefined ? {} : { failed }),
  } satisfies Tried);
} finally {
  harvest.close();
}

async function fuzz(): Promise<string | undefined> {
  const endsAt = performance.now() + order.milliseconds;
  const rest = Object.entries(kinds);
  let number = 0;
  for (let round = 0; round < order.rounds; round++) {
    for (const [name, kind] of rest) {
      for (let nth = 0; nth < kind.weight; nth++) {
        if (performance.now() >= endsAt) return undefined;
        number += 1;
        const input = kind.make(new Random(order.seed + Math.imul(number, 0x9e3779b1)));
        const failed = await attempt({ kind: name, input });
        if (failed !== undefined) return failed;
      }
    }
    // Synchronous parsers leave no turn to a timer, or to a rejection that nobody waits for.
    await new Promise(setImmediate);
  }
  return undefined;
}

/** @returns what was broken */
async function attempt({ kind, input }: FuzzCase): Promise<string | undefined> {
  const known = kinds[kind];
  if (known === undefined) return `there is no kind ${kind}`;
  showCase(order.current, { kind, input });
  tried.set(kind, (tried.get(kind) ?? 0) + 1);
  try {
    await known.run(Buffer.from(input));
    await Promise.resolve();
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : `threw ${String(error)}`;
  }
  return unhandled === undefined ? undefined : `unhandled rejection: ${stackOf(unhandled.reason)}`;
}

function stackOf(reason: unknown): string {
  return reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
}
