/**
 * `keyline start` where Electron is not: a station and its browser full screen on a virtual display. What ends one and must
 * not end the other, and how staff end both.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright';
import { en } from '../../renderer/messages/en.ts';
import { electronRuntime } from '../../src/cli/installation.ts';
import { openCore } from '../../src/station/open-core.ts';
import { missing } from '../parts.ts';
import { untilGone } from '../processes.ts';
import { scanByWedge } from '../renderer/scan-by-wedge.ts';
import { browserPath, root } from '../standin/run-app.ts';
import { entriesOf } from '../station/station-fixture.ts';
import { type Ended, keyline } from './run-keyline.ts';

const skip =
  missing('chromium', 'xvfb') || (electronRuntime(root) !== undefined && 'starts in Electron, which is here');

describe('keyline start, in a browser', { skip }, () => {
  const ending: (() => unknown)[] = [];
  after(async () => {
    for (const end of ending) await end();
  });
  let dataDir: string;
  let profile: string;
  let display: string;
  let browserScript: string;
  before(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'keyline-start-'));
    ending.unshift(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
    dataDir = path.join(folder, 'station');
    profile = path.join(dataDir, 'kiosk-profile');
    await mkdir(dataDir);
    // Takes the connection and says nothing: a test there runs until it is stopped.
    const silent = createServer(socket => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    ending.unshift(() => silent.close());
    const bridge = `swtpm:host=127.0.0.1,port=${(silent.address() as AddressInfo).port}`;
    await writeFile(
      path.join(dataDir, 'keyline.json'),
      JSON.stringify({ fixtures: [{ id: 'left', bridge, commandSeconds: 60 }] }),
    );
    // A browser whose window the test can look into.
    browserScript = path.join(folder, 'browser');
    await writeFile(
      browserScript,
      `#!/bin/sh\nexec ${browserPath} --remote-debugging-port=0 --window-size=1280,800 "$@"\n`,
      { mode: 0o755 },
    );
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    ending.push(() => server.kill());
    const [number] = await once(server.stdio[3]!, 'data');
    display = `:${String(number).trim()}`;
  });

  function start(): { child: ChildProcess; ended: Promise<Ended> } {
    let child!: ChildProcess;
    const ended = keyline(['start'], {
      dataDir,
      env: { DISPLAY: display, KEYLINE_BROWSER: browserScript, KEYLINE_REHEARSAL: '1' },
      started: process => {
        child = process;
      },
    });
    ending.unshift(() => child.kill('SIGKILL'));
    return { child, ended };
  }

  /** The browser's own process holds its profile by a link that names it. */
  async function browserOf(before?: number): Promise<number> {
    for (const end = Date.now() + 15_000; Date.now() < end; await pause(20)) {
      const name = await readlink(path.join(profile, 'SingletonLock')).catch(() => '');
      const pid = Number(name.split('-').at(-1));
      const mark = path.join(profile, 'DevToolsActivePort');
      if (pid > 0 && pid !== before && existsSync(`/proc/${pid}`) && existsSync(mark)) return pid;
    }
    throw new Error('no browser came');
  }

  async function look(): Promise<{ browser: Browser; page: Page }> {
    for (const end = Date.now() + 15_000; ; await pause(50)) {
      try {
        const [port] = (await readFile(path.join(profile, 'DevToolsActivePort'), 'utf8')).split('\n');
        const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { timeout: 2000 });
        const page = browser.contexts()[0]?.pages()[0];
        if (page) {
          page.setDefaultTimeout(10_000);
          await page.locator('.tiles').waitFor();
          return { browser, page };
        }
        await browser.close();
      } catch (error) {
        if (Date.now() > end) throw error;
      }
    }
  }

  test('a station that is killed takes its browser along, so that the next start has the screen', async () => {
    const first = start();
    const browser = await browserOf();
    first.child.kill('SIGKILL');
    await first.ended;
    await untilGone([browser]);
    await rm(path.join(profile, 'DevToolsActivePort'), { force: true });
  });

  test('a browser that is killed comes back to the same run; staff end the kiosk once nothing is under test', async () => {
    const { child, ended } = start();
    const killed = await browserOf();
    const before = await look();
    await scanByWedge(before.page, 'SN-1');
    await before.page.locator('.tile-armed').waitFor();
    await before.page.keyboard.press('F1');
    await before.page.locator('.tile-running').waitFor();
    await before.browser.close();
    await rm(path.join(profile, 'DevToolsActivePort'), { force: true });
    process.kill(killed, 'SIGKILL');
    const reopened = await browserOf(killed);
    assert.equal(child.exitCode, null);

    const { page } = await look();
    await page.locator('.tile-running .serial-tail', { hasText: 'SN-1' }).waitFor();
    await page.keyboard.press('F10');
    await page.getByRole('button', { name: en.leave.open }).click();
    const dialog = page.getByRole('dialog', { name: en.leave.open });
    await dialog.getByText(en.leave.running_one.replace('{{count}}', '1')).waitFor();
    assert.equal(await dialog.locator('.button-main').isEnabled(), false);
    await page.keyboard.press('Escape');
    await page.locator('.tile-running').getByRole('button', { name: en.tile.stop }).click();
    await page.locator('.tile-decided').waitFor();
    await page.keyboard.press('F10');
    await page.getByRole('button', { name: en.leave.open }).click();
    await dialog.locator('.button-main:enabled').click();
    const { code, stderr } = await ended;
    assert.equal(code, 0, stderr);
    assert.match(stderr, /the browser has gone and is opened again/);
    await untilGone([reopened]);

    const core = openCore({ dataDirectory: dataDir });
    try {
      const entries = entriesOf(core).filter(entry => entry.type === 'harvest' || entry.type === 'kiosk');
      assert.deepEqual(
        entries.map(({ type, data }) => [type, data.code ?? data.change]),
        [
          ['harvest', 'cancelled'],
          ['kiosk', 'ended'],
        ],
      );
    } finally {
      core.close();
    }
  });
});
