/**
 * Builds everything into out/: the screen, Electron's main process, station and preload, the command line, the thread that
 * searches devices for both, and the page that verifies evidence. `npm run build`.
 * Main and preload are CommonJS: there a top-level await, which would hang Electron's start, is refused right here.
 */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { buildVerifier } from './build-verifier.ts';

/** ssh2 asks for its native parts within a try and does without them; they are never built here. */
const withoutNativeSsh = {
  name: 'without-native-ssh',
  enforce: 'pre' as const,
  resolveId: (id: string) =>
    id === 'cpu-features' || id.endsWith('/sshcrypto.node') ? '\0native-ssh' : undefined,
  load: (id: string) => (id === '\0native-ssh' ? "throw new Error('not in this build');" : undefined),
};

/** Loaded only where a station signs in with Entra: a file of its own, so that every other start need not read it. */
const entraLibrary = { package: '@azure/identity', file: 'azure-identity.mjs' };
const besideEntraLibrary = {
  name: 'beside-entra-library',
  enforce: 'pre' as const,
  resolveId: (id: string, importer: string | undefined) =>
    id === entraLibrary.package && importer !== undefined
      ? { id: `./${entraLibrary.file}`, external: true as const }
      : undefined,
};

/** One file for Node or Electron; only what they bring themselves and the native parts stay outside. */
function buildForNode(entry: string, file: string) {
  return build({
    configFile: false,
    plugins: [withoutNativeSsh, besideEntraLibrary],
    // CommonJS packages that look for their folder.
    define: file.endsWith('.mjs')
      ? { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' }
      : {},
    logLevel: 'warn',
    ssr: { noExternal: true, external: ['electron', 'better-sqlite3', '@napi-rs/keyring'] },
    build: {
      ssr: entry,
      outDir: 'out',
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        output: {
          format: file.endsWith('.cjs') ? 'cjs' : 'es',
          entryFileNames: file,
          codeSplitting: false,
        },
      },
    },
  });
}

await build({ logLevel: 'warn' });
await buildForNode('electron/main.ts', 'main.cjs');
await buildForNode('electron/core.ts', 'core.cjs');
await buildForNode('electron/preload.ts', 'preload.cjs');
await buildForNode('src/cli/main.ts', 'cli.mjs');
await buildForNode('src/station/device-search/search-thread.ts', 'device-search.cjs');
await buildForNode('src/station/batch-import/batch-thread.ts', 'batch-import.cjs');
await buildForNode('src/station/audit-desk/audit-thread.ts', 'audit-work.cjs');
await buildForNode('src/station/backup/backup-thread.ts', 'backup.cjs');
await buildForNode('src/station/backup/backup-work-thread.ts', 'backup-work.cjs');
await buildForNode('src/station/write-ahead/mover-thread.ts', 'move-commits.cjs');
await buildForNode('src/audit/verify/reading-thread.ts', 'read-entries.cjs');
await buildVerifier('out/verify.html');
await buildForNode(fileURLToPath(import.meta.resolve(entraLibrary.package)), entraLibrary.file);
