/** The instruments of the benches that hold a figure against a limit: none of them may call good what is not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launchBrowser } from '../../scripts/bench/bench-browser.ts';
import { measurement } from '../../scripts/bench/measurement.ts';
import { judgeFrames } from '../../scripts/bench/painted-rows.ts';
import { lastToSecondQuarter } from '../../scripts/bench/shift-memory.ts';
import { framesOf, mainThreadTasks } from '../../scripts/bench/trace-events.ts';
import { missing } from '../parts.ts';

test('a limit is held by p95 or by the greatest, as it says', () => {
  const samples = [...Array(99).fill(10), 60];
  const measured = { name: 'keys', unit: 'ms', sampled: 'keys', samples } as const;
  assert.equal(measurement({ ...measured, goal: { of: 'p95', atMost: 50 } }).met, true);
  assert.equal(measurement({ ...measured, goal: { of: 'max', atMost: 50 } }).met, false);
  assert.throws(() => measurement({ ...measured, samples: [], goal: { of: 'max', atMost: 50 } }), RangeError);
});

test('memory that grows with every share of a shift is not flat, and a cache that fills in the first quarter is', () => {
  assert.ok(lastToSecondQuarter([100, 110, 120, 130, 140, 150, 160, 170, 180, 190]) > 1.3);
  assert.equal(lastToSecondQuarter([50, 80, 100, 100, 100, 100, 100, 100, 100, 100]), 1);
});

test('of a trace count the tasks of the page’s main thread, with their own processor time, and the painted frames', () => {
  const task = (tid: number, dur: number) => ({ name: 'RunTask', ph: 'X', pid: 7, tid, dur, tdur: dur / 2 });
  const traceEvents = [
    { name: 'thread_name', ph: 'M', pid: 7, tid: 1, args: { name: 'CrRendererMain' } },
    { name: 'thread_name', ph: 'M', pid: 7, tid: 2, args: { name: 'Compositor' } },
    task(1, 60_000),
    task(2, 90_000),
    { name: 'Layout', ph: 'X', pid: 7, tid: 1, dur: 70_000 },
    { name: 'Screenshot', ph: 'O', pid: 3, tid: 9, args: { snapshot: 'abc' } },
  ];
  const trace = Buffer.from(JSON.stringify({ traceEvents }));
  assert.deepEqual(mainThreadTasks(trace), [{ wallMs: 60, cpuMs: 30 }]);
  assert.deepEqual(framesOf(trace), ['abc']);
});

test('a frame without two of its rows is seen, also in a small picture', {
  skip: missing('chromium'),
}, async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 500, height: 400 } });
    const rows = { viewportWidth: 500, top: 0, bottom: 400, left: 10, right: 150, rowHeight: 40 };
    const frame = async (withheld: readonly number[]) => {
      const row = (at: number) =>
        withheld.includes(at) ? '' : `<p style="top:${at * 40}px">KL26-0000${at}</p>`;
      const style =
        'p { position: absolute; left: 10px; margin: 0; font: 16px/39px monospace; height: 39px; }';
      await page.setContent(
        `<style>body { margin: 0 } ${style}</style>${Array.from({ length: 10 }, (_, at) => row(at)).join('')}`,
      );
      return (await page.screenshot({ type: 'jpeg', quality: 60 })).toString('base64');
    };
    const judge = await browser.newPage();
    const frames = [await frame([]), await frame([4]), await frame([4, 5]), await frame([9])];
    assert.deepEqual(await judgeFrames(judge, frames, rows), [0, 1, 2, 1]);
  } finally {
    await browser.close();
  }
});
