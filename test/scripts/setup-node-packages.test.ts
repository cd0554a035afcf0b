import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { installArguments, whyNodeIsMissing, whyStale } from '../../scripts/setup/node-packages.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const zod = { version: '4.6.7', integrity: 'sha512-a' };
const lock = (packages: Record<string, object>) => ({ packages });

test('packages are stale where one is missing, older, or other than the lock says', () => {
  const wanted = lock({ '': {}, 'node_modules/zod': zod });
  assert.equal(whyStale(wanted, lock({ 'node_modules/zod': zod, 'node_modules/more': zod })), undefined);
  assert.match(whyStale(wanted, undefined) ?? '', /not installed yet/);
  assert.match(whyStale(wanted, lock({})) ?? '', /node_modules\/zod is missing/);
  assert.match(
    whyStale(wanted, lock({ 'node_modules/zod': { ...zod, version: '4.6.6' } })) ?? '',
    /zod is 4\.6\.6, the lock wants 4\.6\.7/,
  );
  assert.ok(whyStale(wanted, lock({ 'node_modules/zod': { ...zod, integrity: 'sha512-b' } })));
});

test('optional packages of other platforms may be absent, but not of another version', () => {
  const wanted = lock({ 'node_modules/x-darwin': { ...zod, optional: true } });
  assert.equal(whyStale(wanted, lock({})), undefined);
  assert.ok(
    whyStale(wanted, lock({ 'node_modules/x-darwin': { ...zod, version: '1.0.0', optional: true } })),
  );
});

test('Node is missing unless it was brought or a Node of that major version runs already', () => {
  assert.equal(whyNodeIsMissing(true, 'v20.20.2', '24.21.0'), undefined);
  assert.equal(whyNodeIsMissing(false, 'v24.3.0', '24.21.0'), undefined);
  assert.match(whyNodeIsMissing(false, 'v20.20.2', '24.21.0') ?? '', /Node 24\.21\.0/);
});

test('an npm that does not read allowScripts is replaced by one that does', () => {
  assert.deepEqual(installArguments('11.16.0', '24.21.0'), ['ci', '--loglevel=error']);
  assert.deepEqual(installArguments('12.2.0', '24.21.0'), ['ci', '--loglevel=error']);
  for (const old of ['9.2.0', '10.8.2', '11.15.0', '']) {
    const argv = installArguments(old, '24.21.0');
    assert.deepEqual(argv.slice(-3), ['--', 'npm', 'ci']);
    assert.ok(
      argv.includes('--package=node@24.21.0') && argv.some(word => word.startsWith('--package=npm@11')),
    );
  }
});

test('set-up installs once, says why in one line, and then is silent without calling npm again', t => {
  const checkout = mkdtempSync(path.join(tmpdir(), 'keyline-setup-'));
  t.after(() => rmSync(checkout, { recursive: true }));
  for (const file of ['package.json', 'package-lock.json', 'scripts/setup.mjs', 'scripts/setup']) {
    cpSync(path.join(root, file), path.join(checkout, file), { recursive: true });
  }
  const calls = path.join(checkout, 'npm-calls');
  const run = () =>
    spawnSync(process.execPath, ['scripts/setup.mjs', 'test'], {
      cwd: checkout,
      encoding: 'utf8',
      env: { PATH: path.join(checkout, 'bin'), KEYLINE_SETUP: 'none' },
    });
  standInForNpm(checkout, calls);

  const first = run();
  assert.match(first.stdout, /^Keyline set-up: installing npm packages: they are not installed yet/);
  assert.match(first.stdout, /Keyline set-up: npm packages installed in \d+ s/);
  assert.equal(first.status, 0, first.stderr);
  assert.deepEqual(readFileSync(calls, 'utf8').trim().split('\n'), ['--version', 'ci --loglevel=error']);

  assert.doesNotMatch(run().stdout, /npm packages/);
  assert.equal(readFileSync(calls, 'utf8').trim().split('\n').length, 2, 'npm was not called again');

  rmSync(path.join(checkout, 'node_modules/.package-lock.json'));
  writeFileSync(path.join(checkout, 'npm-fails'), '');
  const failed = run();
  assert.equal(failed.status, 1);
  assert.match(failed.stderr, /ENOTFOUND registry[\s\S]*By hand: npm ci/);
});

/** An npm that "installs" what the lock names, or fails like one without a network. */
function standInForNpm(checkout: string, calls: string): void {
  const bin = path.join(checkout, 'bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'package.json'), '{"type":"commonjs"}');
  const npm = `#!${process.execPath}
const fs = require('node:fs');
fs.appendFileSync(${JSON.stringify(calls)}, process.argv.slice(2).join(' ') + '\\n');
if (process.argv[2] === '--version') console.log('11.19.1');
else if (fs.existsSync('npm-fails')) { console.error('npm error ENOTFOUND registry'); process.exitCode = 1; }
else {
  fs.mkdirSync('node_modules/node/bin', { recursive: true });
  fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
  fs.writeFileSync('node_modules/node/bin/node', '', { mode: 0o755 });
}
`;
  writeFileSync(path.join(bin, 'npm'), npm);
  chmodSync(path.join(bin, 'npm'), 0o755);
}
