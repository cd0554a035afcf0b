/**
 * Starts the built app under the stand-in, in this process: `import 'electron'` and `require('electron')` are led to
 * test/standin/electron.ts, everything else of out/main.cjs runs as it is. One start for each process.
 */
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright';
import { findBrowser } from '../../src/host/find-browser.ts';
import { pageOf, standin } from './electron.ts';

export const root = path.resolve(import.meta.dirname, '../..');
export const browserPath = findBrowser(process.env, process.platform, existsSync).path;

/** Chromium for tests; root needs it without its sandbox. */
export const launchChromium = () =>
  chromium.launch({
    executablePath: browserPath as string,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });

export interface RunningApp {
  page(): Promise<Page>;
  /** Ends the app and fails with what nobody handled meanwhile. */
  close(): Promise<void>;
}

/** `appPath` holds out/main.cjs, out/preload.cjs and out/renderer. */
export async function runApp(dataDir: string, appPath: string = root): Promise<RunningApp> {
  const main = path.join(appPath, 'out', 'main.cjs');
  if (!existsSync(main)) throw new Error('out/main.cjs is not there: npm run build');
  process.env.KEYLINE_DATA_DIR = dataDir;
  const note = (fault: unknown) => void standin.faults.push(fault);
  process.on('unhandledRejection', note);
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const own = signals.map(signal => process.listeners(signal));
  standin.browser = await launchChromium();
  standin.appPath = appPath;
  const url = pathToFileURL(path.join(import.meta.dirname, 'electron.ts')).href;
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'electron'
        ? { url, shortCircuit: true, format: 'module-typescript' }
        : next(specifier, context),
  });
  await import(pathToFileURL(main).href);
  hooks.deregister();
  standin.becomeReady();
  return {
    async page() {
      const [window] = standin.windows;
      if (!window) throw new Error(`no window: ${standin.errorBoxes.join()} ${standin.faults.join()}`);
      return pageOf(window);
    },
    async close() {
      const { app } = await import('./electron.ts');
      await Promise.allSettled(standin.windows.map(window => window.webContents.opening));
      app.quit();
      await standin.exited.promise;
      await Promise.all(standin.windows.map(window => window.gone));
      await Promise.all(standin.utilities.map(utility => utility.gone));
      await standin.browser?.close();
      process.off('unhandledRejection', note);
      for (const [at, signal] of signals.entries())
        for (const listener of process.listeners(signal))
          if (!own[at]?.includes(listener)) process.off(signal, listener);
      if (standin.faults.length > 0)
        throw new AggregateError(standin.faults, 'the app left errors unhandled');
    },
  };
}
