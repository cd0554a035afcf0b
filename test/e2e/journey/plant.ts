/**
 * The plant of a new technician: four boards on bridges, one of them over a link that can be cut, a DPS, another station that
 * shares it, and a station that nobody has set up yet.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { harvestAll, waitFor } from '../../../scripts/demo/kiosk-hand.ts';
import { startVirtualLine, type VirtualLine } from '../../../scripts/demo/virtual-line.ts';
import { type SlowLink, startSlowLink } from '../../../scripts/virtual-dut/slow-link.ts';
import { type Host, startHost } from '../../../src/host/start-host.ts';
import { openStation, type Station } from '../../../src/station/open-station.ts';
import { unexpected } from '../../api/scripted-station.ts';
import { root } from '../../standin/run-app.ts';

export interface Plant {
  readonly line: VirtualLine;
  readonly station: Station;
  readonly host: Host;
  /** Of the swtpm bridges, first to fourth; the fourth is the link's. */
  readonly ports: readonly number[];
  readonly link: SlowLink;
  /** Takes the board out of a fixture (1 to 4) and puts a new one in. @returns its name */
  seatNew(fixture: number): Promise<string>;
  /** As if the board in the first fixture had been tested and enrolled at another station, under this serial. */
  enrollElsewhere(serial: string): Promise<void>;
}

/** Milliseconds that one command takes over the link: long enough to pull the plug while a test runs. */
const roundTripMs = 40;

export async function openPlant(later: (end: () => unknown) => void): Promise<Plant> {
  const line = await startVirtualLine(4);
  later(() => line.stop());
  const file = path.join(line.dataDirectory, 'keyline.json');
  const made = JSON.parse(await readFile(file, 'utf8'));
  const ports = (made.fixtures as { bridge: string }[]).map(({ bridge }) => Number(/\d+$/.exec(bridge)![0]));
  const link = await startSlowLink(ports[3]!, roundTripMs, later);
  const plant = {
    station: { name: 'Station 07', line: 'Line 3', badgePrefix: 'B-', workOrderPrefix: 'WO-' },
    products: [{ name: 'Gateway GX-2', targetPerHour: 45 }],
    dps: made.dps,
  };
  await writeFile(file, JSON.stringify(plant));
  const env = { ...process.env, ...line.environment };
  const station = await openStation({ dataDirectory: line.dataDirectory, env });
  later(() => station.close());
  const rendererDir = path.join(root, 'out', 'renderer');
  const host = await startHost({ station: station.kiosk, rendererDir, onFault: unexpected });
  later(() => host.close());
  return {
    line,
    station,
    host,
    ports: [...ports.slice(0, 3), link.port],
    link,
    async seatNew(fixture) {
      const board = await line.manufacture('persisted');
      await line.place(`fixture-${fixture}`, board);
      return board;
    },
    async enrollElsewhere(serial) {
      const dataDirectory = path.join(line.folder, 'another-station');
      await mkdir(dataDirectory);
      const fixtures = made.fixtures.slice(0, 1);
      await writeFile(path.join(dataDirectory, 'keyline.json'), JSON.stringify({ ...plant, fixtures }));
      const another = await openStation({ dataDirectory, env });
      try {
        await harvestAll(another.kiosk, new Map([['fixture-1', serial]]));
        await waitFor(another.kiosk, 'it is enrolled', view => view.outbox.enrolled === 1);
      } finally {
        await another.close();
      }
    },
  };
}
