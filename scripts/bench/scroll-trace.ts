/**
 * Scrolling the Devices screen over a ledger of very many devices, by wheel and by keys, under Chromium's own tracing: how
 * long each task kept the page's main thread, and whether every frame that was painted showed a row wherever a row is due.
 * Frames are judged as pictures, because a compositor scrolls on without the page: what the page believes to be there
 * says nothing of what was seen.
 */
import type { Browser, Page } from 'playwright';
import { type Measurement, measurement, partLine } from './measurement.ts';
import { judgeFrames, type RowsInFrame } from './painted-rows.ts';
import { framesOf, mainThreadTasks } from './trace-events.ts';

const viewport = { width: 1280, height: 800 };
const TASK_LIMIT_MS = 50;
/** A frame of 60 a second. */
const FRAME_MS = 16;
/** Of a wheel turned as fast as a hand can: 7,500 pixels, 140 rows a second. */
const WHEEL_PIXELS = 120;

type Scroll = (page: Page, strokes: number) => Promise<void>;

const scrolls: Readonly<Record<string, Scroll>> = {
  'wheel down': (page, strokes) => turnWheel(page, strokes, WHEEL_PIXELS),
  'wheel up': (page, strokes) => turnWheel(page, strokes, -WHEEL_PIXELS),
  'Page Down held': (page, strokes) => hold(page, 'PageDown', strokes / 2),
  'Arrow Down held': (page, strokes) => hold(page, 'ArrowDown', strokes),
  'Page Up held': (page, strokes) => hold(page, 'PageUp', strokes / 2),
};

/** @param strokes of the wheel and of keys, a scroll */
export async function measureScrolling(
  browser: Browser,
  address: string,
  { strokes, devices }: { readonly strokes: number; readonly devices: number },
): Promise<readonly Measurement[]> {
  const page = await browser.newPage({ viewport });
  const judge = await browser.newPage();
  await page.goto(address);
  await page.locator('.tile').first().waitFor();
  await page.keyboard.press('F4');
  await page.locator('.long-table [data-row="0"]').waitFor();
  await page.locator('.long-table-scroll').hover();
  const rows = await page.evaluate(rowsInFrame);
  const wall: number[] = [];
  const blank: number[] = [];
  const lines: string[] = [];
  const framesLines: string[] = [];
  for (const [name, scroll] of Object.entries(scrolls)) {
    await browser.startTracing(page, { screenshots: true, categories: ['toplevel', 'devtools.timeline'] });
    await scroll(page, strokes);
    const trace = await browser.stopTracing();
    const tasks = mainThreadTasks(trace);
    const frames = framesOf(trace);
    const judged = await judgeFrames(judge, frames, rows);
    wall.push(...tasks.map(({ wallMs }) => wallMs));
    blank.push(...judged);
    const long = tasks.filter(({ wallMs }) => wallMs > TASK_LIMIT_MS);
    const cpu = Math.max(...tasks.map(({ cpuMs }) => cpuMs));
    lines.push(
      partLine(
        name,
        tasks.map(({ wallMs }) => wallMs),
        'ms',
      ),
      `  over ${TASK_LIMIT_MS} ms: ${long.length}; the most CPU time of one task: ${cpu.toFixed(1)} ms`,
    );
    framesLines.push(
      `${name}: ${frames.length} frames, ${judged.filter(gap => gap > 0).length} with a blank row`,
    );
  }
  const last = await page.evaluate(() => Number(document.activeElement?.getAttribute('data-row') ?? 0));
  await page.close();
  await judge.close();
  const over = `Devices screen over ${devices} devices`;
  return [
    measurement({
      name: `tasks of the page while scrolling, ${over}`,
      unit: 'ms',
      samples: wall,
      sampled: 'tasks',
      goal: { of: 'max', atMost: TASK_LIMIT_MS },
      lines: [...lines, `the keys ended at row ${last}`],
    }),
    measurement({
      name: `blank rows in painted frames, ${over}`,
      unit: 'rows',
      samples: blank,
      sampled: 'frames',
      goal: { of: 'max', atMost: 0 },
      lines: framesLines,
    }),
  ];
}

async function turnWheel(page: Page, strokes: number, pixels: number): Promise<void> {
  for (let stroke = 0; stroke < strokes; stroke += 1) {
    await page.mouse.wheel(0, pixels);
    await page.waitForTimeout(FRAME_MS);
  }
}

async function hold(page: Page, key: string, strokes: number): Promise<void> {
  await page.locator('.long-table [data-row][tabindex="0"]').focus();
  for (let stroke = 0; stroke < strokes; stroke += 1) {
    // A key that is down already repeats.
    await page.keyboard.down(key);
    await page.waitForTimeout(2 * FRAME_MS);
  }
  await page.keyboard.up(key);
}

/** Runs in the page. CSS pixels. */
function rowsInFrame(): RowsInFrame {
  const scroller = document.querySelector('.long-table-scroll')!.getBoundingClientRect();
  const row = document.querySelector('.long-table-row')!.getBoundingClientRect();
  const serial = document.querySelector('.long-table-row .mono')!.getBoundingClientRect();
  return {
    viewportWidth: window.innerWidth,
    top: scroller.top,
    bottom: scroller.bottom,
    left: serial.left,
    right: serial.right,
    rowHeight: row.height,
  };
}
