/** Chromium for a bench, and when it painted something: in epoch milliseconds with fractions, as `now()` here. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright';
import { findBrowser } from '../../src/host/find-browser.ts';

export function launchBrowser(): Promise<Browser> {
  const { path: executablePath } = findBrowser(process.env, process.platform, existsSync);
  if (executablePath === undefined) throw new Error('no browser was found: apt-get install chromium');
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}

/** The same clock that the pages read. */
export const now = (): number => performance.timeOrigin + performance.now();

/** Does something and tells when the page had painted what the selector names; it is not there before. */
export async function paintAfter(page: Page, selector: string, act: () => Promise<unknown>): Promise<number> {
  await page.locator(selector).waitFor({ state: 'detached' });
  await page.evaluate(watchFor, selector);
  await act();
  return page.evaluate(() => Reflect.get(window, 'painted') as Promise<number>);
}

/**
 * Runs in the page. What a frame shows is painted when the first task after its animation callbacks runs. A change that one of
 * these makes is in that frame, any other in the next one; so all frames are followed until then, from before the change on.
 */
function watchFor(selector: string): void {
  const painted = new Promise<number>(resolve => {
    let isInFrame = false;
    let frame = 0;
    const afterFrame = (act: () => void) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = act;
      port2.postMessage(undefined);
    };
    const tell = () => afterFrame(() => resolve(performance.timeOrigin + performance.now()));
    const follow = () => {
      isInFrame = true;
      afterFrame(() => {
        isInFrame = false;
      });
      frame = requestAnimationFrame(follow);
    };
    const observer = new MutationObserver(() => {
      if (document.querySelector(selector) === null) return;
      observer.disconnect();
      cancelAnimationFrame(frame);
      if (isInFrame) tell();
      else requestAnimationFrame(tell);
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    frame = requestAnimationFrame(follow);
  });
  Reflect.set(window, 'painted', painted);
}

/** When the page painted its first text or picture (W3C Paint Timing, first-contentful-paint). */
export function firstPaint(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>(resolve => {
        new PerformanceObserver(list => {
          const [entry] = list.getEntriesByName('first-contentful-paint');
          if (entry) resolve(performance.timeOrigin + entry.startTime);
        }).observe({ type: 'paint', buffered: true });
      }),
  );
}
