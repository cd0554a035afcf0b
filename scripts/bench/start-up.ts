/**
 * How long a start takes: `keyline serve` from its process to its first answer, against a server of bare Node; and Chromium
 * from its process to the first paint of the kiosk, against a page with one React component.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { firstPaint, launchBrowser, now } from './bench-browser.ts';
import { type BenchStation, withStation } from './bench-station.ts';
import { checkout } from './build-screen.ts';
import { type Comparison, compare } from './comparison.ts';
import { type Measurement, measurement } from './measurement.ts';
import { screenSize, sizeLimits } from './screen-size.ts';

/** Nothing is at this bridge; nothing is asked of it. */
const nowhere = 'swtpm:host=127.0.0.1,port=9';

export async function compareStart(rounds: number): Promise<readonly (Comparison | Measurement)[]> {
  return withStation(nowhere, async bench => [
    await compareReady(bench, rounds),
    await comparePaint(bench, rounds),
    ...measureSize(bench),
  ]);
}

const bareServer =
  "const server = require('node:http').createServer((_, response) => response.end());" +
  "server.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port + '/'));";

async function compareReady({ folder }: BenchStation, rounds: number): Promise<Comparison> {
  const dataDirectory = path.join(folder, 'served');
  return compare({
    name: 'server ready',
    against: 'node',
    unit: 'ms',
    rounds,
    keyline: () => timeReady(path.join(checkout, 'keyline'), ['--data-dir', dataDirectory, 'serve']),
    floor: () => timeReady(process.execPath, ['-e', bareServer]),
    goal: { atMost: 1.3 },
  });
}

/** @returns milliseconds from before the process until it answered at the address that it printed */
async function timeReady(command: string, args: readonly string[]): Promise<number> {
  const begun = performance.now();
  const child = spawn(command, args, {
    env: { ...process.env, KEYLINE_REHEARSAL: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const answer = await fetch(await addressOf(child), { redirect: 'manual' });
    await answer.arrayBuffer();
    return performance.now() - begun;
  } finally {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const [address] = line.match(/http:\/\/\S+/) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error('the server ended without an address');
}

async function comparePaint({ host, folder }: BenchStation, rounds: number): Promise<Comparison> {
  const trivial = await serveTrivialPage(path.join(folder, 'trivial'));
  try {
    return await compare({
      name: 'first paint',
      against: 'React',
      unit: 'ms',
      rounds,
      keyline: () => timePaint(host.newAddress()),
      floor: () => timePaint(trivial.address),
      goal: { atMost: 1.15 },
    });
  } finally {
    await trivial.stop();
  }
}

/** @returns milliseconds from before the browser's process */
async function timePaint(address: string): Promise<number> {
  const begun = now();
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(address, { waitUntil: 'commit' });
    return (await firstPaint(page)) - begun;
  } finally {
    await browser.close();
  }
}

function measureSize({ folder }: BenchStation): readonly Measurement[] {
  const size = screenSize(path.join(folder, 'renderer'));
  return (['script', 'style'] as const).map(part =>
    measurement({
      name: `size of the screen’s ${part}`,
      unit: 'kB',
      samples: [size[part].kilobytes],
      sampled: 'build',
      goal: { of: 'max', atMost: sizeLimits[part].kilobytes },
      lines: [`gzipped: ${size[part].gzipped} kB, at most ${sizeLimits[part].gzipped} kB`],
    }),
  );
}

const contentTypes: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

async function serveTrivialPage(outDir: string) {
  await build({
    configFile: false,
    logLevel: 'error',
    root: path.join(import.meta.dirname, 'trivial-page'),
    base: './',
    plugins: [react()],
    build: { outDir, emptyOutDir: true, target: 'chrome140', modulePreload: { polyfill: false } },
  });
  const server = createServer(async (request, response) => {
    const file = path.join(outDir, request.url === '/' ? 'index.html' : path.posix.normalize(request.url!));
    const content = await readFile(file).catch(() => undefined);
    const type = contentTypes[path.extname(file)] ?? 'text/plain';
    response.writeHead(content ? 200 : 404, { 'content-type': type }).end(content);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: () => {
      server.closeAllConnections();
      return new Promise(resolve => server.close(resolve));
    },
  };
}
