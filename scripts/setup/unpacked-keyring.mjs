// @ts-check
/**
 * A real Secret Service for the tests, unpacked from Debian's packages: GNOME's keyring daemon, a D-Bus daemon of its own,
 * and the libraries that a small system lacks. Plain Node 20 JavaScript.
 */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { unpackDebian, unpackedFolder, unpackedLibraries } from './unpacked-debian.mjs';

const name = 'gnome-keyring';
const packages = [
  ...['gnome-keyring', 'libgck-1-0', 'libgcr-base-3-1', 'libp11-kit0', 'libffi8', 'libglib2.0-0'],
  ...['dbus-daemon', 'libdbus-1-3', 'libexpat1', 'libapparmor1', 'libcap-ng0'],
];

/**
 * @typedef {object} UnpackedKeyring
 * @property {string} busDaemon
 * @property {string} keyringDaemon
 * @property {string} libraries  for LD_LIBRARY_PATH
 *
 * @param {string} root  of this checkout
 * @returns {UnpackedKeyring | undefined}
 */
export function unpackedKeyring(root) {
  const folder = unpackedFolder(root, name);
  const busDaemon = path.join(folder, 'usr/bin/dbus-daemon');
  const keyringDaemon = path.join(folder, 'usr/bin/gnome-keyring-daemon');
  try {
    for (const program of [busDaemon, keyringDaemon]) accessSync(program, constants.X_OK);
    const libraries = unpackedLibraries(folder);
    // Some packages still put theirs outside /usr.
    return { busDaemon, keyringDaemon, libraries: `${libraries}:${libraries.replace('/usr/lib/', '/lib/')}` };
  } catch {
    return undefined;
  }
}

/**
 * @param {string} root
 * @returns {string | undefined} the end of the output where it failed
 */
export const unpackKeyring = root => unpackDebian(root, name, packages);
