/** Makes backups of a station, or restores one, again and again, until it is killed. */
import { makeBackup } from '../../../src/station/backup/make-backup.ts';
import { restoreStation } from '../../../src/station/backup/restore-station.ts';
import { openCore } from '../../../src/station/open-core.ts';

const [what, dataDirectory, place] = process.argv.slice(2) as [string, string, string];

process.stdout.write('ready\n');
if (what === 'backup') {
  const core = openCore({ dataDirectory });
  for (;;) process.stdout.write(`${(await makeBackup(core, { folder: place })).folder}\n`);
}
for (;;)
  process.stdout.write(
    `${(await restoreStation({ dataDirectory, backup: place, setAsideIntact: true })).origin}\n`,
  );
