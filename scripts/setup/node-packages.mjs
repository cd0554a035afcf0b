// @ts-check
/**
 * Whether node_modules is what package-lock.json asks for, and how to make it so. Plain Node 20 JavaScript.
 * npm records what it installed in node_modules/.package-lock.json; that record is compared with the lock, so that a
 * checkout where somebody ran `npm ci` by hand counts as set up.
 */
import { accessSync, constants, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {{version?: string, integrity?: string, optional?: boolean}} LockedPackage
 * @typedef {{packages: Record<string, LockedPackage>}} Lock
 */

/**
 * @param {Lock} wanted  package-lock.json
 * @param {Lock | undefined} installed  node_modules/.package-lock.json; undefined where there is none
 * @returns {string | undefined} why the packages must be installed; undefined when they need not be
 */
export function whyStale(wanted, installed) {
  if (installed === undefined) return 'they are not installed yet';
  for (const [location, locked] of Object.entries(wanted.packages)) {
    if (location === '') continue;
    const found = installed.packages[location];
    // Optional packages of other platforms are left out by npm.
    if (found === undefined && locked.optional) continue;
    if (found === undefined) return `${location} is missing`;
    if (found.version !== locked.version || found.integrity !== locked.integrity) {
      return `${location} is ${found.version}, the lock wants ${locked.version}`;
    }
  }
  return undefined;
}

/**
 * Where npm has no Node for a platform, a Node of the same major version that is on PATH already will do.
 * @param {boolean} brought  node_modules/node/bin/node can be run
 * @param {string} running  process.version
 * @param {string} wanted  e.g. `24.21.0`
 * @returns {string | undefined} why packages must be installed; undefined when they need not be
 */
export function whyNodeIsMissing(brought, running, wanted) {
  if (brought || running.split('.')[0] === `v${wanted.split('.')[0]}`) return undefined;
  return `Node ${wanted} is not among them`;
}

/**
 * allowScripts is read from npm 11.16 on; an older npm would try to compile better-sqlite3, which needs no compiling.
 * @param {string} npmVersion
 */
export function readsAllowScripts(npmVersion) {
  const [major = 0, minor = 0] = npmVersion.split('.').map(Number);
  return major > 11 || (major === 11 && minor >= 16);
}

/**
 * @param {string} npmVersion  of the npm at hand
 * @param {string} nodeVersion
 * @returns {string[]} arguments for that npm
 */
export function installArguments(npmVersion, nodeVersion) {
  if (readsAllowScripts(npmVersion)) return ['ci', '--loglevel=error'];
  return ['exec', '--yes', `--package=node@${nodeVersion}`, '--package=npm@11.19.1', '--', 'npm', 'ci'];
}

/**
 * @param {string} root
 * @returns {string} the exact Node version that package.json asks for
 */
export function wantedNode(root) {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).devDependencies.node;
}

/**
 * @param {string} root
 * @returns {string | undefined} why packages must be installed in this checkout
 */
export function whyInstall(root) {
  const lock = /** @type {Lock} */ (JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')));
  return (
    whyStale(lock, installedPackages(root)) ??
    whyNodeIsMissing(bringsNode(root), process.version, wantedNode(root))
  );
}

/**
 * @param {string} root
 * @returns {Lock | undefined}
 */
function installedPackages(root) {
  try {
    return JSON.parse(readFileSync(path.join(root, 'node_modules/.package-lock.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {string} root */
function bringsNode(root) {
  try {
    accessSync(path.join(root, 'node_modules/node/bin/node'), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
