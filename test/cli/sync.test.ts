/** From a file to DPS and to the auditor by the command line alone, against the emulator as a process of its own. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { acquireDrainLock } from '../../db/drain-lock.ts';
import { base64Key } from '../station/attempt/endorsement-keys.ts';
import { documentOf, keyline, launcher } from './run-keyline.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'keyline-cli-sync-'));
const dataDir = path.join(folder, 'station');
const file = path.join(folder, 'devices.csv');

interface Announcement {
  readonly serviceUrl: string;
  readonly connectionString: string;
  readonly idScope: string;
  readonly globalEndpoint: string;
  readonly caFile: string;
}

describe('keyline import, sync, queue, audit', () => {
  let emulator: ChildProcess;
  let announced: Announcement;
  let env: Record<string, string>;
  const run = (...args: string[]) => keyline([...args, '--json'], { dataDir, env });

  before(async () => {
    emulator = spawn(launcher, ['dps-emulator', '--data-dir', folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [first] = await Array.fromAsync(firstLine(emulator));
    announced = JSON.parse(first!);
    env = {
      KEYLINE_REHEARSAL: '1',
      KEYLINE_DPS_CONNECTION_STRING: announced.connectionString,
      KEYLINE_DPS_CA_FILE: announced.caFile,
    };
    writeFileSync(
      file,
      `serial,endorsementKey\n${Array.from({ length: 25 }, (_, n) => `SN-${n},${base64Key(n)}`).join('\n')}\n`,
    );
  });
  after(async () => {
    const ended = new Promise(resolve => emulator.once('exit', (code, signal) => resolve(code ?? signal)));
    emulator.kill('SIGTERM');
    assert.equal(await ended, 0, 'the emulator ends cleanly');
    rmSync(folder, { recursive: true, force: true });
  });

  it('the emulator says on its first line where it is', () => {
    assert.deepEqual(Object.keys(announced), [
      'serviceUrl',
      'connectionString',
      'idScope',
      'globalEndpoint',
      'caFile',
    ]);
    assert.match(announced.connectionString, /^HostName=localhost:\d+;SharedAccessKeyName=/);
  });

  it('O1 O2 imports, drains and tells of it in status', async () => {
    const imported = await run('import', file);
    assert.equal(imported.code, 0, imported.stderr);
    const { summary } = JSON.parse(imported.stdout.trim().split('\n').at(-1)!);
    const { files, ...counts } = summary;
    assert.deepEqual(counts, {
      imported: 25,
      duplicate: 0,
      known: 0,
      refused: 0,
      bad: 0,
      made: 0,
      dryRun: false,
      stopped: false,
    });
    assert.deepEqual(files, [
      {
        file,
        form: 'csv',
        encoding: 'utf-8',
        delimiter: ',',
        mapping: { serial: 'serial', ek: 'endorsementKey' },
      },
    ]);
    const waiting = documentOf(await run('queue', 'list', '--limit', '3')).entries as { state: string }[];
    assert.deepEqual(
      waiting.map(entry => entry.state),
      ['queued', 'queued', 'queued'],
    );
    const synced = await run('sync', '--once');
    assert.equal(synced.code, 0, synced.stderr);
    assert.deepEqual([documentOf(synced).enrolled, documentOf(synced).remaining], [25, 0]);
    const status = documentOf(await run('status')) as Record<string, Record<string, unknown>>;
    assert.equal(status.devices, 25);
    assert.deepEqual(status.queue, {
      queued: 0,
      sending: 0,
      enrolled: 25,
      conflict: 0,
      quarantined: 0,
      cancelled: 0,
      changed: 0,
      held: 0,
      oldestAt: null,
    });
    assert.deepEqual([status.dps!.host, status.dps!.online], [announced.globalEndpoint, true]);
    assert.equal(typeof status.dps!.lastContact, 'number');
    assert.equal(status.audit!.size, 1 + 25 + 25);
  });

  it('O6 leaves the drain to the process that has it', async () => {
    const lock = acquireDrainLock(dataDir)!;
    const ended = await run('sync', '--once');
    lock.release();
    assert.deepEqual([ended.code, documentOf(ended).code], [6, 'drain-elsewhere']);
  });

  it('ends with 5 at a wrong key and at a host that is not there, and loses nothing', async () => {
    const other = path.join(folder, 'other');
    const at = (connectionString: string) => ({
      dataDir: other,
      env: { ...env, KEYLINE_DPS_CONNECTION_STRING: connectionString },
    });
    const wrongKey = announced.connectionString.replace(
      /SharedAccessKey=.*/,
      `SharedAccessKey=${Buffer.alloc(32, 1).toString('base64')}`,
    );
    await keyline(['import', file], at(wrongKey));
    const refused = await keyline(['sync', '--once', '--json'], at(wrongKey));
    assert.equal(refused.code, 5);
    assert.equal((documentOf(refused).stopped as { code: string }).code, 'unauthorized');
    const gone = await keyline(
      ['doctor', '--json'],
      at('HostName=localhost:1;SharedAccessKeyName=k;SharedAccessKey=AAAA'),
    );
    assert.equal(gone.code, 5);
    assert.equal(
      (documentOf(await keyline(['status', '--json'], at(wrongKey))).queue as { queued: number }).queued,
      25,
    );
  });

  it('S5 keeps a production ledger away from the emulator with 4', async () => {
    const production = { dataDir: path.join(folder, 'production'), env: { ...env, KEYLINE_REHEARSAL: '' } };
    await keyline(['import', file], production);
    const ended = await keyline(['sync', '--once', '--json'], production);
    assert.equal(ended.code, 4, ended.stdout);
    assert.equal((documentOf(ended).stopped as { code: string }).code, 'emulator-refused');
    assert.equal(
      (documentOf(await keyline(['status', '--json'], production)).queue as { queued: number }).queued,
      25,
    );
  });

  it('finds devices by the beginning of what is known of them', async () => {
    const { devices } = documentOf(await run('devices', 'find', 'SN-2')) as {
      devices: { serial: string; enrollment: string }[];
    };
    assert.deepEqual(devices.map(device => device.serial).sort(), [
      'SN-2',
      'SN-20',
      'SN-21',
      'SN-22',
      'SN-23',
      'SN-24',
    ]);
    assert.ok(devices.every(device => device.enrollment === 'enrolled'));
    assert.deepEqual(documentOf(await run('devices', 'find', 'nothing')).devices, []);
  });

  it('A3 exports what verify finds intact or signed, and names the first entry that somebody changed', async () => {
    for (const format of ['jsonl', 'csv']) {
      const out = path.join(folder, `audit.${format}`);
      const exported = await run('audit', 'export', '--format', format, '--out', out);
      assert.equal(exported.code, 0, exported.stderr);
      const { verifierKey } = documentOf(exported) as { verifierKey: string };
      assert.equal(documentOf(await run('audit', 'verify', out)).level, 'intact');
      assert.equal(documentOf(await run('audit', 'verify', out, '--key', verifierKey)).level, 'signed');
      const text = readFileSync(out, 'utf8');
      writeFileSync(out, text.replace('SN-7', 'SN-8'));
      const changed = await run('audit', 'verify', out);
      assert.equal(changed.code, 4);
      assert.match(String(documentOf(changed).place), /entry 8/);
    }
    const own = documentOf(await run('audit', 'verify'));
    assert.equal(own.ok, true);
  });

  it('A4 replaces a file by an export whole or not at all', async () => {
    const out = path.join(folder, 'no-such-folder', 'audit.csv');
    const ended = await run('audit', 'export', '--format', 'csv', '--out', out);
    assert.notEqual(ended.code, 0);
    assert.ok(String(documentOf(ended).hint).length > 10);
  });
});

async function* firstLine(child: ChildProcess): AsyncGenerator<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    yield line;
    return;
  }
}
