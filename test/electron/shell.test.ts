/**
 * The built Electron shell under the stand-in (not Electron): every setting of Electron's security checklist that can be
 * seen without its runtime, and the ways in and out of the app.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright';
import { missing } from '../parts.ts';
import { type BrowserWindow, recordedSession, standin } from '../standin/electron.ts';
import { type RunningApp, root, runApp } from '../standin/run-app.ts';

const skip = missing('chromium');
let dataDir: string;
let app: RunningApp;
let page: Page;
let window: BrowserWindow;

before(async () => {
  if (skip) return;
  dataDir = await mkdtemp(path.join(tmpdir(), 'keyline-shell-'));
  process.env.KEYLINE_REHEARSAL = '1';
  standin.isPackaged = true;
  app = await runApp(dataDir);
  page = await app.page();
  await page.waitForURL('https://keyline.app.test/');
  window = standin.windows[0] as BrowserWindow;
});
after(async () => {
  await app?.close();
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
});

test('stand-in, not Electron: S1 the window is a kiosk with a sandboxed, isolated page', { skip }, () => {
  assert.equal(standin.sandboxed, true);
  assert.deepEqual(standin.schemes, [
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  const { kiosk, show, webPreferences = {} } = window.options;
  assert.deepEqual([kiosk, show], [true, false]);
  const { preload, ...settings } = webPreferences;
  assert.equal(preload, path.join(root, 'out', 'preload.cjs'));
  assert.deepEqual(settings, {
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    autoplayPolicy: 'no-user-gesture-required',
    devTools: false,
  });
  assert.deepEqual(window.done, ['removeMenu', 'show']);
  assert.deepEqual(standin.menus, [null]);
  assert.deepEqual(standin.blockers, ['prevent-display-sleep']);
  assert.deepEqual(standin.switches, ['disable-pinch']);
});

test('stand-in, not Electron: S1 the page has nothing of Node or Electron', { skip }, async () => {
  const seen = await page.evaluate(() => ({
    node: ['require', 'process', 'module', 'Buffer', 'global', '__standinSend', '__standin'].filter(
      name => name in globalThis,
    ),
    keyline: JSON.stringify(globalThis.window.keyline),
    frozen: Object.isFrozen(globalThis.window.keyline),
  }));
  assert.deepEqual(seen, { node: [], keyline: '{"host":"electron"}', frozen: true });
});

test('stand-in, not Electron: S1 the policy of app:// stops foreign code and foreign places', {
  skip,
}, async () => {
  const stopped = await page.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', event => violations.push(event.effectiveDirective));
    const inline = document.createElement('script');
    inline.textContent = 'window.ran = true';
    document.head.append(inline);
    await fetch('https://example.com/').catch(() => {});
    const frame = document.createElement('iframe');
    frame.src = 'https://example.com/';
    document.body.append(frame);
    // Not eval itself: DevTools, through which this runs, lifts that part of the policy for its own call.
    setTimeout('window.ran = true');
    for (let waits = 0; waits < 500 && violations.length < 4 && !('ran' in window); waits++)
      await new Promise(resolve => setTimeout(resolve, 10));
    frame.remove();
    inline.remove();
    return { violations, ran: 'ran' in window };
  });
  assert.equal(stopped.ran, false);
  for (const directive of ['script-src-elem', 'connect-src', 'frame-src', 'script-src'])
    assert.ok(stopped.violations.includes(directive), `${directive} in ${stopped.violations}`);
  assert.deepEqual(standin.outside, []);
});

test('stand-in, not Electron: S1 the page cannot leave, open windows, or read beside the screen', {
  skip,
}, async () => {
  await page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  await page.evaluate(() => {
    location.href = 'https://other.app.test/';
  });
  assert.equal(page.url(), 'https://keyline.app.test/');
  assert.deepEqual(standin.outside, []);
  const opened = page.context().waitForEvent('page');
  await page.evaluate(() => void open('https://keyline.app.test/'));
  const popup = await opened;
  if (!popup.isClosed()) await popup.waitForEvent('close', { timeout: 5000 });
  assert.equal(page.context().pages().length, 1);
  const statuses = await page.evaluate(() =>
    Promise.all(
      ['/..%2f..%2fpackage.json', '/../main.cjs', '/%2e%2e/main.cjs'].map(
        async place => (await fetch(place)).status,
      ),
    ),
  );
  assert.deepEqual(statuses, [404, 404, 404]);
  const contents = window.webContents;
  assert.equal(contents.prevents('will-redirect', { url: 'https://example.com/' }), true);
  assert.equal(contents.prevents('will-redirect', { url: 'app://keyline/' }), false);
  assert.equal(contents.prevents('will-attach-webview'), true);
});

test('stand-in, not Electron: S1 no permission, no device, no download', { skip }, () => {
  const asked: boolean[] = [];
  recordedSession.permissionRequest?.({} as never, 'media', granted => asked.push(granted), {} as never);
  assert.deepEqual(asked, [false]);
  assert.equal(recordedSession.permissionCheck?.(null, 'media', '', {} as never), false);
  assert.equal(recordedSession.devicePermission?.({} as never), false);
  assert.equal(recordedSession.prevents('will-download'), true);
});

test('stand-in, not Electron: browser keys stop at the window, scanner and kiosk keys reach the page', {
  skip,
}, () => {
  const none = { control: false, meta: false, shift: false, alt: false };
  const stops = (code: string, keys: Partial<typeof none> = {}) =>
    window.webContents.prevents('before-input-event', {}, { ...none, ...keys, code });
  for (const code of ['KeyW', 'KeyR', 'KeyN', 'KeyT', 'KeyP', 'Equal', 'Minus', 'Digit0'])
    for (const key of ['control', 'meta']) assert.equal(stops(code, { [key]: true }), true, `${key}+${code}`);
  assert.equal(stops('KeyI', { control: true, shift: true }), true);
  assert.equal(stops('F4', { alt: true }), true, 'Alt+F4 of a packaged app');
  for (const code of ['F5', 'F11', 'F12']) assert.equal(stops(code), true, code);
  for (const code of ['F1', 'Escape', 'Enter', 'Digit0', 'KeyW', 'Minus'])
    assert.equal(stops(code), false, code);
  assert.equal(stops('BracketRight', { control: true }), false, "a scanner's group separator");
});

test('stand-in, not Electron: a packaged kiosk is not closed by its window, a second start shows it', {
  skip,
}, async () => {
  window.close();
  assert.equal(window.isDestroyed(), false);
  const { app: standinApp } = await import('../standin/electron.ts');
  standinApp.emit('second-instance');
  assert.equal(window.done.at(-1), 'focus');
  assert.equal((await stat(path.join(dataDir, 'electron-profile'))).mode & 0o777, 0o700);
});

test('stand-in, not Electron: a crashed page comes back', { skip }, async () => {
  await page.evaluate(() => {
    (window as unknown as { mark: number }).mark = 1;
  });
  const back = page.waitForEvent('load', { timeout: 10_000 });
  window.emit('unresponsive');
  await back;
  assert.equal(await page.evaluate(() => 'mark' in window), false);
});

test('stand-in, not Electron: S1 only the screen itself is given a port', { skip }, async () => {
  const { ipcMain } = await import('../standin/electron.ts');
  const given: string[] = [];
  const ask = (url: string, parent: object | null) => {
    const answered = Promise.withResolvers<void>();
    const postMessage = () => {
      given.push(url);
      answered.resolve();
    };
    const senderFrame = { url, parent, isDestroyed: () => false, postMessage };
    ipcMain.emit('keyline:open-port', { senderFrame });
    return answered.promise;
  };
  for (const url of ['https://example.com/', 'app://other/', 'https://keyline/', 'about:blank', ''])
    ask(url, null);
  ask('app://keyline/', {});
  ipcMain.emit('keyline:open-port', { senderFrame: null });
  await ask('app://keyline/', null);
  assert.deepEqual(given, ['app://keyline/']);
});
