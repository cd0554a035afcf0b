/**
 * Electron itself, where its runtime is installed (`npx install-electron`): `npm run test:electron`. It is looked for as
 * a file, because importing `electron` in Node, or launching without a path, would start its download.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { _electron, type ElectronApplication } from 'playwright';
import { stationSpec } from '../e2e/station-spec.ts';
import { missing } from '../parts.ts';
import { root } from '../standin/run-app.ts';

const place = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));
const pathFile = path.join(place, 'path.txt');
const electronPath =
  process.env.ELECTRON_PATH ??
  (existsSync(pathFile) ? path.join(place, 'dist', readFileSync(pathFile, 'utf8').trim()) : '');
const absent = existsSync(electronPath) ? false : 'Electron runtime not installed (npx install-electron)';

stationSpec({
  name: 'real Electron',
  skip: absent || missing('swtpm', 'swtpm-tools'),
  async open(dataDir) {
    const app = await _electron.launch({
      executablePath: electronPath,
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root],
      env: { ...(process.env as Record<string, string>), KEYLINE_DATA_DIR: dataDir, KEYLINE_REHEARSAL: '1' },
    });
    const page = await app.firstWindow();
    await assertConfined(app);
    return { page, drop: () => dropPort(app), close: () => app.close() };
  },
});

/** What only Electron itself can say of its window. */
async function assertConfined(app: ElectronApplication): Promise<void> {
  const page = await app.firstWindow();
  assert.equal(await page.evaluate(() => location.origin), 'app://keyline');
  const isKiosk = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isKiosk());
  assert.equal(isKiosk, true);
  await page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  await page.evaluate(() => void open('https://example.com/'));
  assert.equal(page.url(), 'app://keyline/');
  assert.equal(app.windows().length, 1);
}

/** Asks for a port in the page's name and throws it away: the page's own one ends. */
async function dropPort(app: ElectronApplication): Promise<void> {
  await app.evaluate(async ({ BrowserWindow, ipcMain }) => {
    const frame = BrowserWindow.getAllWindows()[0]?.webContents.mainFrame;
    await new Promise(postMessage => {
      const senderFrame = { url: frame?.url, parent: null, isDestroyed: () => false, postMessage };
      ipcMain.emit('keyline:open-port', { senderFrame });
    });
  });
}
