/** A station of one fixture behind the host of `serve`, with a screen built from the checkout as it is. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Host, startHost } from '../../src/host/start-host.ts';
import { openStation, type Station } from '../../src/station/open-station.ts';
import { buildScreen } from './build-screen.ts';

export interface BenchStation {
  readonly folder: string;
  readonly station: Station;
  readonly host: Host;
}

/** Closed and removed whatever becomes of `work`. @param bridge conf string of the fixture */
export async function withStation<T>(bridge: string, work: (bench: BenchStation) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-bench-'));
  const later: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const rendererDir = path.join(folder, 'renderer');
    await buildScreen(rendererDir);
    const fixtures = [{ id: 'fixture-1', name: 'Fixture 1', bridge }];
    await writeFile(path.join(folder, 'keyline.json'), JSON.stringify({ fixtures }));
    const station = await openStation({
      dataDirectory: folder,
      env: { ...process.env, KEYLINE_REHEARSAL: '1' },
    });
    later.push(() => station.close());
    const host = await startHost({ station: station.kiosk, rendererDir, onFault: console.error });
    later.push(() => host.close());
    return await work({ folder, station, host });
  } finally {
    for (const action of later.reverse()) await action();
  }
}
