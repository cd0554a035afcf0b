/** What a power cut may leave, against real processes of Node that write with and without a sync. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { PowerDisk, writesRecorder } from '../../scripts/crash/power/power-disk.ts';
import { Random } from '../../scripts/fuzz/random.ts';

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'keyline-power-test-')));
after(() => rmSync(folder, { recursive: true, force: true }));
const recorder = writesRecorder(folder);
const skip = 'missing' in recorder && recorder.missing;
const library = 'library' in recorder ? recorder.library : '';
const cuts = 12;

interface Ending {
  readonly unrecorded: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

/** Runs a script with `fs` and `at(name)`, and cuts the power after it, with every seed anew. */
function endings(script: string): Ending[] {
  return Array.from({ length: cuts }, (_, seed) => {
    const root = path.join(folder, 'disk');
    rmSync(root, { recursive: true, force: true });
    mkdirSync(root);
    const disk = new PowerDisk(root, { library, log: path.join(folder, 'writes.log') });
    const preamble = `const fs = require('node:fs'); const at = name => ${JSON.stringify(root)} + '/' + name;
      const sync = name => { const f = fs.openSync(at(name), 'r'); fs.fsyncSync(f); fs.closeSync(f); };`;
    execFileSync(process.execPath, ['-e', preamble + script], {
      env: { ...process.env, ...disk.environment },
    });
    const unrecorded = disk.cut(new Random(seed));
    const names = readdirSync(root);
    return {
      unrecorded,
      files: Object.fromEntries(names.map(name => [name, readFileSync(path.join(root, name), 'utf8')])),
    };
  });
}

describe('a power cut', { skip }, () => {
  it('keeps what was synced, file and name', () => {
    const script = `fs.writeFileSync(at('a'), 'kept'); sync('a'); sync('');`;
    for (const { files, unrecorded } of endings(script)) {
      assert.deepEqual(files, { a: 'kept' });
      assert.deepEqual(unrecorded, []);
    }
  });

  it('may lose what was not synced, and may keep it', () => {
    const script = `fs.writeFileSync(at('a'), 'first'); sync('a'); sync(''); fs.appendFileSync(at('a'), ' second');`;
    const found = new Set(endings(script).map(({ files }) => files.a));
    assert.ok(found.has('first') && found.has('first second'), [...found].join(' | '));
  });

  it('may lose the name of a synced file, and a rename, until the directory is synced', () => {
    const unnamed = endings(`fs.writeFileSync(at('a'), 'kept'); sync('a');`);
    assert.ok(unnamed.some(({ files }) => !('a' in files)));
    const moved = `fs.writeFileSync(at('a'), 'old'); sync('a'); fs.writeFileSync(at('b'), 'new'); sync('b'); sync('');
      fs.renameSync(at('b'), at('a'));`;
    const contents = new Set(endings(moved).map(({ files }) => JSON.stringify(files)));
    assert.deepEqual([...contents].sort(), ['{"a":"new"}', '{"a":"old","b":"new"}']);
    for (const { files } of endings(`${moved} sync('');`)) assert.deepEqual(files, { a: 'new' });
  });

  it('may leave only some sectors of a write, and gaps as zeros', () => {
    const script = `fs.writeFileSync(at('a'), ''); sync(''); fs.appendFileSync(at('a'), 'x'.repeat(4096));`;
    const found = endings(script).map(({ files }) => files.a!);
    assert.ok(found.some(text => text.includes('\0') && text.includes('x')));
    for (const text of found) assert.match(text, /^(x{512}|\0{512})*$/);
  });

  it('may bring back what was truncated or deleted without a sync', () => {
    const script = `fs.writeFileSync(at('a'), 'abc'); fs.writeFileSync(at('b'), 'b'); sync('a'); sync('b'); sync('');
      fs.truncateSync(at('a'), 1); fs.unlinkSync(at('b'));`;
    const found = endings(script);
    assert.ok(found.some(({ files }) => files.a === 'abc') && found.some(({ files }) => files.a === 'a'));
    assert.ok(found.some(({ files }) => 'b' in files) && found.some(({ files }) => !('b' in files)));
  });

  it('is not believed where something wrote past the recorder', () => {
    const root = path.join(folder, 'past');
    mkdirSync(root);
    const disk = new PowerDisk(root, { library, log: path.join(folder, 'past.log') });
    execFileSync(process.execPath, [
      '-e',
      `require('node:fs').writeFileSync(${JSON.stringify(`${root}/a`)}, 'a')`,
    ]);
    assert.deepEqual(disk.cut(new Random(1)), ['a']);
    assert.ok(!existsSync(path.join(root, 'a')));
  });
});
