/**
 * Memory over a simulated shift: tens of thousands of devices through the fixtures of one station, with its screen open and its
 * drain running. Each device is a transcript with a key of its own, harvested and recorded like any other. After each share
 * of the shift garbage is collected on both sides, and it is looked at what stays. Flat is a last quarter of the shift that
 * takes no more than the second one did, give or take: in the first one caches fill.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, CDPSession } from 'playwright';
import { launchBrowser } from './bench-browser.ts';
import { withDpsAtWork } from './dps-at-work.ts';
import { type LineHands, workLine } from './line-hands.ts';
import { type Measurement, measurement } from './measurement.ts';
import { type DeviceMaker, recordDeviceMaker } from './replayed-devices.ts';
import { type StationAtWork, withStationAtWork } from './station-at-work.ts';

const FIXTURES = 4;
const SHARES = 10;
const FLAT = 1.05;
const LOOK_MS = 50;

/** What is looked at, in MiB but for the nodes. */
interface Memory {
  readonly 'station process': number;
  readonly 'station heap': number;
  readonly 'page process': number;
  readonly 'page heap': number;
  readonly 'nodes of the page': number;
}

export async function measureShift({
  devices,
}: {
  readonly devices: number;
}): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-bench-'));
  try {
    const maker = await recordDeviceMaker(folder);
    const dataDirectory = path.join(folder, 'station');
    await mkdir(dataDirectory, { mode: 0o700 });
    const transcripts = new Map(
      Array.from({ length: FIXTURES }, (_, at) => [`fixture-${at + 1}`, path.join(folder, `dut-${at + 1}`)]),
    );
    const fixtures = [...transcripts].map(([id, file]) => ({ id, bridge: `replay:${file}` }));
    await writeFile(path.join(dataDirectory, 'keyline.json'), JSON.stringify({ fixtures }));
    return await withDpsAtWork(path.join(folder, 'dps'), ({ environment }) =>
      withStationAtWork(
        { dataDirectory, rendererDir: path.join(folder, 'renderer'), env: environment },
        station => workShift(station, { devices, maker, transcripts }),
      ),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function workShift(
  station: StationAtWork,
  of: {
    readonly devices: number;
    readonly maker: DeviceMaker;
    /** Of each fixture. */
    readonly transcripts: ReadonlyMap<string, string>;
  },
): Promise<readonly Measurement[]> {
  const { devices, maker, transcripts } = of;
  const browser = await launchBrowser();
  let line: LineHands | undefined;
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.goto(await station.address());
    await page.locator('.tile').first().waitFor();
    const cdp = await page.context().newCDPSession(page);
    const look = () => memoryOf(station, browser, cdp);
    const courses = [await look()];
    const lines = [courseLine(0, courses[0]!)];
    let begun = 0;
    let allowed = 0;
    let more = Promise.withResolvers<void>();
    line = workLine(
      await station.connect(),
      [...transcripts.keys()],
      async fixture => {
        while (begun >= allowed) await more.promise;
        begun += 1;
        const serial = `SHIFT-${String(begun).padStart(6, '0')}`;
        await maker.make(transcripts.get(fixture)!);
        return serial;
      },
      fault => console.error(fault),
    );
    const shiftBegun = performance.now();
    for (let share = 1; share <= SHARES; share += 1) {
      allowed = Math.round((devices * share) / SHARES);
      more.resolve();
      more = Promise.withResolvers<void>();
      await untilTested(line, allowed);
      const memory = await look();
      courses.push(memory);
      lines.push(courseLine(allowed, memory));
      // A shift takes many minutes; whoever waits sees how far it is.
      console.error(lines.at(-1));
    }
    const seconds = (performance.now() - shiftBegun) / 1000;
    lines.push(`${devices} devices passed in ${seconds.toFixed(0)} s at ${FIXTURES} fixtures`);
    const names = Object.keys(courses[0]!) as (keyof Memory)[];
    return names.map((name, at) =>
      measurement({
        name: `${name}: last quarter of a shift of ${devices} devices to its second`,
        unit: '×',
        samples: [lastToSecondQuarter(courses.slice(1).map(memory => memory[name]))],
        sampled: 'shift',
        goal: { of: 'max', atMost: FLAT },
        lines: at === 0 ? lines : [],
      }),
    );
  } finally {
    await line?.stop();
    await browser.close();
  }
}

/** Throws at the first device that does not pass. */
async function untilTested(line: LineHands, count: number): Promise<void> {
  for (;;) {
    const { passed, others } = line.tested();
    if (others.size > 0) throw new Error(`a device of the shift ended as ${[...others.keys()]}`);
    if (passed >= count) return;
    await pause(LOOK_MS);
  }
}

export function lastToSecondQuarter(course: readonly number[]): number {
  const mean = (part: readonly number[]) => part.reduce((sum, each) => sum + each, 0) / part.length;
  const at = (share: number) => Math.floor(course.length * share);
  return mean(course.slice(at(0.75))) / mean(course.slice(at(0.25), at(0.5)));
}

const mebibytes = (bytes: number) => bytes / 2 ** 20;

async function memoryOf(station: StationAtWork, browser: Browser, cdp: CDPSession): Promise<Memory> {
  const nodes = await collectGarbage(cdp);
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  const { rss, heapUsed, external } = await station.memory();
  return {
    'station process': mebibytes(rss),
    'station heap': mebibytes(heapUsed + external),
    'page process': mebibytes(await pageProcess(browser)),
    'page heap': mebibytes(usedSize),
    'nodes of the page': nodes,
  };
}

/** Nodes and what holds them are in two heaps: what one collection frees frees more in the next. @returns nodes that stay */
async function collectGarbage(cdp: CDPSession): Promise<number> {
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    await cdp.send('HeapProfiler.collectGarbage');
    const { nodes } = await cdp.send('Memory.getDOMCounters');
    if (nodes >= before) return nodes;
    before = nodes;
  }
}

const PAGE_BYTES = 4096;

/** Resident bytes of the renderer that has used the most processor time; 1 where the system has no /proc. */
async function pageProcess(browser: Browser): Promise<number> {
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  await cdp.detach();
  const [busiest] = processInfo
    .filter(({ type }) => type === 'renderer')
    .sort((one, other) => other.cpuTime - one.cpuTime);
  const statm = await readFile(`/proc/${busiest?.id}/statm`, 'utf8').catch(() => '');
  return Number(statm.split(' ')[1] ?? 1) * PAGE_BYTES;
}

function courseLine(devices: number, memory: Memory): string {
  const parts = Object.entries(memory).map(([name, value]) =>
    name === 'nodes of the page' ? `${value} nodes` : `${name} ${value.toFixed(1)}`,
  );
  return `after ${devices} devices, MiB: ${parts.join(', ')}`;
}
