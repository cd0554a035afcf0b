/** Backups that live in the page: one is damaged, one cannot be read, the newest folder was made full once, and work takes a moment. */
import type {
  BackupAnswer,
  BackupRow,
  BackupView,
  BackupWork,
  RestoreAct,
  RestoreAnswer,
  RestoreRecord,
} from '../../../src/api/contract.ts';

const now = Date.UTC(2026, 10, 22, 6, 30);
const hour = 3_600_000;
const stepMs = 60;
const nameOf = (at: number) =>
  `keyline-station-5a1c09e2b7-${new Date(at).toISOString().replaceAll(/[-:.]/g, '')}`;

export const fakeBackups: readonly BackupRow[] = [0, 1, 2, 3].map(n => {
  const madeAt = now - (3 + n * 8) * hour;
  const name = nameOf(madeAt);
  if (n === 3) return { name, fault: `/mnt1/공장-1/${name}: manifest.json is not what its key sealed` };
  return {
    name,
    madeAt,
    bytes: 48_123_456 - n * 900_000,
    entries: 12_345 - n * 400,
    devices: 11_020 - n * 390,
  };
});

export const fakeRestored: RestoreRecord = {
  at: now - 20 * 60_000,
  backup: fakeBackups[0]!.name,
  madeAt: new Date(now - 3 * hour).toISOString(),
  setAside: 'set-aside-20261122T061000123Z',
  devices: 11_020,
  previousOrigin: 'station-5a1c09e2b7/log-77d3c10f4e',
  entries: 12_345,
  origin: 'station-5a1c09e2b7/log-0c41d9a8b2',
  verifierKey: 'station-5a1c09e2b7/log-0c41d9a8b2+0d93c2aa+AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA',
  missing: [
    {
      origin: 'station-5a1c09e2b7/log-77d3c10f4e',
      first: 12_345,
      last: 12_401,
      since: new Date(now - 3 * hour - 90_000).toISOString(),
      file: 'station-5a1c09e2b7.log-77d3c10f4e.2026-11-22.checkpoint',
    },
  ],
  asked: 14,
  needs: { pins: false, dpsKey: true },
};

export function fakeBackup(minaPin: string) {
  let work: BackupWork | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let rows = fakeBackups;
  let restored: RestoreRecord | undefined;
  let held = false;
  const view = (): BackupView => ({
    now,
    folder: '/mnt1/공장-1',
    everyHours: 8,
    keep: 14,
    sameDisk: false,
    good: { at: now - 3 * hour, name: rows[0]!.name },
    dueAt: now + 5 * hour,
    overdue: false,
    backups: rows,
    canRestore: true,
    ...(work && { work }),
    ...(restored && { restored }),
  });
  const answer = (): BackupAnswer => ({ ok: true, backup: view() });
  const run = (begun: BackupWork, end: () => BackupWork): BackupAnswer => {
    if (work?.state === 'running') return { ok: false, code: 'backup-busy' };
    work = begun;
    let share = 0;
    clearInterval(timer);
    timer = setInterval(() => {
      share += 0.34;
      if (begun.kind === 'make') work = { ...begun, share: Math.min(share, 1) };
      if (share < 1.3 || held) return;
      clearInterval(timer);
      work = end();
    }, stepMs);
    return answer();
  };
  return {
    /** Work goes on as long as it is held. */
    holdBackup: (hold: boolean) => {
      held = hold;
    },
    restoredOnce: () => {
      restored = fakeRestored;
    },
    readBackups: answer,
    makeBackup: () =>
      run({ kind: 'make', state: 'running' }, () => {
        const made = { name: nameOf(now), bytes: 48_223_456, entries: 12_402 };
        rows = [{ ...made, madeAt: now, devices: 11_051, checked: { at: now } }, ...rows];
        return { kind: 'make', state: 'done', ...made, removed: 1, readBack: 'medium' };
      }),
    verifyBackup: ({ name }: { name: string }) =>
      run({ kind: 'verify', state: 'running', name }, () => {
        const bad = name === rows[1]!.name;
        const detail = `/mnt1/공장-1/${name}: ledger.sqlite is not what was written`;
        rows = rows.map(row =>
          row.name === name ? { ...row, checked: { at: now, ...(bad && { fault: detail }) } } : row,
        );
        return bad
          ? { kind: 'verify', state: 'failed', name, failure: { code: 'backup-damaged', detail } }
          : { kind: 'verify', state: 'done', name, bytes: 48_123_456, entries: 12_345, readBack: 'medium' };
      }),
    stopBackup: () => {
      clearInterval(timer);
      if (work?.state === 'running') work = { kind: work.kind, state: 'stopped' };
      return answer();
    },
    restoreBackup({ name, by }: RestoreAct): RestoreAnswer {
      if (by && by.pin !== minaPin) return { ok: false, code: 'sign-in-refused' };
      run({ kind: 'restore', state: 'running', name }, () => {
        const detail = `/mnt1/공장-1/${name}: ledger.sqlite is not what was written`;
        return name === rows[1]!.name
          ? { kind: 'restore', state: 'failed', name, failure: { code: 'backup-damaged', detail } }
          : { kind: 'restore', state: 'done', name };
      });
      return { ok: true };
    },
  };
}
