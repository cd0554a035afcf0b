/**
 * Shows the station full screen in a browser with a profile of its own. The address holds the one-time token; it can be
 * read from the process list until it is used, and then is worth nothing. Alt+F4, Ctrl+T and the like stay the browser's.
 */
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';

export interface KioskOptions {
  /** From `findBrowser`. */
  readonly browser: string;
  /** From `startHost`. */
  readonly url: string;
  /** Made with mode 0700 where absent; no other browser may use it at the same time. */
  readonly profileDir: string;
  /** More flags for the browser: a window's size, a debugging port. */
  readonly flags?: readonly string[];
}

export interface Kiosk {
  /** Resolves with the exit code when the browser has gone, null when a signal ended it; rejects if it did not start. */
  readonly ended: Promise<number | null>;
  /** Asks the browser to end and waits for it. */
  close(): Promise<void>;
}

/**
 * Why each: no first-run pages, nothing fetched from outside, no gestures that leave the page, no bubbles over it, an end
 * with the station.
 */
export const kioskFlags: readonly string[] = [
  '--kiosk',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-features=Translate,MediaRouter',
  '--disable-pinch',
  '--overscroll-history-navigation=0',
  '--disable-session-crashed-bubble',
  '--noerrdialogs',
  '--password-store=basic',
  '--remote-debugging-pipe',
];

export async function openKiosk({ browser, url, profileDir, flags = [] }: KioskOptions): Promise<Kiosk> {
  await mkdir(profileDir, { recursive: true, mode: 0o700 });
  // Chromium refuses to run as root inside its own sandbox.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(
    browser,
    [`--user-data-dir=${profileDir}`, `--app=${url}`, ...kioskFlags, ...asRoot, ...flags],
    // The pipe of its DevTools, over which nothing is said. Chromium ends when its other end has gone: a station that was
    // killed leaves no window behind, which would show nothing more and keep the profile.
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => resolve(code));
  });
  return {
    ended,
    async close() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended.catch(() => {});
      clearTimeout(late);
    },
  };
}
