/** The key for DPS by `keyline dps`, against the emulator as a process of its own, and its exchange under a running station. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { importDevices as importInto } from '../../src/station/batch-import/import-devices.ts';
import { examineStation } from '../../src/station/doctor/doctor.ts';
import { setDpsKey, showDpsKey } from '../../src/station/dps/dps-key.ts';
import { openCore } from '../../src/station/open-core.ts';
import { openStation } from '../../src/station/open-station.ts';
import type { ConnectionView } from '../../src/station/views.ts';
import { base64Key } from '../station/attempt/endorsement-keys.ts';
import { documentOf, keyline, launcher } from './run-keyline.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'keyline-dps-key-'));
const instanceFile = path.join(folder, 'dps-emulator', 'instance.json');

describe('keyline dps', () => {
  let emulator: ChildProcess;
  let announced: { connectionString: string; caFile: string };
  let port: number;
  let dataDir: string;
  let stations = 0;

  const env = () => ({ KEYLINE_REHEARSAL: '1', KEYLINE_DPS_CA_FILE: announced.caFile });
  const run = (...args: string[]) => keyline([...args, '--json'], { dataDir, env: env() });
  const setKey = (text: string, ...args: string[]) =>
    keyline(['dps', 'set-key', '--json', ...args], {
      dataDir,
      env: env(),
      started: child => child.stdin!.end(`${text}\n`),
    });
  const withKey = (key: string, policy = 'provisioningserviceowner') =>
    `HostName=localhost:${port};SharedAccessKeyName=${policy};SharedAccessKey=${key}`;
  const keyOf = (policy: string): string =>
    JSON.parse(readFileSync(instanceFile, 'utf8')).policies.find(
      ({ name }: { name: string }) => name === policy,
    ).key;

  async function startEmulator(at?: number): Promise<void> {
    emulator = spawn(
      launcher,
      ['dps-emulator', '--json', '--data-dir', folder, ...(at ? ['--port', `${at}`] : [])],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    for await (const line of createInterface({ input: emulator.stdout! })) {
      announced = JSON.parse(line);
      break;
    }
    port = Number(/localhost:(\d+)/.exec(announced.connectionString)![1]);
  }
  async function stopEmulator(): Promise<void> {
    const ended = new Promise(resolve => emulator.once('exit', resolve));
    emulator.kill('SIGTERM');
    await ended;
  }
  async function askEmulator(method: string, body?: object): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const asked = request(
        `https://localhost:${port}/$emulator/faults`,
        { method, ca: readFileSync(announced.caFile), headers: { 'content-type': 'application/json' } },
        answer => {
          if (answer.statusCode! >= 300) reject(new Error(`the emulator answered ${answer.statusCode}`));
          answer.resume().once('end', () => resolve());
        },
      );
      asked.once('error', reject).end(body && JSON.stringify(body));
    });
  }
  /** As Azure's "regenerate key" does. */
  async function regenerateKey(): Promise<string> {
    await stopEmulator();
    const instance = JSON.parse(readFileSync(instanceFile, 'utf8'));
    const key = randomBytes(32).toString('base64');
    for (const policy of instance.policies) if (policy.name === 'provisioningserviceowner') policy.key = key;
    writeFileSync(instanceFile, JSON.stringify(instance));
    await startEmulator(port);
    return key;
  }
  /** As another process would: by a connection of its own. */
  async function importDevices(first: number, count: number): Promise<void> {
    const file = path.join(folder, `${first}.csv`);
    const rows = Array.from({ length: count }, (_, n) => `K-${first + n},${base64Key(first + n)}`);
    writeFileSync(file, `serial,endorsementKey\n${rows.join('\n')}\n`);
    const core = openCore({ dataDirectory: dataDir, env: env() });
    try {
      for await (const { verdict } of importInto(core, file, { dryRun: false, account: 'os:test' }))
        assert.equal(verdict, 'imported');
    } finally {
      core.close();
    }
  }

  before(() => startEmulator());
  beforeEach(() => {
    dataDir = path.join(folder, `station-${++stations}`);
    mkdirSync(dataDir);
  });
  after(async () => {
    await stopEmulator();
    rmSync(folder, { recursive: true, force: true });
  });

  it('S2 takes the key from standard input, shows everything but the key, and writes it nowhere else', async () => {
    assert.equal((await run('sync', '--once')).code, 2);
    const key = keyOf('provisioningserviceowner');
    const set = await setKey(withKey(key));
    assert.equal(set.code, 0, set.stdout);
    const facts = {
      host: `localhost:${port}`,
      kind: 'connection-string',
      identity: 'provisioningserviceowner',
      idScope: null,
      source: 'store',
    };
    assert.partialDeepStrictEqual(documentOf(set), facts);
    const show = await run('dps', 'show');
    assert.partialDeepStrictEqual(documentOf(show), facts);
    await importDevices(0, 3);
    assert.equal(documentOf(await run('sync', '--once')).enrolled, 3);
    for (const { stdout, stderr } of [set, show, await run('doctor')])
      assert.ok(!`${stdout}${stderr}`.includes(key.slice(0, 20)));
    const holders = readdirSync(dataDir, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => path.join(entry.parentPath, entry.name))
      .filter(file => readFileSync(file).includes(key.slice(0, 20)));
    assert.deepEqual(holders, [path.join(dataDir, 'secrets', 'dps-connection-string')]);
    assert.equal(statSync(holders[0]!).mode & 0o777, 0o600);
    const forgot = await run('dps', 'forget-key');
    assert.deepEqual(documentOf(forgot), { forgotten: true });
    assert.deepEqual(documentOf(await run('dps', 'forget-key')), { forgotten: false });
    assert.equal(documentOf(await run('dps', 'show')).source, null);
    const out = path.join(folder, 'audit.jsonl');
    await run('audit', 'export', '--format', 'jsonl', '--out', out);
    const acts = readFileSync(out, 'utf8')
      .split('\n')
      .filter(line => line.includes('"dps-key"'))
      .map(line => /"change":"(\w+)"/.exec(line)?.[1]);
    assert.deepEqual(acts, ['set', 'forgotten']);
  });

  it('S3 keeps the old key where the new one is refused or lacks a right, unless told not to ask', async () => {
    const good = withKey(keyOf('provisioningserviceowner'));
    const reader = withKey(keyOf('enrollmentreader'), 'enrollmentreader');
    const core = openCore({ dataDirectory: dataDir, env: env() });
    const give = (secret: string, offline = false) =>
      setDpsKey(core, { secret, account: 'os:test', offline, otherInstance: false });
    await give(good);
    for (const [text, code] of [
      [withKey(Buffer.alloc(32, 1).toString('base64')), 'unauthorized'],
      [reader, 'forbidden'],
      ['HostName=x', 'connection-string-invalid'],
      ['', 'dps-key-empty'],
      [good.replace('localhost', 'other.example'), 'dps-key-of-another'],
    ] as const)
      await assert.rejects(give(text), { code });
    assert.equal(showDpsKey(core).identity, 'provisioningserviceowner');
    assert.equal((await give(reader, true)).identity, 'enrollmentreader');
    const found = async () =>
      (await examineStation(dataDir, new AbortController().signal, env())).filter(({ check }) =>
        check.startsWith('DPS'),
      );
    assert.deepEqual(
      (await found()).map(({ check, state, found }) => [check, state, found]),
      [
        ['DPS key', 'good', 'enrollmentreader, from the secret store'],
        ['DPS', 'good', `localhost:${port} answers and takes the key, by the CA of KEYLINE_DPS_CA_FILE`],
        ['DPS rights', 'bad', 'EnrollmentWrite is missing'],
      ],
    );
    await give(good);
    const rights = (await found()).at(-1)!;
    assert.deepEqual([rights.check, rights.state], ['DPS rights', 'good']);
    assert.match(rights.remedy!, /whole instance.*safer plant/);
    core.close();
    const refused = await setKey(reader);
    assert.deepEqual([documentOf(refused).code, refused.code], ['forbidden', 5]);
  });

  describe('under a running station', () => {
    let station: Awaited<ReturnType<typeof openStation>>;
    const connections: ConnectionView[] = [];
    const until = async (what: string, holds: () => boolean) => {
      if (holds()) return;
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`not within 20 s: ${what}`)), 20_000);
        const stop = station.kiosk.subscribe(() => {
          if (!holds()) return;
          clearTimeout(late);
          stop();
          resolve();
        });
      });
    };
    const enrolled = () => station.kiosk.view().outbox.enrolled;
    const start = async () => {
      station = await openStation({ dataDirectory: dataDir, env: env() });
      connections.length = 0;
      station.kiosk.subscribe(event => {
        if (event.kind === 'connection') connections.push(event.connection);
      });
    };
    afterEach(() => station.close());

    it('S2 goes on within seconds after set-key, with the circuit open over the old key', async () => {
      await setKey(withKey(keyOf('provisioningserviceowner')));
      await start();
      await importDevices(100, 3);
      await until('three are enrolled', () => enrolled() === 3);
      const key = await regenerateKey();
      await importDevices(200, 3);
      await until('the old key is refused', () => station.kiosk.view().connection.state === 'refused');
      assert.equal(station.kiosk.view().connection.code, 'access-revoked');
      assert.equal(enrolled(), 3);
      const set = await setKey(withKey(key));
      assert.equal(set.code, 0, set.stdout);
      const told = performance.now();
      await until('six are enrolled', () => enrolled() === 6);
      assert.ok(performance.now() - told < 5_000);
      assert.equal(station.kiosk.view().connection.state, 'online');
    });

    it('S2 reads the store again when DPS refuses, before it opens the circuit', async () => {
      await setKey(withKey(keyOf('provisioningserviceowner')));
      await start();
      await importDevices(300, 3);
      await until('three are enrolled', () => enrolled() === 3);
      const key = await regenerateKey();
      // Without the revision and the audit entry that would wake the station.
      writeFileSync(path.join(dataDir, 'secrets', 'dps-connection-string'), withKey(key));
      connections.length = 0;
      await importDevices(400, 3);
      await until('six are enrolled', () => enrolled() === 6);
      const refused = connections.find(({ state }) => state === 'refused');
      const again = connections.find(({ state, since }) => state === 'online' && since >= refused!.since);
      assert.ok(again!.since - refused!.since < 5_000, JSON.stringify(connections));
    });

    it('O7 names a clock that is off from that of DPS, on the screen and in doctor, and no longer when it is right', async () => {
      await setKey(withKey(keyOf('provisioningserviceowner')));
      await start();
      await importDevices(500, 1);
      await until('one is enrolled', () => enrolled() === 1);
      // Right behind an answer of a right clock, of which the screen is told once a second.
      await askEmulator('POST', { kind: 'wrong-clock', skewS: 7200 });
      try {
        await importDevices(600, 1);
        await until('the clock is named', () => station.kiosk.view().clockAheadMs !== undefined);
        assert.equal(station.kiosk.view().clockAheadMs, -7_200_000);
        const doctor = await run('doctor');
        const { findings } = documentOf(doctor) as { findings: Record<string, string>[] };
        const clock = findings.find(({ check }) => check === 'clock')!;
        assert.equal(clock.state, 'bad');
        assert.match(clock.found!, /unsynced; This station's clock is 2 h behind/);
        assert.equal(doctor.code, 2);
        assert.equal(Math.round((documentOf(await run('status')).clockAheadMs as number) / 60_000), -120);
        await until('two are enrolled', () => enrolled() === 2);
      } finally {
        await askEmulator('DELETE');
      }
      await importDevices(700, 1);
      await until('the clock is right', () => station.kiosk.view().clockAheadMs === undefined);
    });

    it('O8 starts to send when a station without a DPS is given one', async () => {
      await start();
      await importDevices(500, 2);
      assert.equal(station.kiosk.view().connection.state, 'not-configured');
      await setKey(withKey(keyOf('provisioningserviceowner')));
      await until('two are enrolled', () => enrolled() === 2);
      assert.equal(station.kiosk.view().connection.host, `localhost:${port}`);
    });
  });
});
