import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

const root = path.resolve(import.meta.dirname, '../..');
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'keyline launcher ')));
const checkout = path.join(folder, 'checkout');
const launcher = path.join(checkout, 'keyline');
/** A system without Node on PATH, like one whose Node is another. */
const bare = { PATH: '/usr/bin:/bin' };

before(() => {
  mkdirSync(path.join(checkout, 'src/cli'), { recursive: true });
  copyFileSync(path.join(root, 'keyline'), launcher);
  writeFileSync(path.join(checkout, 'package.json'), '{"type":"module"}');
  writeFileSync(
    path.join(checkout, 'src/cli/main.ts'),
    `const words: readonly string[] = process.argv.slice(2);
console.log(JSON.stringify({ pid: process.pid, version: process.version, words }));
if (words[0] === 'wait') setInterval(() => {}, 1000);
if (words[0] === 'exit') process.exitCode = Number(words[1]);
`,
  );
});
after(() => rmSync(folder, { recursive: true }));

function withNode(): void {
  symlinkSync(path.join(root, 'node_modules'), path.join(checkout, 'node_modules'), 'dir');
}

test('without node_modules the launcher says what to run, and ends with 2', () => {
  const ended = spawnSync(launcher, ['status'], { encoding: 'utf8', env: bare });
  assert.equal(ended.status, 2);
  assert.equal(ended.stdout, '');
  assert.match(ended.stderr, new RegExp(`npm ci +\\(in ${checkout}\\)`));
});

test('the launcher runs the command line on Node 24 with its words and exit code', () => {
  withNode();
  const ended = spawnSync(launcher, ['exit', '4', 'two words', '*'], { encoding: 'utf8', env: bare });
  assert.equal(ended.status, 4, ended.stderr);
  const { version, words } = JSON.parse(ended.stdout);
  assert.match(version, /^v24\./);
  assert.deepEqual(words, ['exit', '4', 'two words', '*']);
});

test('it is found through a symbolic link, also a relative one to another', () => {
  mkdirSync(path.join(folder, 'bin'));
  symlinkSync(launcher, path.join(folder, 'bin/absolute'));
  symlinkSync('absolute', path.join(folder, 'bin/keyline'));
  const ended = spawnSync(path.join(folder, 'bin/keyline'), ['a'], { encoding: 'utf8', env: bare, cwd: '/' });
  assert.equal(ended.status, 0, ended.stderr);
  assert.deepEqual(JSON.parse(ended.stdout).words, ['a']);
});

test('it becomes Node itself, so that a signal to the launcher ends the program', async () => {
  const child = spawn(launcher, ['wait'], { env: bare, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  assert.equal(JSON.parse(String(line)).pid, child.pid, 'one process, not a parent and a child');
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [null, 'SIGTERM']);
});
