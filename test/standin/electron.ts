/**
 * A stand-in for Electron's main process API, so that the built main.cjs and preload.cjs run byte for byte where
 * Electron's runtime is not. Each BrowserWindow is a page in real Chromium; the preload runs in a real isolated world.
 * It is not Electron: README says what it cannot show. What is not here throws, and so does what comes at the wrong time.
 */
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import type * as Electron from 'electron';
import type { Browser, Page } from 'playwright';
import { type KioskPage, openPage, toElectron } from './kiosk-page.ts';
import { KnownEvents, strict } from './known-events.ts';
import type { MessagePortMain } from './message-port.ts';
import { UtilityProcess } from './utility-process.ts';

export { MessageChannelMain } from './message-port.ts';

/** What a test decides before the start and sees afterwards. */
export const standin = {
  browser: undefined as Browser | undefined,
  appPath: '',
  isPackaged: false,
  isFirstInstance: true,
  sandboxed: false,
  switches: [] as string[],
  schemes: [] as Electron.CustomScheme[],
  windows: [] as BrowserWindow[],
  /** Every one that was started, also those that have ended. */
  utilities: [] as UtilityProcess[],
  errorBoxes: [] as string[],
  blockers: [] as string[],
  menus: [] as unknown[],
  /** Requests that were for another place than app://: each one a leak. */
  outside: [] as string[],
  /** Errors that nobody handled; `close` of the run fails with them. */
  faults: [] as unknown[],
  exited: Promise.withResolvers<number>(),
  /** To be called when the entry has been evaluated: not before then is Electron ready. */
  becomeReady(): void {
    isReady = true;
    ready.resolve();
  },
};

let isReady = false;
const ready = Promise.withResolvers<void>();
const before = (what: string) => {
  if (isReady) throw new Error(`stand-in: ${what} comes too late, the app is ready`);
};
const afterwards = (what: string) => {
  if (!isReady) throw new Error(`stand-in: ${what} comes too early, the app is not ready`);
};

/** Its child processes never outlive Electron. */
function leave(code: number): void {
  for (const utility of standin.utilities) utility.end();
  standin.exited.resolve(code);
}

class App extends KnownEvents {
  readonly #paths = new Map<string, string>();
  readonly commandLine = strict('commandLine', {
    appendSwitch(name: string) {
      before('appendSwitch');
      standin.switches.push(name);
    },
  } satisfies Pick<Electron.CommandLine, 'appendSwitch'>);
  constructor() {
    super(['second-instance', 'window-all-closed', 'before-quit', 'web-contents-created']);
  }
  get isPackaged() {
    return standin.isPackaged;
  }
  enableSandbox() {
    before('enableSandbox');
    standin.sandboxed = true;
  }
  setPath(name: string, path: string) {
    before('setPath');
    if (!existsSync(path)) throw new Error(`stand-in: ${path} does not exist`);
    this.#paths.set(name, path);
  }
  getAppPath() {
    return standin.appPath;
  }
  requestSingleInstanceLock() {
    if (!this.#paths.has('userData')) throw new Error('stand-in: the lock lies in userData, set that first');
    return standin.isFirstInstance;
  }
  whenReady() {
    return ready.promise;
  }
  quit() {
    if (this.prevents('before-quit')) return;
    for (const window of standin.windows) window.close();
    if (standin.windows.every(window => window.isDestroyed())) leave(0);
  }
  exit(code = 0) {
    for (const window of standin.windows) window.destroy();
    leave(code);
  }
}

class Session extends KnownEvents {
  permissionRequest: Parameters<Electron.Session['setPermissionRequestHandler']>[0] = null;
  permissionCheck: Parameters<Electron.Session['setPermissionCheckHandler']>[0] = null;
  devicePermission: Parameters<Electron.Session['setDevicePermissionHandler']>[0] = null;
  constructor() {
    super(['will-download']);
  }
  setPermissionRequestHandler(handler: typeof this.permissionRequest) {
    this.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: typeof this.permissionCheck) {
    this.permissionCheck = handler;
  }
  setDevicePermissionHandler(handler: typeof this.devicePermission) {
    this.devicePermission = handler;
  }
}

class WebContents extends KnownEvents {
  windowOpen: ((details: { url: string }) => { action: string }) | undefined;
  zoomLimits: readonly number[] = [];
  readonly opening: Promise<KioskPage>;
  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super([
      ...['will-navigate', 'will-redirect', 'will-attach-webview', 'before-input-event'],
      ...['did-finish-load', 'render-process-gone'],
    ]);
    this.opening = openPage({
      browser: standin.browser as Browser,
      preload: options.webPreferences?.preload as string,
      answer: request => schemes.get('app')?.(request) ?? new Response(null, { status: 404 }),
      outside: url => standin.outside.push(url),
      navigates: url => !this.prevents('will-navigate', { url: toElectron(url) }),
      opens: url => (this.windowOpen?.({ url: toElectron(url) }).action ?? 'allow') === 'allow',
      loaded: () => this.emit('did-finish-load'),
      sends: (channel, args, url, give) => {
        const isDestroyed = () => false;
        const postMessage = (reply: string, message: unknown, ports: MessagePortMain[] = []) =>
          give(reply, message, ports);
        const senderFrame = strict('senderFrame', {
          url: toElectron(url),
          parent: null,
          isDestroyed,
          postMessage,
        });
        ipcMain.emit(channel, strict('IpcMainEvent', { senderFrame }), ...args);
      },
    });
    this.opening.catch(fault => standin.faults.push(fault));
  }
  setWindowOpenHandler(handler: typeof this.windowOpen) {
    this.windowOpen = handler;
  }
  setVisualZoomLevelLimits(...limits: number[]) {
    this.zoomLimits = limits;
    return Promise.resolve();
  }
  reload() {
    this.opening.then(page => page.reload()).catch(fault => standin.faults.push(fault));
  }
  forcefullyCrashRenderer() {
    // The end of a process is Electron's to show; what the app does about it is real.
    this.emit('render-process-gone', {}, { reason: 'killed', exitCode: 1 });
  }
}

