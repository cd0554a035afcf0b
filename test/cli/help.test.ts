/** What the command line loads before it knows the command: its own files and what all of them need, so that it answers at once. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { it } from 'node:test';

const root = path.join(import.meta.dirname, '..', '..');

/** Writes the address of each module that is loaded to stderr. */
const loads = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  import { writeSync } from 'node:fs';
  registerHooks({ load: (url, context, next) => (writeSync(2, url + '\\n'), next(url, context)) });
`)}`;

it('the help opens no ledger and loads neither schemas nor the parts of a command', () => {
  const main = path.join(root, 'src', 'cli', 'main.ts');
  const script = `"${process.execPath}" --disable-warning=ExperimentalWarning --import "${loads}" "${main}" --help 2>&1 >/dev/null`;
  const loaded = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trim().split('\n');
  assert.ok(loaded.some(url => url.endsWith('/src/cli/commands/harvest.ts')));
  const heavy = /\/node_modules\/(?!commander\/)|\/db\/(?!errors\.ts)|open-core\.ts/;
  assert.deepEqual(
    loaded.filter(url => heavy.test(url)),
    [],
  );
});
