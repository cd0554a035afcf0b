/** Many fixtures at once on real software TPMs: one start for all, and nobody waits for a device that hangs or breaks. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { waitFor } from '../../../scripts/demo/kiosk-hand.ts';
import { openStation } from '../../../src/station/open-station.ts';
import type { FixtureView, StationView } from '../../../src/station/views.ts';
import { type Break, CuttingRelay } from '../../harvest/cutting-relay.ts';
import { DutShelf } from '../../harvest/virtual-dut.ts';
import { missing } from '../../parts.ts';
import { cleanUp, temporaryFolder } from '../../tcti/bridges.ts';
import { startServer } from '../../tcti/loopback-servers.ts';

const HEALTHY = 14;
/** Long enough that who waits for a hanging device is seen to. */
const HANG_SECONDS = 3;

describe('many fixtures at once', { skip: missing('swtpm', 'swtpm-tools') }, () => {
  const shelf = new DutShelf();
  after(() => shelf.clear());

  async function stationWith(bridges: readonly string[], later: (action: () => unknown) => void) {
    const dataDirectory = await temporaryFolder(later);
    const fixtures = bridges.map((bridge, index) => ({
      id: `F${index + 1}`,
      bridge,
      commandSeconds: HANG_SECONDS,
      harvestSeconds: HANG_SECONDS + 1,
    }));
    writeFileSync(path.join(dataDirectory, 'keyline.json'), JSON.stringify({ fixtures }));
    const station = await openStation({ dataDirectory, env: { KEYLINE_REHEARSAL: '1' } });
    later(() => station.close());
    return station;
  }

  /** The boards all have one TPM's state: the first is recorded, the others are its clones, read and proved all the same. */
  const healthyBridges = async () => {
    const duts = await Promise.all(Array.from({ length: HEALTHY }, () => shelf.take('certified')));
    return duts.map(dut => dut.bridge);
  };
  const relayInFront = async (port: number, how: Break, later: (action: () => unknown) => void) => {
    const relay = await CuttingRelay.start(port, how);
    later(() => relay.stop());
    return relay;
  };
  const whole = ({ state, verdict }: FixtureView) =>
    state === 'decided' &&
    (verdict?.code === 'passed' || verdict?.code === 'clone' || verdict?.code === 'retest');

  it('a mute, a cut, a dead, a talking and a torn device keep no healthy one waiting', async context => {
    const later = cleanUp(context);
    later(() => shelf.powerOff());
    const broken = await brokenBridges(later);
    const { kiosk } = await stationWith([...broken, ...(await healthyBridges())], later);
    const healthyOf = ({ fixtures }: StationView) => fixtures.slice(broken.length);
    /** Milliseconds from the one start until the last healthy one was decided. */
    const round = async (name: string, from: number) => {
      const ids = kiosk
        .view()
        .fixtures.slice(from)
        .map(({ id }) => id);
      for (const fixture of ids) kiosk.scan({ text: `${name}-${fixture}`, fixture });
      const begun = performance.now();
      assert.deepEqual(await kiosk.start({}), { ok: true, started: ids.length });
      const view = await waitFor(kiosk, `round ${name}`, now =>
        healthyOf(now).every(({ state }) => state === 'decided'),
      );
      assert.ok(healthyOf(view).every(whole), JSON.stringify(view.fixtures));
      return performance.now() - begun;
    };
    await round('warm', broken.length);
    const alone = await round('alone', broken.length);
    const together = await round('together', 0);
    context.diagnostic(
      `${HEALTHY} devices: ${alone.toFixed(0)} ms alone, ${together.toFixed(0)} ms with broken ones`,
    );
    assert.equal(kiosk.view().fixtures[0]?.state, 'running', 'the mute one is still waited for');
    assert.ok(together < 3 * alone + 300, `${together} ms, alone ${alone} ms`);
    const { fixtures } = await waitFor(kiosk, 'the rest', view =>
      view.fixtures.every(({ state }) => state === 'decided'),
    );
    assert.deepEqual(
      fixtures.slice(0, broken.length).map(({ verdict }) => verdict?.code),
      [
        'bridge-timeout',
        'bridge-timeout',
        'bridge-closed',
        'bridge-unreachable',
        'bridge-garbage',
        'bridge-closed',
      ],
    );
  });

  async function brokenBridges(later: (action: () => unknown) => void): Promise<string[]> {
    const serving = async (serve: Parameters<typeof startServer>[0]) => {
      const server = await startServer(socket => serve(socket.on('error', () => {})));
      later(() => server.close());
      return `swtpm:host=127.0.0.1,port=${server.port}`;
    };
    const dead = await startServer(() => {});
    dead.close();
    const muteLater = await relayInFront((await shelf.take('certified')).port, { at: 6, how: 'mute' }, later);
    const cut = await relayInFront(
      (await shelf.take('certified')).port,
      { at: 5, how: 'instead-of-response' },
      later,
    );
    return [
      await serving(() => {}),
      muteLater.bridge,
      cut.bridge,
      `swtpm:host=127.0.0.1,port=${dead.port}`,
      await serving(socket => socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))),
      await serving(socket => socket.on('data', () => socket.end(Buffer.from('8001', 'hex')))),
    ];
  }

  it('each is stopped by hand at whichever command it waits for, while the others go on', async context => {
    const later = cleanUp(context);
    later(() => shelf.powerOff());
    const commands = Array.from({ length: 11 }, (_, at) => at);
    const relays = await Promise.all(
      commands.map(async at =>
        relayInFront((await shelf.take('certified')).port, { at, how: 'mute' }, later),
      ),
    );
    const { kiosk } = await stationWith(
      [...relays.map(({ bridge }) => bridge), (await shelf.take('certified')).bridge],
      later,
    );
    for (let n = 1; n <= 12; n++) kiosk.scan({ text: `SN-${n}`, fixture: `F${n}` });
    kiosk.start({});
    await Promise.all(relays.map(({ broken }) => broken));
    const view = await waitFor(kiosk, 'the one that does not hang', ({ fixtures }) => whole(fixtures[11]!));
    assert.ok(view.fixtures.slice(0, 11).every(({ state }) => state === 'running'));
    for (let n = 1; n <= 11; n++) assert.deepEqual(await kiosk.stop({ fixture: `F${n}` }), { ok: true });
    const stopped = await waitFor(kiosk, 'all are stopped', ({ fixtures }) =>
      fixtures.every(f => f.state === 'decided'),
    );
    assert.deepEqual(
      stopped.fixtures
        .slice(0, 11)
        .map(({ verdict }) => [verdict?.code, verdict?.warnings.includes('handles-left')]),
      commands.map(() => ['cancelled', false]),
    );
  });
});
