/**
 * The one window: full screen, sandboxed, nothing but the screen. In a packaged app it cannot be closed from its
 * keyboard; a development run can be left with Alt+F4.
 */
import path from 'node:path';
import { app, BrowserWindow, type WebContents } from 'electron';
import { leavesScreen } from './kiosk-keys.ts';
import { screenAddress } from './screen-scheme.ts';

/** Milliseconds before a crashed page is loaded again, so that a page that always crashes does not spin. */
const reloadDelay = 1000;

/** `mayClose` is asked whenever something wants to close the window. */
export function openKioskWindow(mayClose: () => boolean): BrowserWindow {
  const window = new BrowserWindow({
    kiosk: true,
    show: false,
    title: 'Keyline',
    // The dark ground of the screens, so that nothing flashes before the first paint.
    backgroundColor: '#12161c',
    webPreferences: {
      preload: path.join(app.getAppPath(), 'out', 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // Dictionaries would be fetched from outside.
      spellcheck: false,
      // The tones of the verdicts are not an answer to a touch.
      autoplayPolicy: 'no-user-gesture-required',
      devTools: !app.isPackaged,
    },
  });
  window.removeMenu();
  window.once('ready-to-show', () => window.show());
  window.on('close', event => {
    if (!mayClose()) event.preventDefault();
  });
  keepAlive(window);
  window.webContents.on('before-input-event', (event, input) => {
    const leavesDevelopment = !app.isPackaged && input.alt && input.code === 'F4';
    if (leavesScreen(input) && !leavesDevelopment) event.preventDefault();
  });
  // A window that goes while it loads rejects; that is no fault.
  window.loadURL(screenAddress).catch(fault => window.isDestroyed() || console.error(fault));
  return window;
}

function keepAlive(window: BrowserWindow): void {
  const contents: WebContents = window.webContents;
  contents.on('did-finish-load', () => contents.setVisualZoomLevelLimits(1, 1));
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    setTimeout(() => window.isDestroyed() || contents.reload(), reloadDelay);
  });
  window.on('unresponsive', () => contents.forcefullyCrashRenderer());
}
