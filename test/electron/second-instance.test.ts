import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { missing } from '../parts.ts';
import { standin } from '../standin/electron.ts';
import { runApp } from '../standin/run-app.ts';

test('stand-in, not Electron: a second start on the same data directory opens nothing and ends', {
  skip: missing('chromium'),
}, async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'keyline-shell-'));
  standin.isFirstInstance = false;
  const app = await runApp(dataDir);
  assert.equal(await standin.exited.promise, 0);
  assert.equal(standin.windows.length, 0);
  assert.deepEqual(await readdir(dataDir), ['electron-profile'], 'no ledger was touched');
  await app.close();
  await rm(dataDir, { recursive: true, force: true });
});
