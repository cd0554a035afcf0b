import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { NoSuchTests, type Stage, stages } from '../../scripts/test/stages.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'keyline-runner-'));
after(() => rmSync(folder, { recursive: true }));

test('without words every check, the build and every test file runs, in this order', () => {
  const all = stages(root, []);
  assert.deepEqual(
    all.map(stage => stage.name),
    ['types', 'format and lint', 'import directions', 'build', 'gallery', 'tests'],
  );
  assert.ok(all.at(-1)!.argv.includes('test/scripts/test-runner.test.ts'));
});

test('with a folder or file only its tests run, after the build that they may need', () => {
  const some = stages(root, ['test/scripts', '--test-name-pattern=setup']);
  assert.deepEqual(
    some.map(stage => stage.name),
    ['build', 'gallery', 'tests'],
  );
  const { argv } = some.at(-1)!;
  assert.ok(argv.includes('--test-name-pattern=setup'));
  const files = argv.filter(word => !word.startsWith('-'));
  assert.ok(files.length > 3 && files.every(file => file.startsWith('test/scripts/')), files.join(' '));
  assert.throws(() => stages(root, ['test/nowhere']), NoSuchTests);
});

test('skipped tests are listed with their reasons before the counts, which are the last lines', () => {
  const ended = runReported(`
    test('good', () => {});
    test('no part', { skip: 'needs swtpm: apt-get install swtpm' }, () => {});
    test('outer', async t => { await t.test('inner', { skip: true }, () => {}); });
  `);
  assert.equal(ended.status, 0, ended.stdout);
  assert.match(
    ended.stdout,
    /\nSkipped:\n {2}no part: needs swtpm: apt-get install swtpm\n {2}inner: NO REASON GIVEN\n\nℹ tests 4\n/,
  );
  assert.match(
    ended.stdout,
    /\nℹ pass 2\nℹ fail 0\nℹ cancelled 0\nℹ skipped 2\nℹ todo 0\nℹ duration_ms [\d.]+\n$/,
  );
});

test('a failing test fails the run and is shown', () => {
  const ended = runReported("test('bad', () => { throw new Error('because'); });");
  assert.equal(ended.status, 1);
  assert.match(ended.stdout, /failing tests:[\s\S]*because/);
  assert.doesNotMatch(ended.stdout, /Skipped:/);
});

test('the run stops at the first stage that fails, with its name and exit code', () => {
  const ended = runStagesOf([
    { name: 'types', argv: ['-e', "console.log('ran types')"] },
    { name: 'build', argv: ['-e', 'process.exit(3)'] },
    { name: 'tests', argv: ['-e', "console.log('must not run')"] },
  ]);
  assert.equal(ended.status, 3, ended.stderr);
  assert.match(ended.stdout, /── types\nran types\n {3}types: good, \d+ ms\n── build\n$/);
  assert.equal(ended.stderr, 'npm test: build failed\n');
});

test('a stage that never ends is ended at the limit, and fails', () => {
  const ended = runStagesOf([{ name: 'tests', argv: ['-e', 'setInterval(() => {}, 1000)'] }], 300);
  assert.equal(ended.status, 1);
  assert.match(ended.stderr, /^npm test: tests failed: .*ETIMEDOUT$/m);
});

function runStagesOf(list: readonly Stage[], limitMs = 60_000) {
  const module = JSON.stringify(path.join(root, 'scripts/test/run-stages.ts'));
  const run = `process.exitCode = runStages('.', ${JSON.stringify(list)}, ${limitMs});`;
  return spawnSync(
    process.execPath,
    ['--input-type=module', '-e', `const { runStages } = await import(${module}); ${run}`],
    { encoding: 'utf8' },
  );
}

function runReported(source: string) {
  const file = path.join(folder, 'reported.test.mjs');
  writeFileSync(file, `import { test } from 'node:test';\n${source}`);
  // A test runner inside a test would otherwise speak the outer one's protocol.
  const { NODE_TEST_CONTEXT: _outer, ...env } = process.env;
  return spawnSync(
    process.execPath,
    [
      '--test',
      `--test-reporter=${path.join(root, 'scripts/test/reporter.ts')}`,
      '--test-reporter-destination=stdout',
      file,
    ],
    { encoding: 'utf8', env },
  );
}