export class BrowserWindow extends KnownEvents {
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly webContents: WebContents;
  readonly done: string[] = [];
  /** Its page has been closed, too. */
  gone: Promise<void> = Promise.resolve();
  #destroyed = false;
  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super(['ready-to-show', 'close', 'unresponsive']);
    afterwards('BrowserWindow');
    const { sandbox, contextIsolation, nodeIntegration, webSecurity } = options.webPreferences ?? {};
    if (sandbox === false || contextIsolation === false || nodeIntegration || webSecurity === false)
      throw new Error('stand-in: models only a sandboxed, isolated page');
    this.options = options;
    this.webContents = new WebContents(options);
    standin.windows.push(this);
    app.emit('web-contents-created', {}, strict('webContents', this.webContents));
    // biome-ignore lint/correctness/noConstructorReturn: the app gets the object that knows what is missing
    return strict('BrowserWindow', this) as this;
  }
  async loadURL(url: string) {
    await (await this.webContents.opening).load(url);
    this.emit('ready-to-show');
  }
  show = () => this.done.push('show');
  focus = () => this.done.push('focus');
  restore = () => this.done.push('restore');
  removeMenu = () => this.done.push('removeMenu');
  isMinimized = () => false;
  isDestroyed = () => this.#destroyed;
  close() {
    if (!this.#destroyed && !this.prevents('close')) this.destroy();
  }
  destroy() {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.gone = this.webContents.opening
      .then(page => page.close())
      .catch(fault => void standin.faults.push(fault));
    if (standin.windows.every(window => window.isDestroyed())) app.emit('window-all-closed');
  }
}

const schemes = new Map<string, (request: Request) => Response | Promise<Response>>();
const onlySession = new Session();

export const app = strict('app', new App());
app satisfies Pick<
  Electron.App,
  | 'enableSandbox'
  | 'exit'
  | 'getAppPath'
  | 'isPackaged'
  | 'quit'
  | 'requestSingleInstanceLock'
  | 'setPath'
  | 'whenReady'
>;
export const ipcMain = strict('ipcMain', new EventEmitter());
export const utilityProcess = strict('utilityProcess', {
  fork(modulePath: string, args: string[] = [], options: Electron.ForkOptions = {}) {
    afterwards('utilityProcess.fork');
    const started = new UtilityProcess(modulePath, args, options, fault => standin.faults.push(fault));
    standin.utilities.push(started);
    return strict('UtilityProcess', started);
  },
});
utilityProcess satisfies {
  fork(...args: Parameters<typeof Electron.utilityProcess.fork>): unknown;
};
export const Menu = strict('Menu', {
  setApplicationMenu(menu: Electron.Menu | null) {
    standin.menus.push(menu);
  },
} satisfies Pick<typeof Electron.Menu, 'setApplicationMenu'>);
export const dialog = strict('dialog', {
  showErrorBox(title: string, content: string) {
    standin.errorBoxes.push(`${title}\n${content}`);
  },
} satisfies Pick<Electron.Dialog, 'showErrorBox'>);
export const powerSaveBlocker = strict('powerSaveBlocker', {
  start(type: 'prevent-app-suspension' | 'prevent-display-sleep') {
    afterwards('powerSaveBlocker');
    return standin.blockers.push(type);
  },
} satisfies Pick<Electron.PowerSaveBlocker, 'start'>);
export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(given: Electron.CustomScheme[]) {
    before('registerSchemesAsPrivileged');
    if (standin.schemes.length > 0) throw new Error('stand-in: schemes are registered once');
    standin.schemes.push(...given);
  },
  handle(scheme: string, handler: (request: Request) => Response | Promise<Response>) {
    afterwards('protocol.handle');
    schemes.set(scheme, handler);
  },
} satisfies Pick<Electron.Protocol, 'handle' | 'registerSchemesAsPrivileged'>);
export const session = strict('session', {
  get defaultSession() {
    afterwards('session.defaultSession');
    return strict('Session', onlySession);
  },
});

export const recordedSession = onlySession;
/** The Chromium page behind a window. */
export const pageOf = async (window: BrowserWindow): Promise<Page> => (await window.webContents.opening).page;
