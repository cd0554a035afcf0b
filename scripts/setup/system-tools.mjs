// @ts-check
/**
 * The programs that Keyline's demo and tests call and npm cannot bring, each with the Debian package that holds it.
 * Plain JavaScript without imports beyond Node's: set-up reads it on the system's Node 20, test files on Node 24.
 */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {'demo' | 'screen' | 'test'} Purpose  `screen`: the demo's kiosk, where there is a display
 * @typedef {object} SystemTool
 * @property {readonly string[]} executables  any one of them will do
 * @property {string} debianPackage
 * @property {string} why  as in `swtpm: the TPM inside each virtual DUT`
 * @property {readonly Purpose[]} purposes
 */

/** Linux names of a Chromium-like browser, in the order in which the kiosk host looks for one. */
export const browserExecutables = /** @type {const} */ ([
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
]);

/** @type {readonly SystemTool[]} */
export const systemTools = [
  {
    executables: ['swtpm'],
    debianPackage: 'swtpm',
    why: 'the TPM inside each virtual DUT',
    purposes: ['demo', 'test'],
  },
  {
    executables: ['swtpm_setup'],
    debianPackage: 'swtpm-tools',
    why: 'gives virtual DUTs their endorsement key and certificate',
    purposes: ['demo', 'test'],
  },
  {
    executables: ['tpm2_getcap'],
    debianPackage: 'tpm2-tools',
    why: 'the second opinion on what a TPM holds',
    purposes: ['test'],
  },
  {
    executables: ['socat'],
    debianPackage: 'socat',
    why: 'pseudo-terminals and relays in front of a TPM',
    purposes: ['test'],
  },
  {
    executables: ['Xvfb'],
    debianPackage: 'xvfb',
    why: 'a display where there is none, for the kiosk in full screen',
    purposes: ['test'],
  },
  {
    executables: browserExecutables,
    debianPackage: 'chromium',
    why: 'shows the kiosk',
    purposes: ['screen', 'test'],
  },
];

/**
 * @param {string} executable
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined} its path; Chromium-like browsers may also lie in /snap/bin
 */
export function findExecutable(executable, env = process.env) {
  for (const folder of [...(env.PATH ?? '').split(path.delimiter), '/snap/bin']) {
    if (folder === '') continue;
    const candidate = path.join(folder, executable);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {}
  }
  return undefined;
}

/**
 * @param {SystemTool} tool
 * @param {NodeJS.ProcessEnv} [env]
 */
export function isInstalled(tool, env = process.env) {
  if (tool.debianPackage === 'chromium' && env.KEYLINE_BROWSER) return true;
  return tool.executables.some(executable => findExecutable(executable, env) !== undefined);
}

/**
 * @param {readonly string[]} debianPackages
 * @returns {string} the command a person types
 */
export function installCommand(debianPackages) {
  return `apt-get install --no-install-recommends ${debianPackages.join(' ')}`;
}
