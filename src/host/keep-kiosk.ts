/**
 * Keeps a browser on the station: one that has gone, by a crash or by a key that closes windows, is opened again, while the
 * station and what it tests go on. Only the station's own end ends this, or browsers that go as soon as they come.
 */
import type { Kiosk } from './open-kiosk.ts';

export interface KeptKiosk {
  /** Opens a browser with an address that no other one has used. */
  readonly open: () => Promise<Kiosk>;
  /** Ends the browser, and this. */
  readonly signal: AbortSignal;
  readonly onReopen: () => void;
  /** Milliseconds that a browser lasts at least where it can show anything. */
  readonly lasting?: number;
}

/** Browsers in a row that did not last: then none will. */
const shortLives = 4;

/** @returns false where no browser lasted; rejects where one cannot be started at all */
export async function keepKiosk({ open, signal, onReopen, lasting = 3000 }: KeptKiosk): Promise<boolean> {
  let short = 0;
  while (!signal.aborted) {
    const opened = performance.now();
    const kiosk = await open();
    const close = () => void kiosk.close();
    if (signal.aborted) close();
    signal.addEventListener('abort', close, { once: true });
    await kiosk.ended;
    signal.removeEventListener('abort', close);
    if (signal.aborted) break;
    short = performance.now() - opened < lasting ? short + 1 : 0;
    if (short === shortLives) return false;
    onReopen();
  }
  return true;
}
