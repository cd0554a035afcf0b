/** What a window sets: from the form into the file, by name into the audit, and into the work of the running station. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { templateMembers } from '../../../src/enrollment/enrollment-document.ts';
import { dutSerialFiles } from '../../../src/harvest/dut-serial.ts';
import { dutSerialRule } from '../../../src/station/attempt/device-serial.ts';
import { backUpAsConfigured, backupDue } from '../../../src/station/backup/scheduled-backup.ts';
import { shiftAt } from '../../../src/station/clock/shift-start.ts';
import { productOf } from '../../../src/station/configuration/load-configuration.ts';
import type { KioskWindow } from '../../../src/station/kiosk/kiosk-station.ts';
import type { Settings } from '../../../src/station/kiosk/settings-view.ts';
import { startShiftCheckpoints } from '../../../src/station/log/shift-checkpoints.ts';
import { openStation, type Station } from '../../../src/station/open-station.ts';
import { pemBlock, toPem } from '../../trust/make-certificate.ts';
import { listUntil, makeChain, makeLists } from '../../trust/test-chain.ts';
import { refuseCommits } from '../refused-commit.ts';
import { entriesOf, temporaryFolder } from '../station-fixture.ts';

type Draft = Record<string, Record<string, unknown>> & { products: Record<string, unknown>[] };

describe('settings from a window', () => {
  const folder = temporaryFolder();
  const [share, stick] = [path.join(folder, 'share'), path.join(folder, 'stick')];
  let station: Station;
  let window: KioskWindow;

  before(async () => {
    for (const each of [share, stick, path.join(folder, 'makers')]) mkdirSync(each);
    const exportFolders = [
      { name: 'Share', path: share },
      { name: 'Stick', path: 'stick' },
    ];
    const file = {
      station: { name: 'S7' },
      fixtures: [{ id: '1', bridge: 'device:/dev/none' }],
      products: [{ name: 'GX', dutSerial: { command: 'hunter2' } }],
      audit: { exportFolders },
      trustStore: 'makers',
    };
    writeFileSync(path.join(folder, 'keyline.json'), JSON.stringify(file));
    station = await openStation({ dataDirectory: folder, env: { KEYLINE_REHEARSAL: '1' } });
    window = station.kiosk.openWindow({ own: true });
    assert.ok((await window.addFirstSupervisor({ id: 'mina', name: 'Mina', pin: '240817' })).ok);
  });
  after(async () => {
    await station.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const file = () => JSON.parse(readFileSync(path.join(folder, 'keyline.json'), 'utf8'));
  const send = async (change: (draft: Draft) => void) => {
    const seen = await window.settings.read();
    assert.ok(seen.ok);
    const settings = structuredClone(seen.view.settings) as Draft;
    change(settings);
    return window.settings.save({ settings: settings as Settings, revision: seen.view.revision });
  };
  /** Saved, in the file as it was sent, and in the audit by the names of the fields alone. */
  const save = async (fields: readonly string[], change: (draft: Draft) => void) => {
    const answer = await send(change);
    assert.ok(answer.ok, JSON.stringify(answer));
    const entry = entriesOf(station.core).findLast(({ type }) => type === 'configuration');
    assert.partialDeepStrictEqual(entry?.data, { how: 'settings', to: answer.saved.to, fields });
  };

  it('S1 write nowhere that the file does not name, and leave folders for exports and the trust store to it', async () => {
    const { audit } = file();
    const exportFolders = [{ name: 'Mine', path: '/etc' }];
    for (const [code, wrong] of [
      ['folder-unnamed', { audit: { ...audit, checkpointFolder: '/etc' } }],
      ['folder-unnamed', { audit: { ...audit, witnessFolder: `${share}/../secrets` } }],
      ['folder-unnamed', { backup: { folder } }],
      ['file-only', { audit: { exportFolders } }],
      ['file-only', { audit: { exportFolders, checkpointFolder: '/etc' } }],
      ['file-only', { audit: undefined }],
      ['file-only', { trustStore: 'secrets' }],
      ['file-only', { trustStore: undefined }],
      ['file-only', { trustFetch: { internalHosts: ['10.0.0.1:8080'] } }],
    ] as const) {
      const answer = await send(draft => void Object.assign(draft, wrong));
      const faults = !answer.ok && answer.code === 'configuration-refused' ? answer.faults : [];
      assert.ok(
        faults?.some(fault => fault.code === code),
        JSON.stringify(wrong),
      );
    }
    assert.equal(file().trustStore, 'makers');
    assert.equal(file().backup, undefined);
  });

  it('A1 divide the day into shifts, for counts and backups', async () => {
    assert.equal(window.view().today.until, undefined);
    const shifts = ['00:15', '08:15', '16:15'];
    await save(['station.shifts'], draft => {
      Object.assign(draft.station!, { shifts });
    });
    const { since, until } = window.view().today;
    assert.deepEqual({ since, until }, shiftAt(station.core.clock.read().at, shifts));
    await save(['station.shifts'], draft => {
      draft.station = { name: 'S7' };
    });
    assert.equal(window.view().today.until, undefined);
  });

  it('A1 ask for a golden check, and hold a fixture to it', async () => {
    const goldenCheck = { units: [{ serial: 'GOLD-1' }], everyHours: 8, required: true };
    await save(['station.goldenCheck'], draft => {
      Object.assign(draft.station!, { goldenCheck });
    });
    assert.ok(window.view().fixtures[0]!.golden);
    const scanned = await window.scan({ text: 'SN-1', fixture: '1' });
    assert.partialDeepStrictEqual(scanned, { ok: false, code: 'golden-check-due' });
    await save(['station.goldenCheck.required'], draft => {
      Object.assign(draft.station!, { goldenCheck: { ...goldenCheck, required: undefined } });
    });
    assert.equal(station.core.configuration.station.goldenCheck?.required, false);
    await save(['station.goldenCheck'], draft => {
      draft.station = { name: 'S7' };
    });
    assert.equal(window.view().fixtures[0]!.golden, undefined);
  });

  it('A1 say what DPS gets of a product, in the preview and in what is sent', async () => {
    const template = {
      initialTwin: { tags: { line: '3' }, properties: { desired: { interval: 60 } } },
      capabilities: { iotEdge: true },
      reprovisionPolicy: { updateHubAssignment: true, migrateDeviceData: false },
      allocationPolicy: 'static',
      iotHubs: ['plant-01.azure-devices.net'],
    };
    const fields = Object.keys(template).map(name => `products["GX"].${name}`);
    await save(fields, draft => void Object.assign(draft.products[0]!, template));
    assert.deepEqual(templateMembers(productOf(station.core.configuration)), template);
    const seen = await window.settings.read();
    assert.ok(seen.ok);
    const { settings } = seen.view;
    const answer = await window.settings.preview({ settings, product: 'GX', serial: 'SN-1' });
    assert.partialDeepStrictEqual(JSON.parse((answer.ok && answer.preview.document) || ''), template);
  });

  it('A1, §5 read the serial of the device from a place, and no longer by the command of the file', async () => {
    const unread = 'warn';
    await save(['products["GX"].dutSerial.unread'], draft => {
      draft.products[0]!.dutSerial = { command: '…', unread };
    });
    const rule = () => dutSerialRule(productOf(station.core.configuration), 'SN-1', 'label');
    assert.partialDeepStrictEqual(rule(), { command: 'hunter2', unread });
    const fields = ['products["GX"].dutSerial.command', 'products["GX"].dutSerial.from'];
    await save(fields, draft => {
      draft.products[0]!.dutSerial = { from: 'device-tree', unread };
    });
    assert.ok(rule()?.command.includes(dutSerialFiles['device-tree']));
    assert.ok(!JSON.stringify(file()).includes('hunter2'));
  });

  it('A1 keep checkpoints where and when it was chosen', { timeout: 20_000 }, async () => {
    const fields = ['audit.checkpointFolder', 'audit.witnessFolder', 'audit.checkpointHours'];
    // So short that one is due whenever somebody looks.
    await save(fields, draft => {
      const chosen = { checkpointFolder: share, witnessFolder: 'stick', checkpointHours: 1e-9 };
      Object.assign(draft.audit!, chosen);
    });
    const checkpoints = startShiftCheckpoints(station.core, { lookEveryMs: 5 });
    try {
      while (readdirSync(share).length === 0 || readdirSync(stick).length === 0)
        await new Promise(resolve => setImmediate(resolve));
    } finally {
      await checkpoints.close();
    }
    await save(fields, draft => {
      draft.audit = { exportFolders: draft.audit!.exportFolders };
    });
  });

  it('A1, S4 make backups where, how often and as many as it was chosen', async () => {
    const { core } = station;
    assert.equal(backupDue(core), null);
    await save(['backup'], draft => {
      draft.backup = { folder: 'stick', everyHours: 2, keep: 1 };
    });
    assert.equal(backupDue(core), 0);
    await backUpAsConfigured(core);
    const { removed, ...second } = await backUpAsConfigured(core);
    assert.equal(removed.length, 1);
    assert.equal(path.dirname(second.folder), stick);
    const due = backupDue(core)! - core.clock.read().at;
    assert.ok(due > 1.9 * 3_600_000 && due <= 2 * 3_600_000, String(due));
  });

  it('A1, H8 say how the certificates of a product are judged', async () => {
    const policy = { certificate: 'require', revocation: 'require' } as const;
    const fields = ['products["GX"].certificate', 'products["GX"].revocation'];
    await save(fields, draft => void Object.assign(draft.products[0]!, policy));
    assert.partialDeepStrictEqual(productOf(station.core.configuration), policy);
  });

  it('A1 keep revocation lists beside certificates, and write down which came and went', async () => {
    const chain = makeChain();
    const { root } = makeLists();
    const add = (name: string, content: string) =>
      window.settings.addTrusted({ name, content: Buffer.from(content).toString('base64') });
    const damaged = pemBlock('X509 CRL', root.subarray(0, 40));
    assert.partialDeepStrictEqual(await add('bad.crl', damaged), { ok: false, code: 'list-malformed' });
    const added = await add('maker.pem', toPem(chain.root, chain.intermediate) + pemBlock('X509 CRL', root));
    assert.ok(added.ok, JSON.stringify(added));
    const { lists, setAside } = added.trust;
    assert.deepEqual(setAside, []);
    assert.partialDeepStrictEqual(lists, [
      { file: 'maker.pem', revoked: 0, nextUpdate: listUntil.getTime() },
    ]);
    const sums = lists.map(({ sha256 }) => sha256);
    const last = () => entriesOf(station.core).findLast(({ type }) => type === 'trust-store')?.data;
    assert.partialDeepStrictEqual(last(), { change: 'added', file: 'maker.pem', lists: sums });
    assert.ok((await window.settings.removeTrusted({ file: 'maker.pem' })).ok);
    assert.partialDeepStrictEqual(last(), { change: 'removed', file: 'maker.pem', lists: sums });
  });

  it('A1 add and remove no file of the trust store whose entry the log does not take', async () => {
    const makers = path.join(folder, 'makers');
    const place = path.join(makers, 'root.crl');
    const content = Buffer.from(pemBlock('X509 CRL', makeLists().root));
    const add = () => window.settings.addTrusted({ name: 'root.crl', content: content.toString('base64') });
    const changes = () => entriesOf(station.core).filter(({ type }) => type === 'trust-store').length;
    const before = changes();
    const refused = async (act: () => Promise<unknown>) => {
      const takeAgain = refuseCommits(station.core.ledger.path);
      await assert.rejects(act, { name: 'LedgerError' });
      takeAgain();
    };

    // In the way of the file while it is written beside.
    const inTheWay = `${place}.${process.pid}.new`;
    mkdirSync(inTheWay);
    assert.partialDeepStrictEqual(await add(), { ok: false, code: 'trust-unwritable' });
    rmdirSync(inTheWay);
    await refused(add);
    assert.deepEqual(readdirSync(makers), []);
    assert.ok((await add()).ok);
    assert.partialDeepStrictEqual(await add(), { ok: false, code: 'trust-exists' });
    const { ino } = statSync(place);
    await refused(() => window.settings.removeTrusted({ file: 'root.crl' }));
    assert.deepEqual(readdirSync(makers), ['root.crl']);
    assert.equal(statSync(place).ino, ino);
    assert.deepEqual(readFileSync(place), content);
    assert.ok((await window.settings.removeTrusted({ file: 'root.crl' })).ok);
    assert.deepEqual(readdirSync(makers), []);
    assert.equal(changes() - before, 2);
  });

  it('A1 name whom bundles are for, and how long they are valid', async () => {
    const recipient = `age1${'q'.repeat(58)}`;
    await save(['courier'], draft => {
      draft.courier = { recipient, validDays: 7 };
    });
    assert.deepEqual(station.core.configuration.courier, { recipient, validDays: 7 });
  });
});
