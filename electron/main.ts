/**
 * Keyline as an Electron app: confine everything, open the station and the window, join the two by a MessagePort.
 * Bundled as CommonJS; no top-level await, which would keep Electron from ever becoming ready.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import {
  app,
  dialog,
  type IpcMainEvent,
  ipcMain,
  Menu,
  MessageChannelMain,
  powerSaveBlocker,
  session,
} from 'electron';
import { servePort } from '../src/api/serve.ts';
import { portWords } from '../src/api/window-words.ts';
import { defaultDataDirectory } from '../src/station/data-directory.ts';
import { openStation } from '../src/station/open-station.ts';
import { confinePages, confineSession } from './confine.ts';
import { openKioskWindow } from './kiosk-window.ts';
import { isScreenAddress, registerScreenScheme, serveScreen } from './screen-scheme.ts';

const dataDir = process.env.KEYLINE_DATA_DIR ?? defaultDataDirectory();
const reportFault = (fault: unknown) => console.error(fault);

app.enableSandbox();
app.commandLine.appendSwitch('disable-pinch');
registerScreenScheme();
confinePages();
// Chromium's own files, and with them the lock that keeps a second window from the same station.
const profile = path.join(dataDir, 'electron-profile');
mkdirSync(profile, { recursive: true, mode: 0o700 });
app.setPath('userData', profile);

if (app.requestSingleInstanceLock()) app.whenReady().then(run).catch(stopWith);
else app.quit();

function run(): void {
  Menu.setApplicationMenu(null);
  confineSession(session.defaultSession);
  serveScreen(path.join(app.getAppPath(), 'out', 'renderer'));
  powerSaveBlocker.start('prevent-display-sleep');

  const opening = openStation({ dataDirectory: dataDir });
  opening.catch(stopWith);
  let leaving = false;
  const window = openKioskWindow(() => leaving || !app.isPackaged);

  let closePort = () => {};
  ipcMain.on(portWords.open, async (event: IpcMainEvent) => {
    const frame = event.senderFrame;
    if (!frame || frame.parent || !isScreenAddress(frame.url)) return;
    const station = await opening.catch(() => undefined);
    if (!station || frame.isDestroyed()) return;
    closePort();
    const { port1, port2 } = new MessageChannelMain();
    closePort = servePort(port1, {
      station: station.kiosk,
      onFault: reportFault,
      ownWindow: true,
      endKiosk: () => app.quit(),
    });
    frame.postMessage(portWords.give, null, [port2]);
  });

  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('window-all-closed', () => app.quit());
  let closed = false;
  app.on('before-quit', event => {
    if (closed) return;
    event.preventDefault();
    if (leaving) return;
    leaving = true;
    opening
      .then(station => station.close().catch(reportFault))
      .catch(() => {}) // It never opened, and `stopWith` has said so.
      .finally(() => {
        closed = true;
        app.quit();
      });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
}

/** S4: a station that cannot open says why and what to do, and stops. */
function stopWith(fault: unknown): void {
  const hint = fault instanceof Error && 'hint' in fault ? `\n\n${fault.hint}` : '';
  dialog.showErrorBox('Keyline cannot start', `${fault instanceof Error ? fault.message : fault}${hint}`);
  app.exit(1);
}
