/** Pages on the gallery, for tests of the screen alone: one browser, a fresh context for each test. */
import type { Browser, Page } from 'playwright';
import type { StationView } from '../../src/api/contract.ts';
import { launchChromium } from '../standin/run-app.ts';
import { serveGallery } from './gallery/serve-gallery.ts';
import { scanByWedge } from './scan-by-wedge.ts';

export interface PageOptions {
  readonly size?: { readonly width: number; readonly height: number };
  readonly language?: string;
  readonly theme?: 'light' | 'dark';
}

export interface GalleryPage {
  readonly page: Page;
  /** Errors and warnings of the console, and uncaught exceptions. */
  readonly complaints: string[];
  show(view: StationView): Promise<void>;
  /** What the screen asked of the station so far. */
  calls(): Promise<readonly string[]>;
  /** As a keyboard-wedge scanner types on a system whose input method or layout makes `shown` of each key. */
  scan(text: string, shown?: (key: string) => string, stall?: number): Promise<void>;
}

export interface GalleryPages {
  open(view: StationView, options?: PageOptions): Promise<GalleryPage>;
  close(): Promise<void>;
}

export async function openGallery(): Promise<GalleryPages> {
  const gallery = await serveGallery();
  const browser = await launchChromium();
  return {
    open: (view, options = {}) => openPage(browser, gallery.url, view, options),
    async close() {
      await browser.close();
      await gallery.close();
    },
  };
}

async function openPage(
  browser: Browser,
  url: string,
  view: StationView,
  { size = { width: 1280, height: 800 }, language = 'en', theme = 'dark' }: PageOptions,
): Promise<GalleryPage> {
  const context = await browser.newContext({ viewport: size, colorScheme: theme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(5000);
  const complaints: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(String(error)));
  await page.addInitScript(tag => localStorage.setItem('keyline.language', tag), language);
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
