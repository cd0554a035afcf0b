/**
 * Keyline as an Electron app: confine everything, open the window, keep the station's process running, join the two by a
 * MessagePort. Bundled as CommonJS; no top-level await, which would keep Electron from ever becoming ready.
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
  type WebFrameMain,
} from 'electron';
import { portWords } from '../src/api/window-words.ts';
import { defaultDataDirectory } from '../src/station/data-directory.ts';
import { confinePages, confineSession } from './confine.ts';
import { openKioskWindow } from './kiosk-window.ts';
import { runCore } from './run-core.ts';
import { isScreenAddress, registerScreenScheme, serveScreen } from './screen-scheme.ts';

const dataDir = process.env.KEYLINE_DATA_DIR ?? defaultDataDirectory();

app.enableSandbox();
app.commandLine.appendSwitch('disable-pinch');
registerScreenScheme();
confinePages();
// Chromium's own files, and with them the lock that keeps a second window from the same station.
const profile = path.join(dataDir, 'electron-profile');
mkdirSync(profile, { recursive: true, mode: 0o700 });
app.setPath('userData', profile);

if (app.requestSingleInstanceLock())
  app
    .whenReady()
    .then(run)
    .catch(fault => stopWith(fault instanceof Error ? fault.message : String(fault)));
else app.quit();

function run(): void {
  Menu.setApplicationMenu(null);
  confineSession(session.defaultSession);
  serveScreen(path.join(app.getAppPath(), 'out', 'renderer'));
  powerSaveBlocker.start('prevent-display-sleep');

  let leaving = false;
  const window = openKioskWindow(() => leaving || !app.isPackaged);
  let served: WebFrameMain | undefined;
  const core = runCore({
    dataDirectory: dataDir,
    // Electron closes the page's port as well; a page that hears of neither would wait for an answer first.
    onLost: () => {
      if (served && !served.isDestroyed()) served.postMessage(portWords.closed, null);
    },
    onCannotOpen: stopWith,
    onEndKiosk: () => app.quit(),
  });

  ipcMain.on(portWords.open, (event: IpcMainEvent) => {
    const frame = event.senderFrame;
    if (!frame || frame.parent || !isScreenAddress(frame.url)) return;
    core.serve(() => {
      if (frame.isDestroyed()) return undefined;
      const { port1, port2 } = new MessageChannelMain();
      frame.postMessage(portWords.give, null, [port2]);
      served = frame;
      return port1;
    });
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
    core.close().finally(() => {
      closed = true;
      app.quit();
    });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
}

/** Where not even a window can say why (rule S4). */
function stopWith(message: string): void {
  dialog.showErrorBox('Keyline cannot start', message);
  app.exit(1);
}
