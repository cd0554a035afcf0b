// @ts-check
/**
 * A real sshd for the tests, unpacked from Debian's packages and never installed, since an installed one would start a
 * service. With it nss_wrapper, so that it can run as a user without an account, and libwrap, which a small system lacks.
 * Once unpacked it needs no network. Plain Node 20 JavaScript.
 */
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';

const packages = ['openssh-server', 'libnss-wrapper', 'libwrap0'];

/** @param {string} root */
const folderIn = root => path.join(root, 'node_modules/.cache/keyline/openssh');

/**
 * @typedef {object} UnpackedSshd
 * @property {string} sshd
 * @property {string} nssWrapper
 * @property {string} libraries  folder for LD_LIBRARY_PATH
 * @property {string} libexec  folder where newer versions have their session program
 *
 * @param {string} root  of this checkout
 * @returns {UnpackedSshd | undefined}
 */
export function unpackedSshd(root) {
  const folder = folderIn(root);
  const sshd = path.join(folder, 'usr/sbin/sshd');
  try {
    accessSync(sshd, constants.X_OK);
    // One folder for this machine's architecture.
    const [triplet = ''] = readdirSync(path.join(folder, 'usr/lib')).filter(name => name.includes('-linux-'));
    const libraries = path.join(folder, 'usr/lib', triplet);
    const nssWrapper = path.join(libraries, 'libnss_wrapper.so');
    accessSync(nssWrapper);
    return { sshd, nssWrapper, libraries, libexec: path.join(folder, 'usr/lib/openssh') };
  } catch {
    return undefined;
  }
}

/**
 * Downloads and unpacks; whole or not at all.
 * @param {string} root
 * @returns {string | undefined} the end of the output where it failed
 */
export function unpackSshd(root) {
  const folder = folderIn(root);
  mkdirSync(path.dirname(folder), { recursive: true });
  const work = mkdtempSync(`${folder}-`);
  try {
    const downloaded = run('apt-get', ['-q', 'download', ...packages], work);
    if (downloaded !== undefined) return downloaded;
    for (const file of readdirSync(work).filter(name => name.endsWith('.deb'))) {
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
