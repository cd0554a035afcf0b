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
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright';
import type { Api } from '../../src/api/contract.ts';
import { recordAttempt } from '../../src/station/attempt/record-attempt.ts';
import { openCore } from '../../src/station/open-core.ts';
import { launchBrowser, paintAfter } from './bench-browser.ts';
import { checkout } from './build-screen.ts';
import { withDpsAtWork } from './dps-at-work.ts';
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

/** Between two keys of a scanner: two reports of a keyboard at 250 a second. */
const SCANNING_MS = 8;
/** Of hands, not of a scanner; and until one that held the scanner is at the keys: an Enter right behind a scan is the scanner's. */
const TYPING_MS = 130;
const TO_KEYS_MS = 300;
const SCAN_DEADLINE_MS = 5_000;
const SCAN_TRIES = 5;
const TYPED = 'HAND-0042';

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
    const scans: number[] = [];
    const events: number[] = [];
    await scanOnScreen(page, window, 'WARM-UP');
    await page.evaluate(() => Reflect.get(window, 'keyTimes').splice(0));
    const { passed: passedBefore } = await line.tested();
    const before = { at: performance.now(), passed: passedBefore, ...(await window.view()).outbox };
    for (let round = 0; round < rounds; round += 1) {
      scans.push(await scanOnScreen(page, window, `TECH-${1000 + round}`));
      await typeSerial(page);
      events.push(await scanToEvent(window, `API-${1000 + round}`));
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
    const at = `${devices} devices in the ledger`;
    return [
      measurement({
        name: `a key at the Station screen until the next paint, ${at}`,
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
        name: `a scan’s last key at the Station screen until its tile is painted as ready, ${at}`,
        unit: 'ms',
        samples: scans,
        sampled: 'scans',
        goal: GOAL,
        lines: load,
      }),
      measurement({
        name: `a scan at the API until its event, ${at}`,
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

/** As a fast scanner would; taken back over `window`. @returns milliseconds from the stamp of its last key */
async function scanOnScreen(page: Page, window: Api, text: string): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const paintedAt = await Promise.race([
      scan(page, text),
      pause(SCAN_DEADLINE_MS, undefined, { ref: false }),
    ]);
    if (paintedAt !== undefined) {
      const lastKeyAt = await page.evaluate(() => Reflect.get(globalThis, 'lastKeyAt') as number);
      await window.clear({ fixture: own });
      await page.locator(`[data-fixture="${own}"].tile-idle`).waitFor();
      return paintedAt - lastKeyAt;
    }
    // What was held up on its way to the browser, by 100 ms and more, is no scan: it asks to be looked at, and is scanned again.
    if (tries === SCAN_TRIES)
      throw new Error('no scan arrives whole: this machine has too little left for whoever presses the keys');
    for (let layer = 0; layer < 2; layer += 1) await page.keyboard.press('Escape');
  }
}

/** @returns when its tile was painted as ready, in epoch milliseconds */
async function scan(page: Page, text: string): Promise<number> {
  const cdp = await page.context().newCDPSession(page);
  const keys = [...text].map(key => ({ key, code: codeOf(key), text: key }));
  const strokes = [...keys, { key: 'Enter', code: 'Enter', text: '\r' }];
  return paintAfter(page, `[data-fixture="${own}"].tile-armed`, async () => {
    const sent: Promise<unknown>[] = [];
    for (const stroke of strokes) {
      for (const type of ['keyDown', 'keyUp'] as const)
        sent.push(cdp.send('Input.dispatchKeyEvent', { type, ...stroke, modifiers: shiftOf(stroke.key) }));
      await pause(SCANNING_MS);
    }
    await Promise.all(sent);
    await cdp.detach();
  });
}

/** Of a US keyboard: capitals, digits and the hyphen. */
const codeOf = (key: string) => (key === '-' ? 'Minus' : /\d/.test(key) ? `Digit${key}` : `Key${key}`);
const SHIFT = 8;
const shiftOf = (key: string) => (/^[A-Z]$/.test(key) ? SHIFT : 0);

/** Into the field of the fixture, and away again. */
async function typeSerial(page: Page): Promise<void> {
  await pause(TO_KEYS_MS);
  await page.locator(`[data-fixture="${own}"]`).focus();
  await page.keyboard.press('Enter');
  await page.locator('.entry').waitFor();
  await page.keyboard.type(TYPED, { delay: TYPING_MS });
  await page.locator(`.entry input[value="${TYPED}"]`).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.entry').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
}

async function scanToEvent(window: Api, text: string): Promise<number> {
  const events = window.live()[Symbol.asyncIterator]();
  await events.next();
  const begun = performance.now();
  const scanned = window.scan({ text, fixture: own });
  for (;;) {
    const { value: event } = await events.next();
    if (event?.kind === 'fixture' && event.fixture.id === own && event.fixture.serial === text) break;
  }
  const took = performance.now() - begun;
  await scanned;
  await events.return?.(undefined);
  await window.clear({ fixture: own });
  return took;
}

/** One after the other, each a process of its own. */
function keepExporting(dataDirectory: string) {
  let done = 0;
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) {
      const out = path.join(dataDirectory, '..', 'exported.jsonl');
      const command = ['--data-dir', dataDirectory, 'audit', 'export', '--format', 'jsonl', '--out', out];
      const child = spawn(path.join(checkout, 'keyline'), command, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, KEYLINE_SECRET_STORE: 'files' },
      });
      const end = () => child.kill('SIGTERM');
      stopping.signal.addEventListener('abort', end, { once: true });
      const [code] = await once(child, 'exit');
      stopping.signal.removeEventListener('abort', end);
      if (code === 0) done += 1;
      else if (!stopping.signal.aborted) throw new Error(`an export ended with ${code}`);
    }
  };
  const running = run();
  running.catch(() => {});
  return {
    done: () => done,
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

/** Runs in the page before anything of it: from each key's own stamp to the paint of the next frame, the last stamp, and tasks over 50 ms. */
function watchKeys(): void {
  const keyTimes: number[] = [];
  const longTasks: number[] = [];
  Reflect.set(window, 'keyTimes', keyTimes);
  Reflect.set(window, 'longTasks', longTasks);
  window.addEventListener(
    'keydown',
    ({ timeStamp }) => {
      Reflect.set(window, 'lastKeyAt', performance.timeOrigin + timeStamp);
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => keyTimes.push(performance.now() - timeStamp);
        port2.postMessage(undefined);
      });
    },
    { capture: true },
  );
  new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) longTasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
}
