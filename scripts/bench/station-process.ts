/**
 * A station behind its host, as a process of its own: whoever started it asks by messages for an address, for its memory
 * (after a collection where Node was told to expose one), and for its end. Arguments: data directory, built screen.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { writeHeapSnapshot } from 'node:v8';
import { startHost } from '../../src/host/start-host.ts';
import { openStation } from '../../src/station/open-station.ts';

export type StationQuestion = 'address' | 'memory' | 'snapshot' | 'close';
export interface StationAnswers {
  readonly address: string;
  readonly memory: NodeJS.MemoryUsage;
  /** File. */
  readonly snapshot: string;
  readonly close: null;
}

const [dataDirectory, rendererDir] = process.argv.slice(2) as [string, string];
const station = await openStation({ dataDirectory });
const host = await startHost({ station: station.kiosk, rendererDir, onFault: console.error });

const answers = {
  address: () => host.newAddress(),
  memory: memoryThatStays,
  snapshot: () => writeHeapSnapshot(`${dataDirectory}/${Date.now()}.heapsnapshot`),
  close: async () => {
    await host.close();
    await station.close();
    return null;
  },
} satisfies { readonly [Q in StationQuestion]: () => StationAnswers[Q] | Promise<StationAnswers[Q]> };

process.on('message', async (question: StationQuestion) => {
  process.send!({ question, answer: await answers[question]() });
  if (question === 'close') process.disconnect!();
});
process.on('disconnect', () => process.exit());
process.send!({ question: 'ready' });

/** What one collection frees outside the heap counts after the next. */
async function memoryThatStays(): Promise<NodeJS.MemoryUsage> {
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    globalThis.gc?.();
    await turn();
    const memory = process.memoryUsage();
    const held = memory.heapUsed + memory.external;
    if (held >= before) return memory;
    before = held;
  }
}
