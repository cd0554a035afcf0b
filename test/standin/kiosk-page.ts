/**
 * One window's page in Chromium: app:// served by the app's own handler, the preload in an isolated world, messages and
 * ports carried between that world and Node. All over the Chrome DevTools Protocol; nothing of the page is patched.
 */
import { readFileSync } from 'node:fs';
import type { Browser, Page, Request as PageRequest, Route } from 'playwright';
import { handOver, type MessagePortMain } from './message-port.ts';
import { bindingName, isolatedWorld, mainWorld, worldName } from './page-worlds.ts';

/** Chromium takes no scheme of ours, so that app://keyline/x is https://keyline.app.test/x there. */
const toChromium = (url: string) => url.replace(/^app:\/\/([^/]+)/, 'https://$1.app.test');
export const toElectron = (url: string) => url.replace(/^https:\/\/([^/]+)\.app\.test/, 'app://$1');

type Give = (channel: string, message: unknown, ports: MessagePortMain[]) => void;

export interface PageOptions {
  readonly browser: Browser;
  readonly preload: string;
  answer(request: Request): Response | Promise<Response>;
  outside(url: string): void;
  /** Whether a navigation that the page began may go on. */
  navigates(url: string): boolean;
  opens(url: string): boolean;
  loaded(): void;
  sends(channel: string, args: unknown[], url: string, give: Give): void;
}

export interface KioskPage {
  readonly page: Page;
  load(url: string): Promise<void>;
  reload(): Promise<void>;
  close(): Promise<void>;
}

export async function openPage(options: PageOptions): Promise<KioskPage> {
  const context = await options.browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const ports = new Map<number, ReturnType<typeof handOver>>();
  let nextPort = 1;
  let preloadWorld: number | undefined;
  let isLoading = false;

  const inPreload = (call: string, ...args: unknown[]) => {
    if (preloadWorld === undefined) return;
    const expression = `__standin.${call}(${args.map(part => JSON.stringify(part) ?? 'undefined').join()})`;
    // A page that is leaving has no world to speak to; its ports end with it.
    cdp.send('Runtime.evaluate', { expression, contextId: preloadWorld }).catch(() => {});
  };
  const give: Give = (channel, message, given) => {
    const ids = given.map(port => {
      const id = nextPort++;
      const inside = handOver(port, {
        arrived: data => inPreload('port', id, data),
        ended: () => inPreload('closePort', id),
      });
      ports.set(id, inside);
      return id;
    });
    inPreload('ipc', channel, message, ids);
  };
  const endPorts = () => {
    for (const port of ports.values()) port.ended();
    ports.clear();
  };

  cdp.on('Runtime.executionContextCreated', ({ context: world }) => {
    if (world.name === worldName) preloadWorld = world.id;
  });
  cdp.on('Runtime.executionContextsCleared', () => {
    preloadWorld = undefined;
    endPorts();
  });
  cdp.on('Runtime.bindingCalled', ({ payload }) => {
    const message = JSON.parse(payload);
    if (message.type === 'ipc') options.sends(message.channel, message.args, page.url(), give);
    else ports.get(message.id)?.arrived(message.data);
  });
  await cdp.send('Runtime.enable');
  await cdp.send('Page.enable');
  await cdp.send('Runtime.addBinding', { name: bindingName, executionContextName: worldName });
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: mainWorld });
  const source = isolatedWorld(readFileSync(options.preload, 'utf8'));
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { worldName, source });

  await context.route('**', async (route: Route) => {
    const request = route.request();
    const url = request.url();
    if (!isLoading && isOwnNavigation(request) && !options.navigates(url)) return route.abort('aborted');
    if (toElectron(url) === url) {
      options.outside(url);
      return route.fulfill({ status: 200, body: 'outside' });
    }
    const { method, headers } = { method: request.method(), headers: request.headers() };
    const response = await options.answer(new Request(toElectron(url), { method, headers }));
    const body = Buffer.from(await response.arrayBuffer());
    return route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body });
  });
  context.on('page', popup => {
    if (popup !== page && !options.opens(popup.url())) popup.close();
  });
  page.on('load', () => options.loaded());

  /** Playwright knows no frame yet for the first request of a popup. */
  const isOwnNavigation = (request: PageRequest) => {
    try {
      return request.isNavigationRequest() && request.frame() === page.mainFrame();
    } catch {
      return false;
    }
  };
  const loading = async (navigation: () => Promise<unknown>) => {
    isLoading = true;
    await navigation().finally(() => {
      isLoading = false;
    });
  };
  return {
    page,
    load: url => loading(() => page.goto(toChromium(url))),
    reload: () => loading(() => page.reload()),
    async close() {
      endPorts();
      await context.close();
    },
  };
}
