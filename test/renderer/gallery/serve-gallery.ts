/**
 * Builds the gallery as the renderer is built, into a directory of its own, and serves it on loopback by the host's own
 * code, with its content security policy. Never part of out/renderer. `npm test` builds it once for all its files, into
 * `builtGallery`.
 *
 *   node test/renderer/gallery/serve-gallery.ts [port]
 */
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { readScreenFile } from '../../../src/host/screen-files.ts';

export interface Gallery {
  readonly url: string;
  close(): Promise<void>;
}

export async function serveGallery(port = 0): Promise<Gallery> {
  const outDir = await mkdtemp(path.join(tmpdir(), 'keyline-gallery-'));
  if (process.env.KEYLINE_GALLERY_BUILT === undefined) await buildGallery(outDir);
  else await cp(builtGallery, outDir, { recursive: true });
  const server = createServer(async (request, response) => {
    const { status, headers, body } = await readScreenFile(outDir, request.url ?? '/');
    response.writeHead(status, headers).end(body);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise(done => server.close(done));
      await rm(outDir, { recursive: true, force: true });
    },
  };
}

/** Where `npm test` has it, which says so by `KEYLINE_GALLERY_BUILT`. */
export const builtGallery = path.resolve(import.meta.dirname, '../../../.tmp/gallery');

export async function buildGallery(outDir: string): Promise<void> {
  await build({
    root: fileURLToPath(new URL('.', import.meta.url)),
    configFile: fileURLToPath(new URL('../../../vite.config.ts', import.meta.url)),
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true },
  });
}

if (import.meta.main) {
  const gallery = await serveGallery(Number(process.argv[2] ?? 0));
  process.stdout.write(`${gallery.url}#4   (#1, #16, #32 for more fixtures; Ctrl+C ends)\n`);
  process.once('SIGINT', () => gallery.close());
}
