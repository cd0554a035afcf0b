/** Hands of a line for a bench: at some fixtures there is always a harvest under way, over one window of the station. */
import type { Api, LiveEvent, StopEvent } from '../../src/api/contract.ts';

export interface Tested {
  /** Harvests that passed, the first or a later time. */
  readonly passed: number;
  /** Codes of those that did not, with their number. */
  readonly others: ReadonlyMap<string, number>;
}

export interface LineHands {
  tested(): Tested;
  /** Starts nothing more; resolves when the window is closed. */
  stop(): Promise<void>;
}

/** @param serialOf what is scanned next at this fixture; undefined: nothing more there */
export function workLine(
  api: Api,
  fixtures: readonly string[],
  serialOf: (fixture: string) => string | undefined | Promise<string | undefined>,
  onFault: (fault: unknown) => void,
): LineHands {
  let passed = 0;
  const others = new Map<string, number>();
  let stopped = false;
  const testNext = async (fixture: string) => {
    const text = stopped ? undefined : await serialOf(fixture);
    if (text === undefined || stopped) return;
    const scanned = await api.scan({ text, fixture });
    if (!scanned.ok) throw new Error(`the scan of ${text} was refused: ${scanned.code}`);
    await api.start({ fixture });
  };
  const report = (fault: unknown) => {
    if (!stopped) onFault(fault);
  };
  const take = (event: LiveEvent | StopEvent) => {
    if (event.kind !== 'fixture' || event.fixture.state !== 'decided') return;
    const { id, verdict } = event.fixture;
    if (!fixtures.includes(id)) return;
    if (verdict?.verdict === 'passed' || verdict?.verdict === 'retest') passed += 1;
    else others.set(verdict?.code ?? 'none', (others.get(verdict?.code ?? 'none') ?? 0) + 1);
    testNext(id).catch(report);
  };
  const follow = async () => {
    for await (const event of api.live()) {
      if (event.kind !== 'snapshot') {
        take(event);
        continue;
      }
      // The first one, or another after this window fell behind.
      for (const { id, state } of event.view.fixtures)
        if (fixtures.includes(id) && state !== 'running') testNext(id).catch(report);
    }
  };
  const following = follow().catch(report);
  return {
    tested: () => ({ passed, others }),
    stop: async () => {
      stopped = true;
      api.close();
      await following;
    },
  };
}
