/** Where a station keeps its secrets, with GNOME's keyring daemon on a D-Bus of its own, and with none. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { openCore } from '../../../src/station/open-core.ts';
import { busSocket, sessionBusAnswers } from '../../../src/station/secrets/session-bus.ts';
import { documentOf, keyline } from '../../cli/run-keyline.ts';
import { temporaryFolder } from '../station-fixture.ts';
import { missingKeyring, type SecretService, startSecretService } from './secret-service.ts';

const linux = process.platform === 'linux' ? false : 'the Secret Service is Linux’s';

describe('the secret store with a keyring', { skip: linux || missingKeyring() }, () => {
  let service: SecretService;
  let dataDir: string;
  const run = (...args: string[]) =>
    keyline([...args, '--json'], { dataDir, env: { ...service.env, KEYLINE_SECRET_STORE: '' } });
  const secrets = () => readdirSync(path.join(dataDir, 'secrets')).sort();

  before(async () => {
    service = await startSecretService();
  });
  beforeEach(async () => {
    await service.become('unlocked');
    dataDir = temporaryFolder();
  });
  after(() => service.close());

  it('S2 keeps the key of a new station in the keyring, and finds it again', async () => {
    const first = await run('audit', 'verify');
    assert.equal(first.code, 0, first.stdout);
    assert.deepEqual(secrets(), ['store']);
    const again = await run('audit', 'verify');
    assert.equal(again.code, 0, again.stdout);
    assert.equal(documentOf(again).verifierKey, documentOf(first).verifierKey);
    const { findings } = documentOf(await run('doctor')) as { findings: Record<string, string>[] };
    assert.deepEqual(
      findings.filter(({ check }) => check === 'secrets').map(({ state, found }) => [state, found]),
      [['good', "this user's keyring (Secret Service)"]],
    );
    rmSync(dataDir, { recursive: true });
  });

  it('S2 stops where the keyring is locked or away, and never makes another key', async () => {
    const { verifierKey } = documentOf(await run('audit', 'verify'));
    const ledger = readFileSync(path.join(dataDir, 'ledger.sqlite'));
    await service.become('locked');
    const locked = await run('status');
    assert.deepEqual([locked.code, documentOf(locked).code], [6, 'secret-store-locked']);
    assert.match(String(documentOf(locked).hint), /unlock/i);
    const away = await keyline(['status', '--json'], { dataDir, env: { DBUS_SESSION_BUS_ADDRESS: '' } });
    assert.deepEqual([away.code, documentOf(away).code], [6, 'secret-store-locked']);
    assert.deepEqual(readFileSync(path.join(dataDir, 'ledger.sqlite')), ledger);
    assert.deepEqual(secrets(), ['store']);
    await service.become('unlocked');
    assert.equal(documentOf(await run('audit', 'verify')).verifierKey, verifierKey);
    rmSync(dataDir, { recursive: true });
  });

  it('S2 takes key files at the first start where the keyring is locked, and stays with them', async () => {
    await service.become('locked');
    assert.equal((await run('audit', 'verify')).code, 0);
    assert.deepEqual(secrets(), ['station-key', 'store']);
    await service.become('unlocked');
    assert.equal((await run('audit', 'verify')).code, 0);
    assert.deepEqual(secrets(), ['station-key', 'store']);
    rmSync(dataDir, { recursive: true });
  });

  it('S2 leaves the key file of an older station where it is', async () => {
    openCore({ dataDirectory: dataDir, env: { KEYLINE_SECRET_STORE: 'files' } }).close();
    rmSync(path.join(dataDir, 'secrets', 'store'));
    assert.equal((await run('audit', 'verify')).code, 0);
    assert.deepEqual(secrets(), ['station-key']);
    rmSync(dataDir, { recursive: true });
  });

  it('A1 gives processes that start a station together one key', async () => {
    const ended = await Promise.all(Array.from({ length: 3 }, () => run('audit', 'verify')));
    const keys = ended.map(each => documentOf(each).verifierKey);
    assert.equal(new Set(keys).size, 1, JSON.stringify(keys));
    assert.equal(typeof keys[0], 'string');
    assert.deepEqual(secrets(), ['store']);
    rmSync(dataDir, { recursive: true });
  });
});

describe('the secret store without a keyring', () => {
  const opened = (env: Record<string, string>) => {
    const folder = temporaryFolder();
    try {
      const core = openCore({ dataDirectory: folder, env });
      core.close();
      return core.secrets.kind;
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it('S2 keeps key files in a rehearsal, and where the person asks for them', () => {
    assert.equal(opened({ KEYLINE_REHEARSAL: '1' }), 'files');
    assert.equal(opened({ KEYLINE_SECRET_STORE: 'files' }), 'files');
  });

  it('S2 stops where the person asks for a keyring and there is none, and for any other word', {
    skip: linux,
  }, () => {
    assert.throws(() => opened({ KEYLINE_SECRET_STORE: 'keyring' }), { code: 'secret-store-locked' });
    assert.throws(() => opened({ KEYLINE_SECRET_STORE: 'vault' }), { code: 'secret-store-choice' });
    assert.equal(opened({}), 'files');
  });

  it('S4 stops where the note of the store is damaged', () => {
    const folder = temporaryFolder();
    openCore({ dataDirectory: folder, env: { KEYLINE_SECRET_STORE: 'files' } }).close();
    for (const text of ['', '{}', '{"store":"keyring"}', '{"store":"keyring","scope":"../x"}']) {
      writeFileSync(path.join(folder, 'secrets', 'store'), text);
      assert.throws(() => openCore({ dataDirectory: folder, env: {} }), { code: 'secret-store-unknown' });
    }
    rmSync(folder, { recursive: true });
  });

  it('S4 stops where the ledger is gone and the note of the store is still there', () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'secrets'));
    writeFileSync(path.join(folder, 'secrets', 'store'), '{"store":"keyring","scope":"0123456789abcdef"}');
    assert.throws(() => openCore({ dataDirectory: folder, env: {} }), { code: 'ledger-missing' });
    assert.ok(!existsSync(path.join(folder, 'ledger.sqlite')));
    rmSync(folder, { recursive: true });
  });
});

describe('the session bus', { skip: linux }, () => {
  it('is given up after a moment where it takes the connection and says nothing', async () => {
    const folder = temporaryFolder();
    const mute = createServer().listen(path.join(folder, 'bus'));
    await new Promise(resolve => mute.once('listening', resolve));
    const started = performance.now();
    assert.equal(sessionBusAnswers({ XDG_RUNTIME_DIR: folder }), false);
    assert.ok(performance.now() - started < 5_000);
    await new Promise(resolve => mute.close(resolve));
    assert.equal(sessionBusAnswers({ XDG_RUNTIME_DIR: folder }), false);
    rmSync(folder, { recursive: true });
  });

  it('is where the address or the runtime directory says', () => {
    for (const [address, socket] of [
      ['unix:path=/run/user/1000/bus', '/run/user/1000/bus'],
      ['unix:path=/tmp/a%20b,guid=12', '/tmp/a b'],
      ['unix:abstract=/tmp/dbus-X,guid=12', '\0/tmp/dbus-X'],
      ['tcp:host=localhost,port=1;unix:path=/second', '/second'],
      ['autolaunch:', undefined],
    ] as const)
      assert.equal(busSocket({ DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: '/run/x' }), socket);
    assert.equal(busSocket({ XDG_RUNTIME_DIR: '/run/user/0' }), '/run/user/0/bus');
    assert.equal(busSocket({}), undefined);
  });
});
