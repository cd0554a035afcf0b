/** Two hands, a keyboard and a scanner: nothing here touches or clicks. And eyes: a picture of each step, where one is wanted. */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright';
import { scanByWedge } from '../../renderer/scan-by-wedge.ts';

/** Milliseconds from key to key of somebody who types: slower than every scanner. */
const pace = 110;
/** Milliseconds that a hand takes to the scanner's trigger, and back to the keys; no wait for the screen. */
const reachFor = { 'from the keys': 150, 'from the number to the label': 600 };
/** Nobody is sent further than this. */
const farthest = 60;

export class Hands {
  readonly page: Page;
  readonly #pictures: string | undefined;
  #taken = 0;
  strokes = 0;

  /** `pictures`: the folder that the pictures go to. */
  constructor(page: Page, pictures: string | undefined) {
    this.page = page;
    this.#pictures = pictures;
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
      this.strokes += 1;
    }
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: pace });
    this.strokes += text.length;
  }

  async scan(text: string, way: keyof typeof reachFor = 'from the keys'): Promise<void> {
    await this.page.waitForTimeout(reachFor[way]);
    await scanByWedge(this.page, text);
    await this.page.waitForTimeout(reachFor['from the keys']);
  }

  /** By Tab alone, in either direction. */
  async reach(what: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await what.waitFor();
    const inFocus = () => what.evaluate(element => element === document.activeElement);
    for (let presses = 0; !(await inFocus()); presses += 1) {
      assert.ok(presses < farthest, `${what} is not reached by ${key}`);
      await this.press(key);
    }
  }

  async choose(what: Locator, key?: 'Tab' | 'Shift+Tab'): Promise<void> {
    await this.reach(what, key);
    await this.press('Enter');
  }

  /** What somebody sees now. Nothing may lie beyond the edge of the screen. */
  async look(name: string): Promise<void> {
    const page = this.page;
    const beyond = await page.evaluate(() => {
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
      return scrollWidth > clientWidth || scrollHeight > clientHeight;
    });
    assert.equal(beyond, false, `${name}: the page scrolls`);
    this.#taken += 1;
    if (this.#pictures === undefined) return;
    await mkdir(this.#pictures, { recursive: true });
    await page.evaluate(() => document.fonts.ready);
    const file = `${String(this.#taken).padStart(2, '0')}-${name}.png`;
    await page.screenshot({ path: path.join(this.#pictures, file), animations: 'disabled' });
  }
}
