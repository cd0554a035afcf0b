// @ts-check
/**
 * Debian packages for the tests, unpacked into node_modules/.cache and never installed, since an installed one would
 * start a service. Once unpacked they need no network. Plain Node 20 JavaScript.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

/**
 * @param {string} root  of this checkout
 * @param {string} name
 */
export const unpackedFolder = (root, name) => path.join(root, 'node_modules/.cache/keyline', name);

/**
 * The folder of libraries in it, for this machine's architecture.
 * @param {string} folder
 */
export function unpackedLibraries(folder) {
  const [triplet = ''] = readdirSync(path.join(folder, 'usr/lib')).filter(name => name.includes('-linux-'));
  return path.join(folder, 'usr/lib', triplet);
}

/**
 * Downloads and unpacks; whole or not at all.
 * @param {string} root
 * @param {string} name
 * @param {readonly string[]} packages
 * @returns {string | undefined} the end of the output where it failed
 */
export function unpackDebian(root, name, packages) {
  const folder = unpackedFolder(root, name);
  mkdirSync(path.dirname(folder), { recursive: true });
  const work = mkdtempSync(`${folder}-`);
  try {
    const downloaded = run('apt-get', ['-q', 'download', ...packages], work);
    if (downloaded !== undefined) return downloaded;
    for (const file of readdirSync(work).filter(each => each.endsWith('.deb'))) {
      const failure = run('dpkg', ['-x', file, 'unpacked'], work);
      if (failure !== undefined) return failure;
    }
    if (existsSync(folder)) rmSync(folder, { recursive: true });
    renameSync(path.join(work, 'unpacked'), folder);
    return undefined;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} command
 * @param {readonly string[]} argv
 * @param {string} cwd
 */
function run(command, argv, cwd) {
  const ended = spawnSync(command, argv, { cwd, encoding: 'utf8' });
  if (ended.status === 0) return undefined;
  const output = `${ended.stdout ?? ''}${ended.stderr ?? ''}${ended.error?.message ?? ''}`;
  return output.trimEnd().split('\n').slice(-6).join('\n');
}
