/**
 * `npm run screenshots`: the pictures in README.md and renderer/README.md, taken of the real station on virtual boards, so
 * that they show what is there. Four fixtures: one passed, one absent, one still testing, one with a copied TPM. In the outbox
 * one conflict, because another station enrolled the same board as another unit.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { findBrowser } from '../src/host/find-browser.ts';
import { startHost } from '../src/host/start-host.ts';
import { openStation } from '../src/station/open-station.ts';
import { harvestAll, waitFor } from './demo/kiosk-hand.ts';
import { startVirtualLine } from './demo/virtual-line.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const out = path.join(root, 'renderer', 'screenshots');

const line = await startVirtualLine(4);
const mute = createServer(socket => socket.on('error', () => {}));
await new Promise<void>(resolve => mute.listen(0, '127.0.0.1', resolve));
const configurationFile = path.join(line.dataDirectory, 'keyline.json');
const configuration = JSON.parse(await readFile(configurationFile, 'utf8'));
configuration.station = { name: 'Station 07', line: 'Line 3' };
configuration.products = [{ name: 'Gateway GX-2', targetPerHour: 45 }];
configuration.fixtures[2].bridge = `swtpm:host=127.0.0.1,port=${(mute.address() as AddressInfo).port}`;
configuration.fixtures[2].connectSeconds = 60;
configuration.fixtures[2].commandSeconds = 120;
await writeFile(configurationFile, JSON.stringify(configuration));
Object.assign(process.env, line.environment);

/** As the fixture's board is one that another line has tested before, under this serial. */
async function enrollAtAnotherStation(serial: string): Promise<void> {
  const dataDirectory = path.join(line.folder, 'another-station');
  await mkdir(dataDirectory, { recursive: true });
  await writeFile(
    path.join(dataDirectory, 'keyline.json'),
    JSON.stringify({ ...configuration, fixtures: configuration.fixtures.slice(0, 1) }),
  );
  const another = await openStation({ dataDirectory });
  try {
    await waitFor(another.kiosk, 'it is online', view => view.connection.state === 'online');
    await harvestAll(another.kiosk, new Map([['fixture-1', serial]]));
    await waitFor(another.kiosk, 'it is enrolled', view => view.outbox.enrolled === 1);
  } finally {
    await another.close();
  }
}

async function toStation(): Promise<void> {}

async function toDesk(page: Page): Promise<void> {
  await page.keyboard.press('F2');
  await page.locator('.long-table-row', { hasText: 'GX2-004310' }).click();
  await page.locator('.desk-choices').waitFor();
}

async function toDevice(page: Page): Promise<void> {
  await page.keyboard.press('F4');
  await page.locator('.long-table-row', { hasText: 'GX2-004311' }).click();
  await page.locator('.timeline').waitFor();
}

const station = await openStation({ dataDirectory: line.dataDirectory });
const host = await startHost({
  station: station.kiosk,
  rendererDir: path.join(root, 'out', 'renderer'),
  onFault: console.error,
});
const { path: executablePath } = findBrowser(process.env, process.platform, existsSync);
let browser: Browser | undefined;
try {
  browser = await chromium.launch({
    executablePath: executablePath!,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  await waitFor(station.kiosk, 'the station is online', view => view.connection.state === 'online');
  for (let unit = 0; unit < 9; unit += 1) {
    await line.place('fixture-1', await line.manufacture('persisted'));
    await harvestAll(station.kiosk, new Map([['fixture-1', `GX2-00430${unit}`]]));
  }
  await waitFor(station.kiosk, 'all are enrolled', view => view.outbox.queued + view.outbox.sending === 0);
  const testedTwice = await line.manufacture('persisted');
  await line.place('fixture-1', testedTwice);
  await enrollAtAnotherStation('GX2-004107');
  await harvestAll(station.kiosk, new Map([['fixture-1', 'GX2-004310']]));
  await waitFor(station.kiosk, 'the conflict is seen', view => view.outbox.conflict === 1);
  await line.emulator.stopListening();
  const last = await line.manufacture('persisted');
  await line.place('fixture-1', last);
  await harvestAll(station.kiosk, new Map([['fixture-1', 'GX2-004311']]));
  await waitFor(station.kiosk, 'it says offline', view => view.connection.state === 'offline');
  await line.unplug('fixture-2');
  await line.place('fixture-4', await line.copy(last));
  await harvestAll(
    station.kiosk,
    new Map([
      ['fixture-2', 'GX2-004312'],
      ['fixture-4', 'GX2-004298'],
    ]),
  );
  station.kiosk.scan({ text: 'GX2-004313', fixture: 'fixture-3' });
  await station.kiosk.start({ fixture: 'fixture-3' });
  await mkdir(out, { recursive: true });
  for (const [name, colorScheme, locale, goTo] of [
    ['station-dark', 'dark', 'en', toStation],
    ['station-light-ko', 'light', 'ko', toStation],
    ['outbox-desk-dark', 'dark', 'en', toDesk],
    ['devices-light', 'light', 'en', toDevice],
  ] as const) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme, locale });
    const page = await context.newPage();
    await page.addInitScript(language => localStorage.setItem('keyline.language', language), locale);
    await page.goto(host.newAddress());
    await page.getByText('GX2-004298').first().waitFor();
    await goTo(page);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: path.join(out, `${name}.png`), animations: 'disabled' });
    await context.close();
  }
  console.log(`written to ${path.relative(process.cwd(), out)}`);
} finally {
  await browser?.close();
  await host.close();
  await station.close();
  mute.close();
  await line.stop();
}
