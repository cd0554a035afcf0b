/** Whoever scans and types at one fixture of the Station screen, and the times that they wait for it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright';
import type { Api } from '../../src/api/contract.ts';
import { paintAfter } from './bench-browser.ts';

/** A fixture that nobody else uses; what was scanned there is taken back over `window`. */
export interface Place {
  readonly page: Page;
  readonly window: Api;
  readonly fixture: string;
}

/** Between two keys of a scanner: two reports of a keyboard at 250 a second. */
const SCANNING_MS = 8;
/** Of hands, not of a scanner; and until one that held the scanner is at the keys: an Enter right behind a scan is the scanner's. */
const TYPING_MS = 130;
const TO_KEYS_MS = 300;
const SCAN_DEADLINE_MS = 5_000;
const SCAN_TRIES = 5;
const TYPED = 'HAND-0042';

/** As a fast scanner would. @returns milliseconds from the stamp of its last key */
export async function scanOnScreen({ page, window, fixture }: Place, text: string): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const paintedAt = await Promise.race([
      scan(page, fixture, text),
      pause(SCAN_DEADLINE_MS, undefined, { ref: false }),
    ]);
    if (paintedAt !== undefined) {
      const lastKeyAt = await page.evaluate(() => Reflect.get(globalThis, 'lastKeyAt') as number);
      await window.clear({ fixture });
      await page.locator(`[data-fixture="${fixture}"].tile-idle`).waitFor();
      return paintedAt - lastKeyAt;
    }
    // What was held up on its way to the browser, by 100 ms and more, is no scan: it asks to be looked at, and is scanned again.
    if (tries === SCAN_TRIES)
      throw new Error('no scan arrives whole: this machine has too little left for whoever presses the keys');
    for (let layer = 0; layer < 2; layer += 1) await page.keyboard.press('Escape');
  }
}

/** @returns when its tile was painted as ready, in epoch milliseconds */
async function scan(page: Page, fixture: string, text: string): Promise<number> {
  const cdp = await page.context().newCDPSession(page);
  const keys = [...text].map(key => ({ key, code: codeOf(key), text: key }));
  const strokes = [...keys, { key: 'Enter', code: 'Enter', text: '\r' }];
  return paintAfter(page, `[data-fixture="${fixture}"].tile-armed`, async () => {
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
export async function typeSerial({ page, fixture }: Place): Promise<void> {
  await pause(TO_KEYS_MS);
  await page.locator(`[data-fixture="${fixture}"]`).focus();
  await page.keyboard.press('Enter');
  await page.locator('.entry').waitFor();
  await page.keyboard.type(TYPED, { delay: TYPING_MS });
  await page.locator(`.entry input[value="${TYPED}"]`).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.entry').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
}

export async function scanToEvent({ window, fixture }: Place, text: string): Promise<number> {
  const events = window.live()[Symbol.asyncIterator]();
  await events.next();
  const begun = performance.now();
  const scanned = window.scan({ text, fixture });
  for (;;) {
    const { value: event } = await events.next();
    if (event?.kind === 'fixture' && event.fixture.id === fixture && event.fixture.serial === text) break;
  }
  const took = performance.now() - begun;
  await scanned;
  await events.return?.(undefined);
  await window.clear({ fixture });
  return took;
}

/** Runs in the page before anything of it: from each key's own stamp to the paint of the next frame, the last stamp, and tasks over 50 ms. */
export function watchKeys(): void {
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
