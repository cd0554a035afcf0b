import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { missing } from '../parts.ts';
import { standin } from '../standin/electron.ts';
import { runApp } from '../standin/run-app.ts';

test('stand-in, not Electron: S4 a station that cannot open says why and what to do, and stops', {
  skip: missing('chromium'),
}, async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'keyline-shell-'));
  await writeFile(path.join(dataDir, 'keyline.json'), '{"fixtures": 7}');
  const app = await runApp(dataDir);
  try {
    assert.equal(await standin.exited.promise, 1);
    assert.equal(standin.errorBoxes.length, 1);
    assert.match(
      standin.errorBoxes[0] ?? '',
      /^Keyline cannot start\n[\s\S]*fixtures[\s\S]*\n\nkeyline\.json in the data/,
    );
  } finally {
    await app.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});
