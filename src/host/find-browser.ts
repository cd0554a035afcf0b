/** Where a browser for the kiosk is: KEYLINE_BROWSER, else the known places of each system. Pure; Chromium's family only. */
import { posix, win32 } from 'node:path';

export interface FoundBrowser {
  readonly path: string;
}
export interface NoBrowser {
  readonly path: undefined;
  /** Every place that was looked at, for the message to a person. */
  readonly lookedAt: readonly string[];
}

const linuxNames = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
];
const macApplications = ['Google Chrome', 'Microsoft Edge', 'Chromium'];
const windowsPrograms = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
];

/** KEYLINE_BROWSER is taken alone: a wrong one is told, not silently replaced. */
export function findBrowser(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  exists: (path: string) => boolean,
): FoundBrowser | NoBrowser {
  const chosen = env.KEYLINE_BROWSER;
  const lookedAt = chosen ? [chosen] : candidates(env, platform);
  const path = lookedAt.find(exists);
  return path === undefined ? { path, lookedAt } : { path };
}

function candidates(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): readonly string[] {
  if (platform === 'win32') {
    const roots = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].filter(
      root => root !== undefined,
    );
    return windowsPrograms.flatMap(program => roots.map(root => win32.join(root, ...program)));
  }
  if (platform === 'darwin') {
    const roots = ['/Applications', ...(env.HOME ? [posix.join(env.HOME, 'Applications')] : [])];
    return macApplications.flatMap(name =>
      roots.map(root => posix.join(root, `${name}.app`, 'Contents', 'MacOS', name)),
    );
  }
  const roots = [...(env.PATH ?? '').split(':').filter(root => root.startsWith('/')), '/snap/bin'];
  return linuxNames.flatMap(name => roots.map(root => posix.join(root, name)));
}
