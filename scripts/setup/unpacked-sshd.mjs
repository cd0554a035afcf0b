// @ts-check
/**
 * A real sshd for the tests, unpacked from Debian's packages. With it nss_wrapper, so that it can run as a user without
 * an account, and libwrap, which a small system lacks. Plain Node 20 JavaScript.
 */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { unpackDebian, unpackedFolder, unpackedLibraries } from './unpacked-debian.mjs';

const name = 'openssh';
const packages = ['openssh-server', 'libnss-wrapper', 'libwrap0'];

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
  const folder = unpackedFolder(root, name);
  const sshd = path.join(folder, 'usr/sbin/sshd');
  try {
    accessSync(sshd, constants.X_OK);
    const libraries = unpackedLibraries(folder);
    const nssWrapper = path.join(libraries, 'libnss_wrapper.so');
    accessSync(nssWrapper);
    return { sshd, nssWrapper, libraries, libexec: path.join(folder, 'usr/lib/openssh') };
  } catch {
    return undefined;
  }
}

/**
 * @param {string} root
 * @returns {string | undefined} the end of the output where it failed
 */
export const unpackSshd = root => unpackDebian(root, name, packages);
