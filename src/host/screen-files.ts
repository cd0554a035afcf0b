/**
 * The built screen as a host gives it out: files of one directory, nothing outside it, with the headers that keep the
 * page to itself. The same for http:// (browser) and app:// (Electron). The path asked for is untrusted.
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

export interface ScreenAnswer {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.txt': 'text/plain; charset=utf-8',
};

/** Sent with every answer. `'self'` in connect-src covers the API's WebSocket (CSP level 3). */
export const screenHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "worker-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
};

/** A percent-encoded path as it stands in a URL, `/` for the page itself. Throws only when the disk fails. */
export async function readScreenFile(directory: string, urlPath: string): Promise<ScreenAnswer> {
  const file = await confine(directory, urlPath);
  if (!file)
    return { status: 404, headers: { ...screenHeaders, 'cache-control': 'no-store' }, body: Buffer.alloc(0) };
  // Vite names what is under assets/ by its content.
  const cache = urlPath.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-store';
  return {
    status: 200,
    headers: {
      ...screenHeaders,
      'content-type': mediaTypes[extname(file)] ?? 'application/octet-stream',
      'cache-control': cache,
    },
    body: await readFile(file),
  };
}

/** The regular file inside the directory that the path names, links followed; undefined for anything else. */
async function confine(directory: string, urlPath: string): Promise<string | undefined> {
  let path: string;
  try {
    path = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (!path.startsWith('/') || /[\0\\]/.test(path)) return undefined;
  if (path.split('/').some(part => part.startsWith('.'))) return undefined;
  try {
    const root = await realpath(directory);
    const file = await realpath(join(root, path === '/' ? 'index.html' : path));
    return file.startsWith(root + sep) && (await stat(file)).isFile() ? file : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ELOOP')
      return undefined;
    throw error;
  }
}
