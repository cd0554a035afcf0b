/** The screen, built from the checkout as it is. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export const checkout = fileURLToPath(new URL('../../', import.meta.url));

export async function buildScreen(outDir: string): Promise<void> {
  await build({
    configFile: path.join(checkout, 'vite.config.ts'),
    logLevel: 'error',
    root: path.join(checkout, 'renderer'),
    build: { outDir, emptyOutDir: true },
  });
}
