/** An archiving that is killed: nothing is lost whatever it was doing, and the same command ends it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openLedger } from '../../../db/ledger-file.ts';
import { verifyExport } from '../../../src/audit/verify/verify-export.ts';
import { signInWithPin } from '../../../src/station/access/sign-in.ts';
import { type ArchivedOrder, archiveWorkOrder } from '../../../src/station/archive/archive-work-order.ts';
import { verifyLedgerFile } from '../../../src/station/verify-ledger/verify-ledger-file.ts';
import { minaPin } from '../access/people-fixture.ts';
import { coreForTest, temporaryFolder } from '../station-fixture.ts';
import { lot, stationWithLot } from './lot-fixture.ts';

const script = fileURLToPath(new URL('./crash-script.ts', import.meta.url));
/** More than one slice of what is let go. */
const devices = 300;

describe('an archiving that is killed', () => {
  const folder = temporaryFolder();
  let station: string;
  before(async () => {
    const made = await stationWithLot(devices);
    made.close();
    station = made.folder;
  });
  after(() => {
    for (const each of [folder, station]) rmSync(each, { recursive: true, force: true });
  });

  const kill = (place: string, at: string) =>
    spawnSync(process.execPath, [script, path.join(place, 'station'), path.join(place, 'out'), at], {
      stdio: 'inherit',
    }).signal;
  const archive = async (place: string): Promise<ArchivedOrder> => {
    using core = coreForTest({ folder: path.join(place, 'station') });
    const who = await signInWithPin(core, { id: 'mina' }, minaPin);
    const act = { who, reason: 'shipped' };
    return await archiveWorkOrder(core, {
      workOrder: lot,
      folder: path.join(place, 'out'),
      acceptDebt: true,
      act,
    });
  };
  const look = async (place: string) => {
    const file = path.join(place, 'station', 'ledger.sqlite');
    const [verdict] = await verifyLedgerFile(file, {});
    assert.ok(verdict?.ok, JSON.stringify(verdict));
    const ledger = openLedger(file);
    try {
      const entries = [...ledger.audit.iterate()];
      return {
        verdict,
        gone: entries.filter(({ entry }) => entry.length === 0).length,
        archives: ledger.archives.ofWorkOrder(lot),
      };
    } finally {
      ledger.close();
    }
  };

  for (const [killAt, onRecord] of [
    ['verify ends', false],
    ['let-go goes on', true],
  ] as const)
    it(`A1 loses nothing where ${killAt}, and is ended by the same command`, async () => {
      const place = path.join(folder, killAt.replaceAll(' ', '-'));
      cpSync(station, place, { recursive: true });
      mkdirSync(path.join(place, 'out'), { recursive: true });
      assert.equal(kill(place, killAt), 'SIGKILL');
      const killed = await look(place);
      assert.equal(killed.archives.length, onRecord ? 1 : 0);
      if (!onRecord) assert.equal(killed.gone, 0, 'not a byte goes before it is on record');
      if (killAt === 'let-go goes on')
        assert.ok(killed.gone > 0 && killed.gone < devices * 2, `${killed.gone} gone`);

      const result = await archive(place);
      assert.deepEqual([result.isNew, result.isWhole, result.entries], [!onRecord, true, devices * 2]);
      const ended = await look(place);
      assert.deepEqual([ended.gone, ended.archives.length], [devices * 2, 1]);
      const verdict = await verifyExport(path.join(place, 'out', ended.archives[0]!.file));
      assert.ok(verdict.ok && verdict.entries >= devices * 2);
      // A file without its record is an export more, and nothing half.
      const files = readdirSync(path.join(place, 'out')).filter(name => !name.startsWith('.'));
      assert.equal(files.length, killAt.startsWith('verify') ? 2 : 1);
    });
});
