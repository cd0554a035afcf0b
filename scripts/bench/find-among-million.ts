/** A ledger of very many devices: what the API takes to answer a search, and how the Devices screen scrolls. */
import path from 'node:path';
import { launchBrowser } from './bench-browser.ts';
import { withLargeStation } from './large-station.ts';
import type { Measurement } from './measurement.ts';
import { measureScrolling } from './scroll-trace.ts';
import { measureSearch } from './search-answers.ts';
import { withStationAtWork } from './station-at-work.ts';

/** The newest so many wait for DPS, as after a day without a network. */
const WAITING = 2000;
/** Nothing is at this bridge; nothing is asked of it. */
const configuration = { fixtures: [{ id: 'fixture-1', bridge: 'swtpm:host=127.0.0.1,port=9' }] };

/** @param amounts.rounds searches of each kind, and ten times as many strokes of each way to scroll */
export async function measureFinding(amounts: {
  readonly rounds: number;
  readonly devices: number;
}): Promise<readonly Measurement[]> {
  const { rounds, devices } = amounts;
  return withLargeStation(
    { devices, waiting: Math.min(WAITING, devices), configuration },
    ({ folder, dataDirectory }) =>
      withStationAtWork({ dataDirectory, rendererDir: path.join(folder, 'renderer') }, async station => {
        const api = await station.connect();
        const search = await measureSearch(api, { searchesOfAKind: rounds, devices });
        api.close();
        const browser = await launchBrowser();
        try {
          const scrolling = await measureScrolling(browser, await station.address(), {
            strokes: 10 * rounds,
            devices,
          });
          return [search, ...scrolling];
        } finally {
          await browser.close();
        }
      }),
  );
}
