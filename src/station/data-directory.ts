/**
 * Where a station keeps its ledger, configuration and secrets: `--data-dir`, `KEYLINE_DATA_DIR`, or the place that the
 * operating system gives to application data. Readable by its owner alone (mode 0700).
 */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { StationError } from './errors.ts';

/** XDG Base Directory on Linux, Application Support on macOS, LOCALAPPDATA (never roaming) on Windows. */
export function defaultDataDirectory(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (platform === 'win32')
    return path.win32.join(env.LOCALAPPDATA || path.win32.join(home, 'AppData', 'Local'), 'Keyline');
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Application Support', 'Keyline');
  // The specification: a relative XDG_DATA_HOME is to be ignored.
  const xdg = env.XDG_DATA_HOME;
  const base = xdg && path.posix.isAbsolute(xdg) ? xdg : path.posix.join(home, '.local', 'share');
  return path.posix.join(base, 'keyline');
}

export interface DataDirectory {
  readonly path: string;
  readonly ledgerFile: string;
  readonly configurationFile: string;
  /** What the configuration was, by its hash. */
  readonly configurationsDirectory: string;
  readonly secretsDirectory: string;
  /** The plant's trust store, unless the configuration names another folder. */
  readonly trustDirectory: string;
  /** What the online side fetched for the trust store. */
  readonly trustFetchedDirectory: string;
  /** One file for each address, with the SSH host key that was met there first. */
  readonly knownHostsDirectory: string;
  readonly kioskProfile: string;
  readonly emulatorDirectory: string;
  /** Checkpoints outside the ledger, unless the configuration names another folder. */
  readonly checkpointsDirectory: string;
}

export function dataDirectoryAt(directory: string): DataDirectory {
  const root = path.resolve(directory);
  return {
    path: root,
    ledgerFile: path.join(root, 'ledger.sqlite'),
    configurationFile: path.join(root, 'keyline.json'),
    configurationsDirectory: path.join(root, 'configurations'),
    secretsDirectory: path.join(root, 'secrets'),
    trustDirectory: path.join(root, 'trust'),
    trustFetchedDirectory: path.join(root, 'trust-fetched'),
    knownHostsDirectory: path.join(root, 'known-hosts'),
    kioskProfile: path.join(root, 'kiosk-profile'),
    emulatorDirectory: path.join(root, 'dps-emulator'),
    checkpointsDirectory: path.join(root, 'checkpoints'),
  };
}

/** Makes the directory where it is missing (0700) and refuses what is not a directory. */
export function prepareDataDirectory(directory: string): DataDirectory {
  const paths = dataDirectoryAt(directory);
  try {
    makeDirectories(paths.path);
    if (!statSync(paths.path).isDirectory()) throw new Error('it is not a directory');
  } catch (cause) {
    throw new StationError(
      'data-directory',
      `${paths.path}: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }
  return paths;
}

/** One by one from the first that is missing: Node's own recursive mkdir never returns where the system refuses oddly (/proc). */
function makeDirectories(directory: string): void {
  if (existsSync(directory)) return;
  const parent = path.dirname(directory);
  if (parent !== directory) makeDirectories(parent);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (cause) {
    // Another process may have made it in between.
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  }
}
