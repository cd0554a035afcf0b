/**
 * Window and station apart, in the built Electron shell under the stand-in: one of them is killed while a real software TPM
 * is harvested, and the other one goes on. And the way out for staff.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright';
import { en } from '../../renderer/messages/en.ts';
import { makeSwtpmState } from '../../scripts/virtual-dut/make-swtpm-state.ts';
import { type Swtpm, startSwtpm } from '../../scripts/virtual-dut/start-swtpm.ts';
import { openCore } from '../../src/station/open-core.ts';
import { keyline } from '../cli/run-keyline.ts';
import { CuttingRelay } from '../harvest/cutting-relay.ts';
import { missing } from '../parts.ts';
import { untilGone } from '../processes.ts';
import { scanByWedge } from '../renderer/scan-by-wedge.ts';
import { standin } from '../standin/electron.ts';
import { type RunningApp, runApp } from '../standin/run-app.ts';
import { entriesOf } from '../station/station-fixture.ts';

const startAuthSession = 0x176;
const serial = 'SN-1';

describe('stand-in, not Electron: window and station apart', {
  skip: missing('swtpm', 'swtpm-tools', 'chromium'),
}, () => {
  const ending: (() => unknown)[] = [];
  after(async () => {
    for (const end of ending) await end();
  });
  let dataDir: string;
  let swtpm: Swtpm;
  let relay: CuttingRelay;
  let gate: Gate;
  let app: RunningApp;
  let page: Page;
  before(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'keyline-apart-'));
    ending.unshift(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const stateDir = path.join(folder, 'tpm');
    await makeSwtpmState(stateDir, { ek: 'persisted' });
    swtpm = await startSwtpm({ stateDir });
    ending.unshift(() => swtpm.stop());
    // The session is in the TPM, and its run does not hear of it.
    relay = await CuttingRelay.start(swtpm.port, {
      at: { commandCode: startAuthSession },
      how: 'mute-after-command',
    });
    ending.unshift(() => relay.stop());
    gate = await openGate();
    ending.unshift(() => gate.close());
    dataDir = path.join(folder, 'station');
    await mkdir(dataDir);
    const fixtures = [{ id: 'left', bridge: gate.bridge, connectSeconds: 60, commandSeconds: 60 }];
    await writeFile(path.join(dataDir, 'keyline.json'), JSON.stringify({ fixtures }));
    process.env.KEYLINE_REHEARSAL = '1';
    standin.isPackaged = true;
    app = await runApp(dataDir);
    ending.unshift(() => app.close());
    page = await app.page();
    page.setDefaultTimeout(15_000);
    await page.locator('.tiles').waitFor();
  });

  const core = () => standin.utilities.at(-1)!;
  async function startTest(): Promise<void> {
    await scanByWedge(page, serial);
    await page.locator('.tile-armed').waitFor();
    await page.keyboard.press('F1');
    await page.locator('.tile-running').waitFor();
  }

  test('stand-in, not Electron: a page that crashes during a test finds its verdict, and the station never knew', async () => {
    const { pid } = core();
    await startTest();
    await page.evaluate(() => Object.assign(window, { mark: 1 }));
    const back = page.waitForEvent('load');
    standin.windows[0]!.emit('unresponsive');
    gate.open(swtpm.port);
    await back;
    assert.equal(await page.evaluate(() => 'mark' in window), false);
    await page.locator('.tile-decided').getByText('PASS', { exact: true }).waitFor();
    assert.deepEqual([core().pid, standin.utilities.length], [pid, 1]);
  });

  test('stand-in, not Electron: H1 a station that is killed during a test comes back to its window, and the next one passes', async () => {
    gate.open(relay.port);
    await page.evaluate(() => Object.assign(window, { mark: 2 }));
    await startTest();
    await relay.broken;
    const { pid } = core();
    process.kill(pid!, 'SIGKILL');
    const band = page.locator('.band').getByText(en.noContact.title);
    await band.waitFor();
    assert.ok(await page.locator('.tile-running').isVisible(), 'the last picture stays');
    await band.waitFor({ state: 'detached' });
    assert.notEqual(core().pid, pid);
    assert.equal(await page.evaluate(() => 'mark' in window), true, 'the same page');

    await startTest();
    await page.locator('.tile-decided').waitFor();
    const known = openCore({ dataDirectory: dataDir });
    try {
      assert.deepEqual(
        entriesOf(known)
          .filter(({ type }) => type === 'harvest')
          .map(({ data }) => data.verdict),
        ['passed', 'retest'],
        'a run that was killed has no verdict',
      );
      assert.equal(known.ledger.runNotes.get(gate.bridge), undefined, 'what it left in the TPM was flushed');
    } finally {
      known.close();
    }
  });

  test('stand-in, not Electron: staff end it: the station closes, then the window, and the audit says so', async () => {
    const { pid } = core();
    await page.keyboard.press('F10');
    await page.getByRole('button', { name: en.leave.open }).click();
    await page.getByRole('dialog', { name: en.leave.open }).locator('.button-main').click();
    assert.equal(await standin.exited.promise, 0);
    await untilGone([pid!]);
    const verified = await keyline(['audit', 'verify', path.join(dataDir, 'ledger.sqlite')], { dataDir });
    assert.equal(verified.code, 0, verified.stderr);
    const known = openCore({ dataDirectory: dataDir });
    try {
      assert.equal(entriesOf(known).filter(({ type }) => type === 'kiosk').length, 1);
    } finally {
      known.close();
    }
  });
});

interface Gate {
  readonly bridge: string;
  /** Leads every connection to this port, from the first time on. */
  open(target: number): void;
  close(): void;
}

/** Takes a connection and carries nothing of it until it is opened. */
async function openGate(): Promise<Gate> {
  const sockets = new Set<Socket>();
  const opened = Promise.withResolvers<void>();
  let target = 0;
  const server = createServer(async near => {
    sockets.add(near.on('error', () => {}));
    await opened.promise;
    const far = connect(target, '127.0.0.1');
    sockets.add(far.on('error', () => {}));
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    bridge: `swtpm:host=127.0.0.1,port=${(server.address() as AddressInfo).port}`,
    open(port) {
      target = port;
      opened.resolve();
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
