/** Where Keyline itself lies (a checkout, or what was installed), and the built screen in it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json, `out/` and, in a checkout, the sources. */
export function installationRoot(): string {
  let directory = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(directory, 'package.json'))) {
    const parent = path.dirname(directory);
    if (parent === directory) throw new Error('Keyline’s own folder was not found');
    directory = parent;
  }
  return directory;
}

/** The built screen; in a checkout that was not built yet, builds it first. @returns undefined where it cannot be had */
export function builtScreen(root: string, note: (text: string) => void): string | undefined {
  const directory = path.join(root, 'out', 'renderer');
  const built = () => existsSync(path.join(directory, 'index.html'));
  const build = path.join(root, 'scripts', 'build.ts');
  if (!built() && existsSync(build)) {
    note('building the screen (once)');
    const done = spawnSync(process.execPath, [build], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    if (done.status !== 0) return undefined;
  }
  return built() ? directory : undefined;
}

/**
 * Electron's runtime where somebody installed it. Found by its file: asking the package itself would start a download.
 */
export function electronRuntime(
  root: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  if (env.ELECTRON_PATH) return existsSync(env.ELECTRON_PATH) ? env.ELECTRON_PATH : undefined;
  try {
    const folder = path.dirname(
      createRequire(path.join(root, 'package.json')).resolve('electron/package.json'),
    );
    const mark = path.join(folder, 'path.txt');
    if (!existsSync(mark)) return undefined;
    const runtime = path.join(folder, 'dist', readFileSync(mark, 'utf8').trim());
    return existsSync(runtime) ? runtime : undefined;
  } catch {
    return undefined;
  }
}
