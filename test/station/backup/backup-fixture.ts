/** Stations to back up and to restore, in folders that go when the test ends. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { makeBackup } from '../../../src/station/backup/make-backup.ts';
import { restoreStation } from '../../../src/station/backup/restore-station.ts';
import type { VerifiedBackup } from '../../../src/station/backup/verify-backup.ts';
import type { StationCore } from '../../../src/station/open-core.ts';
import { readAttempt } from '../station-fixture.ts';

export const env = { KEYLINE_REHEARSAL: '1', KEYLINE_SECRET_STORE: 'files' };

export interface Places {
  readonly data: string;
  readonly backups: string;
  /** A data directory that is not there yet. */
  readonly other: string;
}

export function placesFor(t: TestContext): Places {
  const root = mkdtempSync(path.join(tmpdir(), 'keyline-backup-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const places = {
    data: path.join(root, 'data'),
    backups: path.join(root, 'backups'),
    other: path.join(root, 'other'),
  };
  mkdirSync(places.data);
  mkdirSync(places.backups);
  return places;
}

let serial = 0;

export function record(core: StationCore, count: number): void {
  for (let n = 0; n < count; n += 1) {
    serial += 1;
    recordAttempt(core, readAttempt(serial, `SN-${serial}`));
  }
}

export const backUp = (core: StationCore, { backups }: Places): Promise<VerifiedBackup> =>
  makeBackup(core, { folder: backups });

export const restore = (
  backup: string,
  dataDirectory: string,
  more: Partial<Parameters<typeof restoreStation>[0]> = {},
) => restoreStation({ dataDirectory, backup, env, ...more });
