// @ts-check
/**
 * Set-up before `npm run demo` and `npm test` on a fresh machine: `node scripts/setup.mjs demo|test`.
 * Runs on the system's Node (20 or later) in a process of its own, so that what npm starts next finds the Node that
 * it brought. Says what it does and why; where everything is there it says nothing and needs no network.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { aptInstall } from './setup/apt-install.mjs';
import { installArguments, wantedNode, whyInstall } from './setup/node-packages.mjs';
import { planInstall, planMissing } from './setup/system-plan.mjs';
import { isInstalled, systemTools } from './setup/system-tools.mjs';
import { unpackedKeyring, unpackKeyring } from './setup/unpacked-keyring.mjs';
import { unpackedSshd, unpackSshd } from './setup/unpacked-sshd.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const purpose = process.argv[2];
if (purpose !== 'demo' && purpose !== 'test') {
  console.error('usage: node scripts/setup.mjs demo|test');
  process.exit(2);
}
installNodePackages();
const exitCode = installSystemTools(purpose);
process.exit(
  purpose === 'test'
    ? Math.max(
        exitCode,
        bringUnpacked('openssh-server', 'the DUT behind ssh: in tests', unpackedSshd, unpackSshd),
        bringUnpacked('gnome-keyring', 'the system keyring in tests', unpackedKeyring, unpackKeyring),
      )
    : exitCode,
);

function installNodePackages() {
  const why = whyInstall(root);
  if (why === undefined) return;
  const started = Date.now();
  console.log(`Keyline set-up: installing npm packages: ${why} (about half a minute)`);
  const npm = process.env.npm_execpath;
  const [command, prefix] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  /** @param {readonly string[]} argv */
  const run = argv =>
    spawnSync(command, [...prefix, ...argv], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      shell: process.platform === 'win32' && command === 'npm',
    });
  const ended = run(installArguments(run(['--version']).stdout?.trim() ?? '', wantedNode(root)));
  const still = ended.status === 0 ? whyInstall(root) : 'npm failed';
  if (still !== undefined) {
    const output = `${ended.stdout ?? ''}${ended.stderr ?? ''}${ended.error?.message ?? ''}`;
    console.error(output.trimEnd().split('\n').slice(-15).join('\n'));
    console.error(`Keyline set-up: the npm packages could not be installed (${still}).`);
    console.error('  The first time needs the npm registry. By hand: npm ci');
    process.exit(1);
  }
  console.log(`Keyline set-up: npm packages installed in ${Math.round((Date.now() - started) / 1000)} s`);
}

/**
 * @param {'demo' | 'test'} purpose
 * @returns {number} exit code
 */
function installSystemTools(purpose) {
  const needed = systemTools.filter(
    tool =>
      tool.purposes.includes(purpose) ||
      (purpose === 'demo' && tool.purposes.includes('screen') && showsKiosk()),
  );
  const missing = () => needed.filter(tool => !isInstalled(tool));
  const facts = {
    purpose,
    missing: missing(),
    distribution: distribution(),
    root: process.getuid?.() === 0,
    forbidden: process.env.KEYLINE_SETUP === 'none',
    ci: process.env.CI === 'true',
  };
  const plan = planInstall(facts);
  for (const line of plan.lines) console.log(line);
  if (plan.install.length > 0) {
    const failure = aptInstall(plan.install);
    console.log(failure ?? 'Keyline set-up: Debian packages installed');
  }
  const end = planMissing({ ...facts, missing: missing() });
  for (const line of end.lines) (end.exitCode === 0 ? console.log : console.error)(line);
  return end.exitCode;
}

/**
 * What the tests need of Debian without its being installed.
 * @param {string} name
 * @param {string} purpose
 * @param {(root: string) => unknown} unpacked  undefined where it is not there
 * @param {(root: string) => string | undefined} unpack
 * @returns {number} exit code
 */
function bringUnpacked(name, purpose, unpacked, unpack) {
  if (unpacked(root) !== undefined) return 0;
  const debian = distribution().split(' ').includes('debian');
  if (debian && process.env.KEYLINE_SETUP !== 'none') {
    console.log(`Keyline set-up: unpacking ${name} (not installed, nothing is started): ${purpose}`);
    const failure = unpack(root);
    if (failure === undefined) return 0;
    console.log(failure);
  }
  const ci = process.env.CI === 'true';
  (ci ? console.error : console.log)(
    `Keyline set-up: no unpacked ${name} (Debian, with its archive in reach: node scripts/setup.mjs test).\n  ${
      ci ? 'CI=true: nothing may be skipped, so the tests do not start.' : 'Tests that need it are skipped.'
    }`,
  );
  return ci ? 2 : 0;
}

/** Whether the demo would show its kiosk in a browser here: a display, and no Electron runtime. */
function showsKiosk() {
  const display = process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  const electron = process.env.ELECTRON_PATH || existsSync(path.join(root, 'node_modules/electron/path.txt'));
  return Boolean(process.platform === 'linux' && display && !electron);
}

/** @returns {string} ID and ID_LIKE of this Linux, e.g. `ubuntu debian` */
function distribution() {
  try {
    const release = readFileSync('/etc/os-release', 'utf8');
    return [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].map(match => match[1]).join(' ');
  } catch {
    return '';
  }
}
