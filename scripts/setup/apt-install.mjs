// @ts-check
/**
 * Installs Debian packages so that no service starts: recommended packages are left out, and while apt runs a
 * policy-rc.d answers "no" to every maintainer script that wants to start one (Debian Policy §9.3.3).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const mark = '# Written by Keyline set-up while it installs packages; safe to delete.';

/**
 * @param {readonly string[]} packages
 * @param {{run?: typeof runApt, policyFile?: string}} [system]
 * @returns {string | undefined} the end of apt's output where it failed
 */
export function aptInstall(packages, { run = runApt, policyFile = '/usr/sbin/policy-rc.d' } = {}) {
  const ours = !existsSync(policyFile) || readFileSync(policyFile, 'utf8').includes(mark);
  const removePolicy = () => rmSync(policyFile, { force: true });
  if (ours) {
    process.once('exit', removePolicy);
    writeFileSync(policyFile, `#!/bin/sh\n${mark}\nexit 101\n`, { mode: 0o755 });
  }
  try {
    // An archive that cannot be refreshed may still have the packages in its cache: let the installation decide.
    run(['update']);
    return run(['install', '--yes', '--no-install-recommends', ...packages]);
  } finally {
    if (ours) {
      removePolicy();
      process.removeListener('exit', removePolicy);
    }
  }
}

/**
 * @param {readonly string[]} argv
 * @returns {string | undefined} the end of the output where it failed
 */
function runApt(argv) {
  const ended = spawnSync('apt-get', ['-q', '-o', 'Dpkg::Use-Pty=0', ...argv], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (ended.status === 0) return undefined;
  const output = `${ended.stdout ?? ''}${ended.stderr ?? ''}${ended.error?.message ?? ''}`;
  return output.trimEnd().split('\n').slice(-12).join('\n');
}
