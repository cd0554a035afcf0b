import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, chromium } from 'playwright';
import { findBrowser } from '../../src/host/find-browser.ts';
import { openKiosk } from '../../src/host/open-kiosk.ts';
import { startHost } from '../../src/host/start-host.ts';
import { scriptedStation, unexpected } from '../api/scripted-station.ts';
import { missing } from '../parts.ts';

const xvfb = '/usr/bin/Xvfb';
const browser = findBrowser(process.env, process.platform, existsSync).path;
const skip = missing('chromium', 'xvfb');

test('the kiosk fills the screen in a profile of its own, signed in, and ends when asked', {
  skip,
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'keyline-kiosk-'));
  const rendererDir = join(directory, 'renderer');
  await mkdir(rendererDir);
  await writeFile(join(rendererDir, 'index.html'), '<!doctype html><title>Keyline</title><h1>Keyline</h1>');
  const host = await startHost({ station: scriptedStation(), rendererDir, onFault: unexpected });
  // Xvfb picks a free display and says which on descriptor 3.
  const display = spawn(xvfb, ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((resolve, reject) => {
    display.stdio[3]?.once('data', data => resolve(String(data).trim()));
    display.once('exit', () => reject(new Error('Xvfb ended')));
  });
  const before = process.env.DISPLAY;
  process.env.DISPLAY = `:${number}`;
  try {
    const profileDir = join(directory, 'profile');
    const kiosk = await openKiosk({
      browser: browser as string,
      url: host.url,
      profileDir,
      // Without a window manager nothing else sets the window's size.
      flags: ['--remote-debugging-port=0', '--window-position=0,0', '--window-size=1280,800'],
    });
    try {
      const port = await devToolsPort(profileDir);
      const driven = await connect(`http://127.0.0.1:${port}`);
      const page = driven.contexts()[0]?.pages()[0];
      assert.ok(page);
      await page.getByRole('heading', { name: 'Keyline' }).waitFor();
      assert.equal(page.url(), `http://127.0.0.1:${host.port}/`, 'the token is gone from the address');
      assert.equal(await page.evaluate(() => matchMedia('(display-mode: fullscreen)').matches), true);
      assert.equal((await stat(profileDir)).mode & 0o777, 0o700);
      await driven.close();
    } finally {
      await kiosk.close();
    }
    await kiosk.ended;
  } finally {
    if (before === undefined) delete process.env.DISPLAY;
    else process.env.DISPLAY = before;
    display.removeAllListeners('exit');
    display.kill();
    await host.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** A browser that is just starting may accept the connection and say nothing more on it; the next one is answered. */
async function connect(address: string, triesLeft = 4): Promise<Browser> {
  try {
    return await chromium.connectOverCDP(address, { timeout: 8_000 });
  } catch (error) {
    if (triesLeft === 0) throw error;
    return connect(address, triesLeft - 1);
  }
}

async function devToolsPort(profileDir: string): Promise<string> {
  const file = join(profileDir, 'DevToolsActivePort');
  for (const end = Date.now() + 10_000; Date.now() < end; await delay(20)) {
    const [port] = existsSync(file) ? (await readFile(file, 'utf8')).split('\n') : [];
    if (port) return port;
  }
  throw new Error('the browser opened no debugging port');
}

test('a browser that cannot start is told', async () => {
  const profileDir = await mkdtemp(join(tmpdir(), 'keyline-kiosk-'));
  const kiosk = await openKiosk({ browser: '/nonexistent/browser', url: 'http://127.0.0.1:9/', profileDir });
  await assert.rejects(kiosk.ended, { code: 'ENOENT' });
  await rm(profileDir, { recursive: true });
});
