/** A unit is scanned, seated, tested and taken out, and the only thing that a hand does at the kiosk is the scan. */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright';
import { en } from '../../renderer/messages/en.ts';
import { makeSwtpmState } from '../../scripts/virtual-dut/make-swtpm-state.ts';
import { type Swtpm, startSwtpm } from '../../scripts/virtual-dut/start-swtpm.ts';
import { startHost } from '../../src/host/start-host.ts';
import { openStation } from '../../src/station/open-station.ts';
import { unexpected } from '../api/scripted-station.ts';
import { missing } from '../parts.ts';
import { scanByWedge } from '../renderer/scan-by-wedge.ts';
import { launchChromium, root } from '../standin/run-app.ts';

describe('a fixture that starts by itself, in a browser', {
  skip: missing('swtpm', 'swtpm-tools', 'chromium'),
}, () => {
  const ending: (() => unknown)[] = [];
  after(async () => {
    for (const end of ending) await end();
  });
  let folder: string;
  let board: Swtpm;
  let browser: Browser;
  let page: Page;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'keyline-hands-free-'));
    ending.unshift(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    await makeSwtpmState(path.join(folder, 'made'), { ek: 'persisted' });
    board = await seat();
    ending.unshift(() => board.stop());
    const dataDirectory = path.join(folder, 'station');
    await mkdir(dataDirectory);
    const fixtures = [{ id: 'left', name: 'Left', bridge: board.bridge, handsFree: 'scanned' }];
    await writeFile(path.join(dataDirectory, 'keyline.json'), JSON.stringify({ fixtures }));
    const station = await openStation({ dataDirectory, env: { KEYLINE_REHEARSAL: '1' }, lookEveryMs: 20 });
    ending.unshift(() => station.close());
    const rendererDir = path.join(root, 'out', 'renderer');
    const host = await startHost({ station: station.kiosk, rendererDir, onFault: unexpected });
    ending.unshift(() => host.close());
    browser = await launchChromium();
    ending.unshift(() => browser.close());
    page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(host.url);
  });

  async function seat(port?: number): Promise<Swtpm> {
    const stateDir = await mkdtemp(path.join(folder, 'board-'));
    await cp(path.join(folder, 'made'), stateDir, { recursive: true });
    return startSwtpm({ stateDir, ...(port === undefined ? {} : { port }) });
  }
  const says = (words: string) =>
    page.locator('[data-fixture=left]').getByText(words, { exact: true }).waitFor();
  const { idle, armed } = en.tile.handsFree;

  test('scans, and the rest happens when the unit is seated', async () => {
    await says(idle.occupied);
    await board.stop();
    await says(idle.empty);
    await scanByWedge(page, 'SN-1');
    await says(armed.empty);
    board = await seat(board.port);
    await says(en.word.passed);
    await board.stop();
    await scanByWedge(page, 'SN-1');
    await says(armed.empty);
    board = await seat(board.port);
    await says(en.word.retest);
    assert.equal(await page.locator('.tile-decided').count(), 1);
  });
});
