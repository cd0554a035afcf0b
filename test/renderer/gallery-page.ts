/**
 * Pages on the gallery, for tests of the screen alone. A page that a test is done with is loaded anew for the next one,
 * without what the one before stored: four times as fast as a browser context for each.
 */
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright';
import type { StationView } from '../../src/api/contract.ts';
import { launchChromium } from '../standin/run-app.ts';
import { serveGallery } from './gallery/serve-gallery.ts';
import { scanByWedge } from './scan-by-wedge.ts';

export interface PageOptions {
  readonly size?: { readonly width: number; readonly height: number };
  readonly language?: string;
  readonly theme?: 'light' | 'dark';
  /** The test changes the page's clock, which nothing puts right again: no other test gets this page. */
  readonly ownClock?: boolean;
}

export interface GalleryPage {
  readonly page: Page;
  /** Errors and warnings of the console, and uncaught exceptions. */
  readonly complaints: readonly string[];
  show(view: StationView): Promise<void>;
  /** What the screen asked of the station so far. */
  calls(): Promise<readonly string[]>;
  /** As a keyboard-wedge scanner types on a system whose input method or layout makes `shown` of each key. */
  scan(text: string, shown?: (key: string) => string, stall?: number): Promise<void>;
  close(): Promise<void>;
}

export type PageBody = (at: GalleryPage) => Promise<void>;

export interface GalleryPages {
  open(view: StationView, options?: PageOptions): Promise<GalleryPage>;
  /** Opens the view, runs the body, and holds that the console stayed silent. */
  on(view: StationView, body: PageBody, options?: PageOptions): Promise<void>;
  close(): Promise<void>;
}

export async function openGallery(): Promise<GalleryPages> {
  const gallery = await serveGallery();
  const browser = await launchChromium();
  const idle: Page[] = [];
  const open = async (view: StationView, options: PageOptions = {}): Promise<GalleryPage> => {
    const page = idle.pop() ?? (await newPage(browser));
    const opened = await showOn(page, gallery.url, view, options);
    const close = async () => {
      page.removeAllListeners();
      if (options.ownClock) await page.context().close();
      else idle.push(page);
    };
    return { ...opened, close };
  };
  return {
    open,
    async on(view, body, options) {
      const at = await open(view, options);
      try {
        await body(at);
        assert.deepEqual(at.complaints, []);
      } finally {
        await at.close();
      }
    },
    async close() {
      await browser.close();
      await gallery.close();
    },
  };
}

async function newPage(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(5000);
  return page;
}

async function showOn(
  page: Page,
  url: string,
  view: StationView,
  { size = { width: 1280, height: 800 }, language = 'en', theme = 'dark' }: PageOptions,
): Promise<Omit<GalleryPage, 'close'>> {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  // A new page has to be at the address before it can store anything there.
  if (!page.url().startsWith(url)) await page.goto(url);
  await page.evaluate(tag => {
    localStorage.clear();
    sessionStorage.clear();
    localStorage.setItem('keyline.language', tag);
  }, language);
  const complaints: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(String(error)));
  await page.goto(url);
  await page.locator('.screen').waitFor();
  const show = async (next: StationView) => {
    await page.evaluate(given => window.gallery.show(given), next);
    // Drawn, with every font that its texts need.
    await page.evaluate(() => new Promise(requestAnimationFrame).then(() => document.fonts.ready));
  };
  await show(view);
  return {
    page,
    complaints,
    show,
    calls: () => page.evaluate(() => window.gallery.calls),
    scan: (text, shown, stall) => scanByWedge(page, text, shown, stall),
  };
}
