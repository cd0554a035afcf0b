/** Runs on a small disk: a backup that does not fit there, and one whose stick is pulled out meanwhile. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { makeBackup } from '../../../src/station/backup/make-backup.ts';
import { openCore } from '../../../src/station/open-core.ts';
import { readAttempt } from '../station-fixture.ts';

const disk = process.argv[2]!;
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    error => (error as { code?: string }).code ?? String(error),
  );

const dataDirectory = mkdtempSync(path.join(tmpdir(), 'keyline-small-backup-'));
const core = openCore({ dataDirectory, env: { KEYLINE_REHEARSAL: '1', KEYLINE_SECRET_STORE: 'files' } });
try {
  recordAttempt(core, readAttempt(1, 'SN-1'));
  const full = await codeOf(makeBackup(core, { folder: disk }));
  const left = readdirSync(disk);

  const stick = path.join(disk, 'stick');
  mkdirSync(stick);
  const mount = (...words: string[]) => {
    const { status, stderr } = spawnSync(words[0]!, words.slice(1), { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
  };
  mount('mount', '-t', 'tmpfs', '-o', 'size=30m', 'none', stick);
  let out = false;
  const pulled = await codeOf(
    makeBackup(core, {
      folder: stick,
      onProgress: () => {
        if (!out) mount('umount', '-l', stick);
        out = true;
      },
    }),
  );
  recordAttempt(core, readAttempt(2, 'SN-2'));
  process.stdout.write(
    JSON.stringify({
      full,
      left,
      pulled,
      onStick: readdirSync(stick),
      devices: core.ledger.counts.devices(),
    }),
  );
} finally {
  core.close();
  rmSync(dataDirectory, { recursive: true });
}
