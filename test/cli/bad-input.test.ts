/** What a hurried person, a broken scanner or a full disk hands the command line: a clear error, its exit code, nothing lost. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { base64Key } from '../station/attempt/endorsement-keys.ts';
import { documentOf, keyline } from './run-keyline.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'keyline-cli-bad-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const dataDir = path.join(folder, 'station');
const env = { KEYLINE_REHEARSAL: '1' };
const bridge = 'swtpm:host=127.0.0.1,port=1';

async function fails(
  args: readonly string[],
  expected: { exit: number; code: string; dir?: string; env?: Record<string, string> },
) {
  const ended = await keyline([...args, '--json'], {
    dataDir: expected.dir ?? dataDir,
    env: { ...env, ...expected.env },
  });
  const document = documentOf(ended);
  assert.deepEqual([ended.code, document.code], [expected.exit, expected.code], ended.stdout + ended.stderr);
  assert.ok(String(document.hint).length > 10, 'a hint');
  return document;
}

describe('the command line and bad input', () => {
  it('H4 refuses a serial that is empty, too long or has a control character with 2, and records each attempt', async () => {
    const attempts = async () =>
      documentOf(await keyline(['status', '--json'], { dataDir, env })).attempts as number;
    const before = await attempts();
    const serials = [
      ['', 'serial-missing'],
      ['X'.repeat(300), 'serial-too-long'],
      ['SN\u0007-1', 'serial-characters'],
    ] as const;
    for (const [serial, code] of serials)
      await fails(['harvest', '--bridge', bridge, '--serial', serial], { exit: 2, code });
    assert.equal(await attempts(), before + serials.length);
  });

  it('refuses a malformed conf string, and one that is no bridge, with 2', async () => {
    for (const conf of ['', 'nothing:x', 'swtpm:port=70000'])
      await fails(['harvest', '--bridge', conf, '--serial', 'SN-1'], { exit: 2, code: 'conf-invalid' });
  });

  it('S2 refuses a connection string without a key with 2 and never repeats a key', async () => {
    const secret = Buffer.alloc(32, 7).toString('base64');
    for (const text of [`SharedAccessKeyName=k;SharedAccessKey=${secret}`, secret]) {
      const document = await fails(['sync', '--once'], {
        exit: 2,
        code: 'connection-string-invalid',
        env: { KEYLINE_DPS_CONNECTION_STRING: text },
      });
      assert.ok(!JSON.stringify(document).includes(secret));
    }
  });

  it('O1 records and shows all the same with a connection string that cannot be used, and says so', async () => {
    const code = 'connection-string-invalid';
    const broken = { KEYLINE_DPS_CONNECTION_STRING: 'HostName=h;SharedAccessKeyName=k' };
    const ask = (...args: string[]) =>
      keyline([...args, '--json'], { dataDir: path.join(folder, 'no-dps'), env: { ...env, ...broken } });
    const file = path.join(folder, 'two.csv');
    writeFileSync(file, `serial,endorsementKey\nB-1,${base64Key(1)}\nB-2,${base64Key(2)}\n`);
    for (const args of [
      ['import', file],
      ['devices', 'find', 'B-'],
      ['queue', 'list'],
      ['audit', 'verify'],
    ]) {
      const ended = await ask(...args);
      assert.equal(ended.code, 0, ended.stdout + ended.stderr);
      assert.match(ended.stderr, /nothing can be sent to DPS .*connection-string-invalid/);
    }
    const status = await ask('status');
    const { dps, queue } = documentOf(status) as { dps: object; queue: { queued: number } };
    assert.deepEqual([status.code, queue.queued], [0, 2]);
    assert.partialDeepStrictEqual(dps, { host: null, online: false, code });
    const doctor = await ask('doctor');
    const { findings } = documentOf(doctor) as { findings: Record<string, string>[] };
    assert.equal(doctor.code, 2);
    assert.equal(findings.find(({ check }) => check === 'DPS')!.state, 'bad');
    for (const args of [
      ['sync', '--once'],
      ['sync', '--reconcile'],
      ['dps', 'show'],
    ])
      await fails(args, { exit: 2, code, env: broken });
  });

  it('says with 2 what is missing, unknown or of another kind', async () => {
    await fails(['harvest', '--serial', 'SN-1'], { exit: 2, code: 'usage' });
    await fails(['harvest', '--bridge', bridge, '--serial', 'SN-1', '--timeout', 'soon'], {
      exit: 2,
      code: 'usage',
    });
    await fails(['harvset'], { exit: 2, code: 'usage' });
    await fails(['audit', 'export', '--format', 'xml', '--out', 'x'], { exit: 2, code: 'usage' });
    await fails(['harvest', '--bridge', bridge, '--serial', 'SN-1', '--product', 'none'], {
      exit: 2,
      code: 'product-unknown',
    });
    await fails(['sync', '--once'], { exit: 2, code: 'dps-not-configured' });
    await fails(['queue', 'show', 'nothing'], { exit: 2, code: 'entry-unknown' });
    await fails(['import', path.join(folder, 'nothing.csv')], { exit: 2, code: 'import-unreadable' });
  });

  it('names the help of the command that was meant', async () => {
    for (const [args, help] of [
      [['harvset'], 'keyline --help'],
      [['queue'], 'keyline queue --help'],
      [['queue', 'resolve', 'x', '--decision', 'maybe', '--reason', 'r'], 'keyline queue resolve --help'],
      [['devices', 'find', 'x', '--since', 'soon'], 'keyline devices find --help'],
      [['queue', 'retry'], 'keyline queue retry --help'],
    ] as const) {
      const { hint } = await fails(args, { exit: 2, code: 'usage' });
      assert.equal(hint, `See ${help}.`);
    }
    const told = await keyline(['queue', 'resolve', '--decision', 'maybe'], { dataDir, env });
    assert.match(told.stderr, /^error: .*maybe[\s\S]*See keyline queue resolve --help\.\n$/);
  });

  it('S4 stops with 6 at a ledger that is not SQLite, of another program, or of a newer schema, and leaves it as it is', async () => {
    const places: [string, (file: string) => void][] = [
      ['not-sqlite', file => writeFileSync(file, 'this is a text, not a ledger')],
      ['not-sqlite', file => writeFileSync(file, '')],
      ['not-a-ledger', file => void new Database(file).exec('CREATE TABLE t (x)').close()],
      [
        'newer-schema',
        file => {
          const db = new Database(file);
          db.pragma('page_size = 16384');
          db.pragma('application_id = 0x4b794c6e');
          db.pragma('user_version = 9999');
          db.exec('CREATE TABLE t (x)');
          db.close();
        },
      ],
    ];
    for (const [index, [code, make]] of places.entries()) {
      const dir = path.join(folder, `foreign-${index}`);
      mkdirSync(dir, { mode: 0o700 });
      const file = path.join(dir, 'ledger.sqlite');
      make(file);
      const before = readFileSync(file);
      await fails(['status'], { exit: 6, code, dir });
      assert.ok(readFileSync(file).equals(before));
    }
  });

  it('refuses a data directory that is a file, and a configuration that is wrong, with 2', async () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    await fails(['status'], { exit: 2, code: 'data-directory', dir: file });
    const dir = path.join(folder, 'misconfigured');
    mkdirSync(dir);
    writeFileSync(path.join(dir, 'keyline.json'), '{"fixtures": 4}');
    const { message } = await fails(['status'], { exit: 2, code: 'configuration-invalid', dir });
    assert.match(String(message), /fixtures/);
  });

  const tmpfs = process.getuid?.() === 0 && process.platform === 'linux';
  it('S4 tells of a full disk with 6, keeps what was recorded, and goes on when there is room', {
    skip: tmpfs ? false : 'needs root on Linux to mount a small tmpfs',
  }, async () => {
    const mount = path.join(folder, 'small-disk');
    mkdirSync(mount);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3500k', 'tmpfs', mount]);
    } catch (error) {
      assert.fail(`mounting a tmpfs failed: ${(error as Error).message}`);
    }
    try {
      const file = path.join(folder, 'many.csv');
      writeFileSync(
        file,
        `serial,endorsementKey\n${Array.from({ length: 500 }, (_, n) => `SN-${n},${base64Key(n)}`).join('\n')}\n`,
      );
      const dir = path.join(mount, 'station');
      const ended = await keyline(['import', file, '--json'], { dataDir: dir, env });
      assert.equal(ended.code, 6, ended.stdout.slice(-500) + ended.stderr);
      const lines = ended.stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line));
      assert.equal(lines.at(-1).code, 'full');
      const acknowledged = lines.filter(line => line.verdict === 'imported').length;
      assert.ok(acknowledged > 0);
      const status = documentOf(await keyline(['status', '--json'], { dataDir: dir, env }));
      assert.equal(status.devices, acknowledged);
      execFileSync('mount', ['-o', 'remount,size=64m', mount]);
      const again = await keyline(['import', file, '--json'], { dataDir: dir, env });
      assert.equal(again.code, 0, again.stderr);
      assert.equal(documentOf(await keyline(['status', '--json'], { dataDir: dir, env })).devices, 500);
      assert.equal(documentOf(await keyline(['audit', 'verify', '--json'], { dataDir: dir, env })).ok, true);
    } finally {
      execFileSync('umount', [mount]);
    }
  });
});
