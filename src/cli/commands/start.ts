import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { action, type Invocation } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { builtScreen, electronRuntime, installationRoot } from '../installation.ts';
import { serveStation } from '../serve-station.ts';

export function addStartCommand(program: Command): void {
  const command = program
    .command('start')
    .description('the kiosk: in Electron where its runtime is installed, else in a browser');
  action(command, async invocation => {
    const root = installationRoot();
    const runtime = electronRuntime(root);
    return runtime === undefined ? startInBrowser(invocation) : startInElectron(invocation, root, runtime);
  });
}

async function startInElectron(invocation: Invocation, root: string, runtime: string): Promise<ExitCode> {
  if (
    builtScreen(root, text => invocation.output.note(`keyline: ${text}`)) === undefined ||
    !existsSync(path.join(root, 'out', 'main.cjs'))
  ) {
    invocation.output.note('keyline: the screen is not built; run npm run build');
    return exitCodes.unexpected;
  }
  const child = spawn(runtime, [root], {
    stdio: 'inherit',
    env: { ...process.env, KEYLINE_DATA_DIR: invocation.dataDirectory },
  });
  invocation.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  return code === 0 || invocation.signal.aborted ? exitCodes.done : exitCodes.unexpected;
}

async function startInBrowser(invocation: Invocation): Promise<ExitCode> {
  const { output, signal } = invocation;
  const { findBrowser } = await import('../../host/find-browser.ts');
  const { keepKiosk } = await import('../../host/keep-kiosk.ts');
  const { openKiosk } = await import('../../host/open-kiosk.ts');
  const found = findBrowser(process.env, process.platform, existsSync);
  if (found.path === undefined) {
    output.failure({
      kind: 'usage',
      code: 'no-browser',
      message: `Electron's runtime is not installed, and no browser was found (looked at ${found.lookedAt.slice(0, 8).join(', ')})`,
      hint: 'Run npx install-electron in the checkout, install Chromium, Chrome or Edge, or name one in KEYLINE_BROWSER.',
    });
    return exitCodes.usage;
  }
  output.note(
    "Electron's runtime is not installed (npx install-electron downloads it). Starting in a browser instead.",
  );
  const leaving = new AbortController();
  const served = await serveStation(invocation, {
    port: undefined,
    host: '127.0.0.1',
    endKiosk: () => leaving.abort(),
    showStop: true,
  });
  if (served === undefined) return exitCodes.unexpected;
  const browser = found.path;
  try {
    const lasted = await keepKiosk({
      open: () => openKiosk({ browser, url: served.newAddress(), profileDir: served.kioskProfile }),
      signal: AbortSignal.any([signal, leaving.signal]),
      onReopen: () =>
        output.note('keyline: the browser has gone and is opened again; staff end the kiosk with F10'),
    });
    if (lasted) return exitCodes.done;
    output.failure({
      kind: 'unexpected',
      code: 'browser-gone',
      message: `${browser} ended again and again as soon as it was opened`,
      hint: 'Is another browser open on this kiosk profile, or is there no screen? Start the browser by hand and see what it says.',
    });
    return exitCodes.unexpected;
  } finally {
    await served.close();
  }
}
