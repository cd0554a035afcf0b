/**
 * What a technician at the Station screen waits for while everything else is at work: harvests at 16 fixtures on real
 * software TPMs, a drain to the DPS emulator and exports of the audit log, over a ledger of very many devices. At a
 * seventeenth fixture serials are scanned and typed. A key's time runs from the browser's own stamp of the event to the first
 * task after the next frame was painted, and so holds what the key waited for its turn; a scan's from the stamp of its last
 * key, since its others take the scanner's time, to the first task after the frame in which its tile was painted as ready.
 *
 * Station, drain, exports, Chromium (which draws in software without a display) and whoever presses the keys share this machine
 * as equals. What in a plant is other hardware gives way to them (other-machine.ts): TPMs, their links and the hands of the line,
 * a process of their own, and the DPS. Where that leaves the line too little to be one, nothing is reported. The TPMs answer over a link with a
 * round trip, because a real one takes a second for a harvest and swtpm milliseconds: else 16 TPMs would be measured.
 */
import path from 'node:path';
import { recordAttempt } from '../../src/station/attempt/record-attempt.ts';
import { openCore } from '../../src/station/open-core.ts';
import { launchBrowser } from './bench-browser.ts';
import { withDpsAtWork } from './dps-at-work.ts';
import { keepExporting } from './exports-at-work.ts';
import { type Place, scanOnScreen, scanToEvent, typeSerial, watchKeys } from './hands-at-screen.ts';
import { withLargeStation } from './large-station.ts';
import { type LineAtWork, withLineAtWork } from './line-at-work.ts';
import { type Measurement, measurement } from './measurement.ts';
import { sampleAttempts } from './sample-attempts.ts';
import { type StationAtWork, withStationAtWork } from './station-at-work.ts';

const HARVESTS_AT_ONCE = 16;
const LINK_MS = 40;
const ENTRIES = 100_000;
/** Of the backlog that is drained: the budget of a DPS lets 10,000 through in a minute, and a round takes about two seconds. */
const WAITING_PER_ROUND = 300;
const GOAL = { of: 'p95', atMost: 50 } as const;
/** Of all fixtures together: at each a harvest every other second, which is more than hands can do. */
const LEAST_HARVESTS_A_SECOND = 8;

const fixtureIds = Array.from({ length: HARVESTS_AT_ONCE + 1 }, (_, index) => `fixture-${index + 1}`);
const own = fixtureIds.at(-1)!;

/** @param amounts.rounds each a scan and a serial typed by hand */
export async function measureInput(amounts: {
  readonly rounds: number;
  readonly devices: number;
}): Promise<readonly Measurement[]> {
  const { rounds, devices } = amounts;
  return withLineAtWork({ tpms: HARVESTS_AT_ONCE, roundTripMs: LINK_MS }, line => {
    // Nothing is at the bridge of the fixture where only serials are scanned.
    const fixtures = fixtureIds.map((id, index) => ({
      id,
      bridge: line.bridges[index] ?? 'swtpm:host=127.0.0.1,port=9',
    }));
    const large = { devices, waiting: 0, entries: ENTRIES, configuration: { fixtures } };
    return withLargeStation(large, ({ folder, dataDirectory }) =>
      withDpsAtWork(path.join(folder, 'dps'), async ({ environment }) => {
        fillOutbox(dataDirectory, environment, rounds * WAITING_PER_ROUND);
        const options = { dataDirectory, rendererDir: path.join(folder, 'renderer'), env: environment };
        return withStationAtWork(options, station =>
          measureAtWork(station, line, { dataDirectory, rounds, devices }),
        );
      }),
    );
  });
}

/** Devices of their own, with documents that the emulator takes. */
function fillOutbox(
  dataDirectory: string,
  environment: Readonly<Record<string, string>>,
  count: number,
): void {
  const core = openCore({ dataDirectory, env: { ...environment, KEYLINE_SECRET_STORE: 'files' } });
  try {
    for (const attempt of sampleAttempts(count, core.configuration.products[0]!)) {
      const { verdict, code } = recordAttempt(core, attempt);
      if (verdict !== 'passed') throw new Error(`an attempt that should pass ended as ${verdict}: ${code}`);
    }
  } finally {
    core.close();
  }
}

async function measureAtWork(
  station: StationAtWork,
  line: LineAtWork,
  of: { readonly dataDirectory: string; readonly rounds: number; readonly devices: number },
): Promise<readonly Measurement[]> {
  const { rounds, devices } = of;
  const window = await station.connect();
  const browser = await launchBrowser();
  const exports = keepExporting(of.dataDirectory);
  line.begin(await station.address(), fixtureIds.slice(0, HARVESTS_AT_ONCE));
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.addInitScript(watchKeys);
    await page.goto(await station.address());
    await page
      .locator('.tile-running')
      .nth(HARVESTS_AT_ONCE / 2)
      .waitFor();
    const at: Place = { page, window, fixture: own };
    const scans: number[] = [];
    const events: number[] = [];
    await scanOnScreen(at, 'WARM-UP');
    await page.evaluate(() => {
      for (const name of ['keyTimes', 'longTasks']) Reflect.get(window, name).splice(0);
    });
    const { passed: passedBefore } = await line.tested();
    const before = { at: performance.now(), passed: passedBefore, ...(await window.view()).outbox };
    for (let round = 0; round < rounds; round += 1) {
      scans.push(await scanOnScreen(at, `TECH-${1000 + round}`));
      await typeSerial(at);
      events.push(await scanToEvent(at, `API-${1000 + round}`));
    }
    const keys = await page.evaluate(() => Reflect.get(window, 'keyTimes') as number[]);
    const long = await page.evaluate(() => Reflect.get(window, 'longTasks') as number[]);
    const seconds = (performance.now() - before.at) / 1000;
    const { passed, others } = await line.tested();
    const { outbox } = await window.view();
    const rate = (from: number, to: number) => ((to - from) / seconds).toFixed(1);
    if ((passed - before.passed) / seconds < LEAST_HARVESTS_A_SECOND)
      throw new Error(
        `only ${rate(before.passed, passed)} harvests/s: this machine has too little left for the line`,
      );
    const load = [
      `meanwhile: ${rate(before.passed, passed)} harvests/s passed at ${HARVESTS_AT_ONCE} fixtures (${LINK_MS} ms a round trip), ` +
        `${rate(before.enrolled, outbox.enrolled)} enrollments/s drained (${outbox.queued} left), ${exports.done()} exports of the log`,
      ...[...others].map(([code, times]) => `harvests that ended otherwise: ${times} × ${code}`),
    ];
    const over = `${devices} devices in the ledger`;
    return [
      measurement({
        name: `a key at the Station screen until the next paint, ${over}`,
        unit: 'ms',
        samples: keys,
        sampled: 'keys, scanned and typed',
        goal: GOAL,
        lines: [
          ...load,
          `tasks of the page over 50 ms: ${long.length}, the longest ${Math.max(0, ...long).toFixed(0)} ms`,
        ],
      }),
      measurement({
        name: `a scan’s last key at the Station screen until its tile is painted as ready, ${over}`,
        unit: 'ms',
        samples: scans,
        sampled: 'scans',
        goal: GOAL,
        lines: load,
      }),
      measurement({
        name: `a scan at the API until its event, ${over}`,
        unit: 'ms',
        samples: events,
        sampled: 'scans',
        goal: GOAL,
        lines: load,
      }),
    ];
  } finally {
    await browser.close();
    await line.stop();
    window.close();
    await exports.stop();
  }
}
