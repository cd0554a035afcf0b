/** The screen's own scheme: app://keyline/ gives the files of out/renderer with their headers, and nothing else. */
import { protocol } from 'electron';
import { readScreenFile } from '../src/host/screen-files.ts';

const scheme = 'app';
const host = 'keyline';

/** The page that the window shows. */
export const screenAddress = `${scheme}://${host}/`;

/** Whether an address is of the screen. By scheme and host: in Node the `origin` of such an address is "null". */
export function isScreenAddress(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === `${scheme}:` && url.host === host;
}

/** Before the app is ready. */
export function registerScreenScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Once the app is ready. */
export function serveScreen(rendererDir: string): void {
  protocol.handle(scheme, async request => {
    const isOurs = isScreenAddress(request.url) && request.method === 'GET';
    if (!isOurs) return new Response(null, { status: 404 });
    const { status, headers, body } = await readScreenFile(rendererDir, new URL(request.url).pathname);
    return new Response(new Uint8Array(body), { status, headers });
  });
}
