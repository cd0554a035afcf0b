import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'keyline ci ')));
const checkout = path.join(folder, 'checkout');
after(() => rmSync(folder, { recursive: true }));
mkdirSync(path.join(checkout, '.ci'), { recursive: true });
copyFileSync(path.resolve(import.meta.dirname, '../../.ci/run'), path.join(checkout, '.ci/run'));
mkdirSync(path.join(folder, 'bin'));
writeFileSync(
  path.join(folder, 'bin/npm'),
  '#!/bin/sh\necho "npm $* in $(pwd) with openapi <$DPS_OPENAPI_DIR>"\nexit 7\n',
  { mode: 0o755 },
);

function run(env: Readonly<Record<string, string>> = {}) {
  return spawnSync(path.join(checkout, '.ci/run'), {
    cwd: '/',
    encoding: 'utf8',
    env: { PATH: `${path.join(folder, 'bin')}:/usr/bin:/bin`, ...env },
  });
}

test('CI runs the test command in the checkout and ends as it ends', () => {
  const ended = run();
  assert.equal(ended.stdout, `npm test in ${checkout} with openapi <>\n`, ended.stderr);
  assert.equal(ended.status, 7);
});

test('the OpenAPI files are passed on only from a folder that holds them', () => {
  const openapi = path.join(folder, 'openapi');
  assert.match(run({ DPS_OPENAPI_DIR: '' }).stdout, /with openapi <>$/m);
  mkdirSync(openapi);
  writeFileSync(path.join(openapi, 'dps-service.openapi.json'), '{}');
  assert.match(run({ DPS_OPENAPI_DIR: openapi }).stdout, new RegExp(`with openapi <${openapi}>$`, 'm'));
});
