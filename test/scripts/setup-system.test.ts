import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { aptInstall } from '../../scripts/setup/apt-install.mjs';
import { planInstall, planMissing } from '../../scripts/setup/system-plan.mjs';
import { browserExecutables, isInstalled, systemTools } from '../../scripts/setup/system-tools.mjs';
import { findBrowser } from '../../src/host/find-browser.ts';

const tool = (name: string) => {
  const found = systemTools.find(candidate => candidate.debianPackage === name);
  assert.ok(found, name);
  return found;
};
const debianRoot = {
  purpose: 'test' as const,
  missing: [tool('swtpm'), tool('chromium')],
  distribution: 'debian',
  root: true,
  forbidden: false,
  ci: false,
};

test('root on Debian: says what and why, and installs just what is missing', () => {
  const plan = planInstall(debianRoot);
  assert.deepEqual(plan.install, ['swtpm', 'chromium']);
  assert.match(plan.lines.join('\n'), /swtpm: the TPM inside each virtual DUT/);
  assert.deepEqual(planInstall({ ...debianRoot, missing: [] }).install, []);
});

test('nothing is installed where it is forbidden, not root, or not a Debian', () => {
  for (const other of [
    { forbidden: true },
    { root: false },
    { distribution: 'fedora' },
    { distribution: '' },
  ]) {
    assert.deepEqual(planInstall({ ...debianRoot, ...other }).install, []);
  }
});

test('on Ubuntu the browser is named, not installed: its package brings the snap service', () => {
  const ubuntu = { ...debianRoot, distribution: 'ubuntu debian' };
  assert.deepEqual(planInstall(ubuntu).install, ['swtpm']);
  assert.match(planMissing({ ...ubuntu, missing: [tool('chromium')] }).lines.join('\n'), /KEYLINE_BROWSER/);
});

test('the demo stops with 2 and the exact command; the tests go on and skip, except under CI=true', () => {
  const missing = { ...debianRoot, root: false, missing: [tool('swtpm'), tool('swtpm-tools')] };
  const demo = planMissing({ ...missing, purpose: 'demo' });
  assert.equal(demo.exitCode, 2);
  assert.match(demo.lines.join('\n'), /sudo apt-get install --no-install-recommends swtpm swtpm-tools$/m);
  const tests = planMissing(missing);
  assert.equal(tests.exitCode, 0);
  assert.match(tests.lines.join('\n'), /are skipped/);
  assert.equal(planMissing({ ...missing, ci: true }).exitCode, 2);
  assert.deepEqual(planMissing({ ...missing, missing: [] }), { lines: [], exitCode: 0 });
});

test('a missing browser does not stop the demo: it runs without a screen', () => {
  const end = planMissing({ ...debianRoot, purpose: 'demo', missing: [tool('chromium')] });
  assert.equal(end.exitCode, 0);
  assert.match(end.lines.join('\n'), /npm run demo -- --headless/);
});

test('a tool is found on PATH, and a browser also by KEYLINE_BROWSER', t => {
  const bin = mkdtempSync(path.join(tmpdir(), 'keyline-path-'));
  t.after(() => rmSync(bin, { recursive: true }));
  assert.equal(isInstalled(tool('swtpm'), { PATH: bin }), false);
  writeFileSync(path.join(bin, 'swtpm'), '', { mode: 0o644 });
  assert.equal(isInstalled(tool('swtpm'), { PATH: bin }), false, 'not executable');
  writeFileSync(path.join(bin, 'socat'), '', { mode: 0o755 });
  assert.equal(isInstalled(tool('socat'), { PATH: bin }), true);
  assert.equal(isInstalled(tool('chromium'), { PATH: bin, KEYLINE_BROWSER: '/opt/b' }), true);
});

test('no service is started: while apt runs, policy-rc.d refuses, and it is gone afterwards', t => {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-apt-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const policyFile = path.join(folder, 'policy-rc.d');
  const calls: string[] = [];
  const run = (argv: readonly string[]) => {
    calls.push(argv.join(' '));
    assert.match(readFileSync(policyFile, 'utf8'), /^exit 101$/m);
    assert.ok(statSync(policyFile).mode & 0o100);
    return argv[0] === 'install' ? 'E: no network' : undefined;
  };
  assert.equal(aptInstall(['swtpm'], { run, policyFile }), 'E: no network');
  assert.deepEqual(calls, ['update', 'install --yes --no-install-recommends swtpm']);
  assert.equal(existsSync(policyFile), false);

  writeFileSync(policyFile, "#!/bin/sh\n# the owner's own\nexit 101\n", { mode: 0o755 });
  aptInstall(['swtpm'], { run, policyFile });
  assert.match(readFileSync(policyFile, 'utf8'), /the owner's own/, "somebody else's policy stays");
});

test('set-up and the kiosk look for the same browsers, in the same order', () => {
  const nowhere = findBrowser({ PATH: '/bin' }, 'linux', () => false);
  assert.ok(nowhere.path === undefined);
  const names = nowhere.lookedAt.map(place => path.basename(place));
  assert.deepEqual([...new Set(names)], [...browserExecutables]);
});
