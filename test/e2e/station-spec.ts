/**
 * What a technician does at the kiosk, the same over every host: a real TPM (swtpm) on the bridge, a real station, the
 * built screen in a real browser engine. Each host's test file brings only how the kiosk is opened there.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright';
import { makeSwtpmState } from '../../scripts/virtual-dut/make-swtpm-state.ts';
import { type Swtpm, startSwtpm } from '../../scripts/virtual-dut/start-swtpm.ts';
import { findDevices } from '../../src/station/devices/find-devices.ts';
import { openCore } from '../../src/station/open-core.ts';
import { scanByWedge } from '../renderer/scan-by-wedge.ts';

export interface OpenKiosk {
  readonly page: Page;
  /** Cuts the connection between screen and station, and nothing else. */
  drop(): Promise<void>;
  close(): Promise<void>;
}

export interface KioskHost {
  /** Begins the name of every test. */
  readonly name: string;
  readonly skip: string | false;
  /** Opens the kiosk of the station in this data directory. */
  open(dataDir: string): Promise<OpenKiosk>;
}

const serial = 'KL-2026-0O1l';

export function stationSpec({ name, skip, open }: KioskHost): void {
  let directory: string;
  let dataDir: string;
  let swtpm: Swtpm;
  let kiosk: OpenKiosk;
  let page: Page;
  const complaints: string[] = [];

  before(async () => {
    if (skip) return;
    directory = await mkdtemp(path.join(tmpdir(), 'keyline-e2e-'));
    dataDir = path.join(directory, 'data');
    const stateDir = path.join(directory, 'tpm');
    await makeSwtpmState(stateDir, { ek: 'persisted', caDir: path.join(directory, 'ca') });
    swtpm = await startSwtpm({ stateDir });
    process.env.KEYLINE_REHEARSAL = '1';
    openCore({ dataDirectory: dataDir }).close();
    const fixtures = [
      { id: 'left', name: 'Left', bridge: swtpm.bridge },
      { id: 'right', name: 'Right', bridge: 'swtpm:host=127.0.0.1,port=9' },
    ];
    await writeFile(path.join(dataDir, 'keyline.json'), JSON.stringify({ fixtures }));
    kiosk = await open(dataDir);
    page = kiosk.page;
    page.setDefaultTimeout(10_000);
    page.on('response', response => {
      if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
    });
    page.on('console', message => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', error => complaints.push(String(error)));
  });
  after(async () => {
    await kiosk?.close();
    await swtpm?.stop();
    if (directory) await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });

  const tile = (number: number) => page.getByRole('article', { name: `Fixture ${number}` });
  /** Case counts: `getByText` would take a serial in the wrong case for the right one. */
  const holds = (number: number, text: string) =>
    tile(number)
      .filter({ hasText: new RegExp(text) })
      .waitFor();
  test(`${name}: the Station screen shows the fixtures and says that this is a rehearsal`, {
    skip,
  }, async () => {
    await tile(1).waitFor();
    assert.equal(await page.getByRole('article').count(), 2);
    assert.match((await page.locator('body').innerText()).toLowerCase(), /rehearsal/);
  });

  test(`${name}: scan, F1, PASS: the key is on disk (H5)`, { skip }, async () => {
    await scanByWedge(page, serial);
    await holds(1, serial);
    await page.keyboard.press('F1');
    await tile(1).getByText('PASS').waitFor({ timeout: 20_000 });
    const core = openCore({ dataDirectory: dataDir });
    try {
      const [device, ...others] = findDevices(core, serial, 10);
      assert.deepEqual([device?.serial, device?.origin, others.length], [serial, 'harvested', 0]);
    } finally {
      core.close();
    }
  });

  test(`${name}: a bridge where nobody answers ends in FAIL with what to do`, { skip }, async () => {
    await scanByWedge(page, 'KL-2026-0002');
    await holds(2, 'KL-2026-0002');
    await page.keyboard.press('F1');
    await tile(2).getByText('FAIL').waitFor({ timeout: 20_000 });
    await tile(1).getByText('PASS').waitFor();
  });

  test(`${name}: after a lost connection the screen shows what is true now`, { skip }, async () => {
    await kiosk.drop();
    const cleared = tile(2).getByText(/scan/i);
    // A touch in the moment of the loss is told to the person, who touches again.
    for (const end = Date.now() + 10_000; Date.now() < end && !(await cleared.isVisible()); ) {
      await tile(2).getByRole('button', { name: /next/i }).click();
      await cleared.waitFor({ timeout: 500 }).catch(() => {});
    }
    await cleared.waitFor();
    await tile(1).getByText('PASS').waitFor();
  });

  test(`${name}: after a reload as well`, { skip }, async () => {
    await page.reload();
    await tile(1).getByText('PASS').waitFor();
    await holds(1, serial);
  });

  test(`${name}: S1 the page has no Node, no foreign code, no foreign place`, { skip }, async () => {
    assert.deepEqual(complaints, [], 'nothing in the console until here');
    const seen = await page.evaluate(async () => {
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', event =>
        violations.push(event.effectiveDirective),
      );
      const inline = document.createElement('script');
      inline.textContent = 'window.ran = true';
      document.head.append(inline);
      await fetch('https://example.com/').catch(() => {});
      for (let waits = 0; waits < 500 && violations.length < 2; waits++)
        await new Promise(resolve => setTimeout(resolve, 10));
      const node = ['require', 'process', 'module', 'Buffer'].filter(word => word in globalThis);
      return { violations, node, ran: 'ran' in window };
    });
    assert.deepEqual(seen, { violations: ['script-src-elem', 'connect-src'], node: [], ran: false });
  });
}
