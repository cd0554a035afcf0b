// @ts-check
/**
 * What to do about system programs that are missing: a plan made from facts, and no doing. Plain Node 20 JavaScript.
 */
import { installCommand } from './system-tools.mjs';

/**
 * @typedef {import('./system-tools.mjs').SystemTool} SystemTool
 * @typedef {object} Facts
 * @property {'demo' | 'test'} purpose
 * @property {readonly SystemTool[]} missing  those that this purpose needs
 * @property {string} distribution  ID and ID_LIKE of /etc/os-release, e.g. `ubuntu debian`; empty elsewhere
 * @property {boolean} root
 * @property {boolean} forbidden  KEYLINE_SETUP=none
 * @property {boolean} ci  CI=true
 *
 * @typedef {object} Plan
 * @property {readonly string[]} install  Debian packages to install now
 * @property {readonly string[]} lines  what to tell first
 */

/**
 * Ubuntu's `chromium` is a wrapper that brings the snap service: it is named, never installed.
 * @param {SystemTool} tool
 * @param {string} distribution
 */
function debianHasIt(tool, distribution) {
  return !(tool.debianPackage === 'chromium' && distribution.split(' ').includes('ubuntu'));
}

/**
 * @param {Facts} facts
 * @returns {Plan}
 */
export function planInstall(facts) {
  const debian = facts.distribution.split(' ').includes('debian');
  const wanted = facts.missing.filter(tool => debianHasIt(tool, facts.distribution));
  if (facts.forbidden || !facts.root || !debian || wanted.length === 0) return { install: [], lines: [] };
  return {
    install: wanted.map(tool => tool.debianPackage),
    lines: [
      `Keyline set-up: installing Debian packages for "npm ${facts.purpose === 'demo' ? 'run demo' : 'test'}":`,
      ...wanted.map(tool => `  ${tool.debianPackage}: ${tool.why}`),
      `  (${installCommand(wanted.map(tool => tool.debianPackage))}; KEYLINE_SETUP=none forbids this)`,
    ],
  };
}

/**
 * After an attempt to install, or without one.
 * @param {Facts} facts  `missing` as it is now
 * @returns {{lines: readonly string[], exitCode: 0 | 2}}
 */
export function planMissing(facts) {
  if (facts.missing.length === 0) return { lines: [], exitCode: 0 };
  const needed = facts.missing.filter(tool => tool.purposes.includes(facts.purpose));
  const lines = [
    `Keyline set-up: not on this system: ${facts.missing.map(tool => `${tool.debianPackage} (${tool.why})`).join(', ')}.`,
    ...howToInstall(facts),
  ];
  if (needed.length === 0) lines.push('  Without a screen it runs all the same: npm run demo -- --headless');
  else if (facts.purpose === 'test') {
    lines.push(
      facts.ci
        ? '  CI=true: nothing may be skipped, so the tests do not start.'
        : '  Tests that need them are skipped.',
    );
  }
  const stop = needed.length > 0 && (facts.purpose === 'demo' || facts.ci);
  return { lines, exitCode: stop ? 2 : 0 };
}

/**
 * @param {Facts} facts
 * @returns {readonly string[]}
 */
function howToInstall(facts) {
  const debian = facts.distribution.split(' ').includes('debian');
  const packaged = facts.missing.filter(tool => debianHasIt(tool, facts.distribution));
  const lines = [];
  if (packaged.length > 0) {
    const command = installCommand(packaged.map(tool => tool.debianPackage));
    lines.push(
      debian
        ? `  Install with: ${facts.root ? '' : 'sudo '}${command}`
        : `  Install with your system's package manager (Debian: ${command})`,
    );
  }
  if (packaged.length < facts.missing.length) {
    lines.push('  A browser: install Google Chrome, or name one in KEYLINE_BROWSER.');
  }
  return lines;
}
