/**
 * How long after its commit a PASS is on the screen: a real station at a virtual DUT, behind the host of `serve`, shown by
 * Chromium. The floor is a page of one word that is told over a WebSocket to show it. From the second round on the device
 * is known to the ledger, and its PASS says so.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright';
import { type WebSocket, WebSocketServer } from 'ws';
import { waitFor } from '../demo/kiosk-hand.ts';
import { launchBrowser, now, paintAfter } from './bench-browser.ts';
import { withDut } from './bench-duts.ts';
import { type BenchStation, withStation } from './bench-station.ts';
import { type Comparison, compare } from './comparison.ts';

const FIXTURE = 'fixture-1';
const viewport = { width: 1280, height: 800 };

export async function compareScreen(rounds: number): Promise<Comparison> {
  return withDut('persisted', dut =>
    withStation(dut.bridge, async bench => {
      const browser = await launchBrowser();
      const told = await startToldPage(browser);
      try {
        const page = await browser.newPage({ viewport });
        await page.goto(bench.host.url);
        await page.locator('.tile').first().waitFor();
        return await compare({
          name: 'PASS on the screen after its commit',
          against: 'word',
          unit: 'ms',
          rounds,
          keyline: () => timePass(bench, page),
          floor: () => told.time(),
          goal: { within: 300 },
        });
      } finally {
        await browser.close();
        await told.stop();
      }
    }),
  );
}

/** @returns milliseconds; the commit is not over when its time is taken, so it is too much rather than too little */
async function timePass({ station: { kiosk } }: BenchStation, page: Page): Promise<number> {
  const scanned = await kiosk.scan({ text: 'BENCH-0001', fixture: FIXTURE });
  if (!scanned.ok) throw new Error(`the scan was refused: ${scanned.code}`);
  const paintedAt = await paintAfter(page, '.verdict-pass', async () => {
    await kiosk.start({ fixture: FIXTURE });
    const { fixtures } = await waitFor(kiosk, 'a verdict', view => view.fixtures[0]!.state === 'decided');
    const { verdict, code } = fixtures[0]!.verdict!;
    if (verdict !== 'passed' && verdict !== 'retest') throw new Error(`the harvest ended as ${code}`);
  });
  return paintedAt - kiosk.view().fixtures[0]!.verdict!.committedAt;
}

interface ToldPage {
  time(): Promise<number>;
  stop(): Promise<void>;
}

const toldPage = `<!doctype html><p id="word"></p><script>
const word = document.getElementById('word');
new WebSocket('ws://' + location.host).onmessage = ({ data }) => {
  word.textContent = data;
  word.className = data === '' ? '' : 'shown';
};
</script>`;

async function startToldPage(browser: Browser): Promise<ToldPage> {
  const server = createServer((_, response) => response.end(toldPage));
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const connected = once(sockets, 'connection') as Promise<[WebSocket]>;
  const page = await browser.newPage({ viewport });
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const [socket] = await connected;
  return {
    async time() {
      socket.send('');
      let toldAt = 0;
      const paintedAt = await paintAfter(page, '.shown', async () => {
        toldAt = now();
        socket.send('PASS');
      });
      return paintedAt - toldAt;
    },
    async stop() {
      socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
