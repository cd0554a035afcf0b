import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { en } from '../../renderer/messages/en.ts';
import { missing } from '../parts.ts';
import { standin } from '../standin/electron.ts';
import { runApp } from '../standin/run-app.ts';

test('stand-in, not Electron: S4 a station that cannot open says why at its window, and opens once that is mended', {
  skip: missing('chromium'),
}, async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'keyline-shell-'));
  const configuration = path.join(dataDir, 'keyline.json');
  await writeFile(configuration, '{"fixtures": 7}');
  process.env.KEYLINE_REHEARSAL = '1';
  const app = await runApp(dataDir);
  try {
    const page = await app.page();
    await page.getByText(en.stopCard.configuration.title).waitFor();
    assert.match(await page.locator('.stop').innerText(), /keyline\.json[\s\S]*fixtures/);
    await page.getByRole('button', { name: en.stop.again }).click();
    await page.locator('.stop-words').waitFor();
    await writeFile(configuration, '{"fixtures": []}');
    await page.getByRole('button', { name: en.stop.again }).click();
    await page.locator('.tiles, .first-steps').first().waitFor();
    assert.deepEqual(standin.errorBoxes, []);
  } finally {
    delete process.env.KEYLINE_REHEARSAL;
    await app.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});
