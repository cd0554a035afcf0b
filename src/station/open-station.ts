/** A running station: the core, its kiosk and the background drain. What the shells (Electron, browser host) open. */

import { startBackups } from './backup/backup-schedule.ts';
import { Kiosk, type KioskOptions } from './kiosk/kiosk.ts';
import type { KioskStation } from './kiosk/kiosk-station.ts';
import { startShiftCheckpoints } from './log/shift-checkpoints.ts';
import { type CoreOptions, openCore, type StationCore } from './open-core.ts';
import { startTrustFetch } from './trust-fetch/fetch-schedule.ts';
import { startCommitMover } from './write-ahead/move-commits.ts';

export interface Station {
  readonly core: StationCore;
  readonly kiosk: KioskStation;
  /** Ends running harvests (they are recorded as cancelled), the drain, and closes the ledger. */
  close(): Promise<void>;
}

export async function openStation(options: CoreOptions & KioskOptions): Promise<Station> {
  const core = openCore(options);
  const kiosk = new Kiosk(core, options);
  const mover = startCommitMover(core.ledger);
  const checkpoints = startShiftCheckpoints(core);
  const trustFetch = startTrustFetch(core);
  const backups = startBackups(core, { onEnd: () => kiosk.lookAtBackups() });
  return {
    core,
    kiosk,
    close: async () => {
      await kiosk.close();
      await trustFetch.close();
      await backups.close();
      await checkpoints.close();
      await mover.close();
      core.close();
    },
  };
}
