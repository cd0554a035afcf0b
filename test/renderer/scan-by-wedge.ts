/** A keyboard-wedge scanner for tests in a browser: the page cannot tell it from a real one. */
import type { Page } from 'playwright';
import { strokeOf } from './wedge-strokes.ts';

/** Milliseconds from key to key. */
const scannerPace = 5;

/**
 * Keys go in by the DevTools protocol, where `key` and `code` can differ as they do under an input method, and with the
 * time stamps of a scanner, however busy this machine is.
 */
export async function scanByWedge(
  page: Page,
  text: string,
  shown: (key: string) => string = key => key,
  /** Milliseconds that lie more between the first key and the rest. */
  stall = 0,
): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const keys = [...text, 'Enter'];
  // A page that is younger than the scan would see its first keys at its own beginning.
  await page.waitForFunction(span => performance.now() > span, keys.length * scannerPace + stall + 50);
  const began = Date.now() - keys.length * scannerPace - stall;
  const sent = keys.flatMap((name, index) => {
    const { code, shift } = strokeOf(name);
    const stroke = {
      code,
      key: name === 'Enter' ? name : shown(name),
      modifiers: shift ? 8 : 0,
      timestamp: (began + index * scannerPace + (index > 0 ? stall : 0)) / 1000,
    };
    // With its text, so that a page that does not hold it back acts on it: Enter presses the button in focus.
    const typed = name === 'Enter' ? '\r' : stroke.key.length === 1 ? stroke.key : '';
    return [
      cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', text: typed, ...stroke }),
      cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...stroke }),
    ];
  });
  await Promise.all(sent);
  await cdp.detach();
}
