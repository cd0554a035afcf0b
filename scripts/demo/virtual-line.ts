/**
 * The demo's plant: virtual DUTs on real software TPMs with EK certificates from a demo CA, a DPS emulator, and a
 * throw-away rehearsal station. A robot hand puts the next board into a fixture: the fixture's bridge stays, the TPM
 * behind it changes.
 */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type RunningEmulator, startEmulator } from '../../src/emulator/emulator.ts';
import { makeSwtpmState } from '../virtual-dut/make-swtpm-state.ts';
import { type Swtpm, startSwtpm } from '../virtual-dut/start-swtpm.ts';

export interface VirtualLine {
  readonly folder: string;
  readonly dataDirectory: string;
  readonly emulator: RunningEmulator;
  /** Environment of a station on this line: rehearsal ledger, connection string, CA. */
  readonly environment: Readonly<Record<string, string>>;
  readonly fixtures: readonly string[];
  /** Manufactures one more board. @returns its name */
  manufacture(kind: 'persisted' | 'derivable'): Promise<string>;
  /** A board with the TPM of another one, bit for bit: what a careless flash copy makes. */
  copy(board: string): Promise<string>;
  /** Takes the board out of the fixture, if there is one, and puts this one in. */
  place(fixture: string, board: string): Promise<void>;
  /** An empty fixture. */
  unplug(fixture: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startVirtualLine(fixtureCount: number): Promise<VirtualLine> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-demo-'));
  const caDir = path.join(folder, 'demo-ca');
  const dataDirectory = path.join(folder, 'station');
  const emulator = await startEmulator({ dir: path.join(folder, 'dps-emulator') });
  const places = new Map<string, { readonly port: number; running: Swtpm | undefined }>();
  let boards = 0;
  const boardFolder = (board: string) => path.join(folder, 'boards', board);
  const nextBoard = () => `board-${String(++boards).padStart(3, '0')}`;

  const line: VirtualLine = {
    folder,
    dataDirectory,
    emulator,
    environment: {
      KEYLINE_REHEARSAL: '1',
      KEYLINE_DATA_DIR: dataDirectory,
      KEYLINE_DPS_CONNECTION_STRING: emulator.connectionString,
      KEYLINE_DPS_CA_FILE: emulator.caFile,
    },
    fixtures: Array.from({ length: fixtureCount }, (_, index) => `fixture-${index + 1}`),
    async manufacture(kind) {
      const board = nextBoard();
      await mkdir(boardFolder(board), { recursive: true });
      await makeSwtpmState(boardFolder(board), { ek: kind, caDir });
      return board;
    },
    async copy(board) {
      const copied = nextBoard();
      await cp(boardFolder(board), boardFolder(copied), { recursive: true });
      return copied;
    },
    async place(fixture, board) {
      const place = places.get(fixture);
      await place?.running?.stop();
      const running = await startSwtpm({
        stateDir: boardFolder(board),
        ...(place ? { port: place.port } : {}),
      });
      places.set(fixture, { port: running.port, running });
    },
    async unplug(fixture) {
      const place = places.get(fixture);
      await place?.running?.stop();
      if (place) place.running = undefined;
    },
    async stop() {
      for (const place of places.values()) await place.running?.stop();
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    for (const fixture of line.fixtures) await line.place(fixture, await line.manufacture('persisted'));
    await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
    // The plant trusts the demo CA: its root and its issuer, not its keys.
    const trust = path.join(dataDirectory, 'trust');
    await mkdir(trust);
    for (const certificate of ['swtpm-localca-rootca-cert.pem', 'issuercert.pem'])
      await cp(path.join(caDir, certificate), path.join(trust, certificate));
    const configuration = {
      station: { name: 'Demo station', line: 'Line 1' },
      fixtures: line.fixtures.map((id, index) => ({
        id,
        name: `Fixture ${index + 1}`,
        bridge: `swtpm:host=127.0.0.1,port=${places.get(id)!.port}`,
      })),
      products: [{ name: 'Demo gateway', targetPerHour: 45 }],
      dps: { host: emulator.serviceUrl.replace(/^https:\/\//, ''), idScope: emulator.idScope },
    };
    await writeFile(path.join(dataDirectory, 'keyline.json'), `${JSON.stringify(configuration, null, 2)}\n`);
    return line;
  } catch (error) {
    await line.stop();
    throw error;
  }
}
