import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readBack } from '../../src/audit/read-back.ts';
import { writeAtomically } from '../../src/audit/write-atomically.ts';
import { noSmallDisk, onSmallDisk } from '../small-disk.ts';
import { directoryFor } from './log-fixture.ts';

const withCode = (code: string) => (error: unknown) => (error as { code?: unknown }).code === code;

describe('writeAtomically', () => {
  it('A4 gives a file its bytes, for its owner and group alone, and reads them back', async t => {
    const directory = directoryFor(t);
    for (const size of [0, 1, 4096, 1024 * 1024, 3_000_001]) {
      const bytes = randomBytes(size);
      const seen = await writeAtomically(join(directory, 'file'), [bytes], { readBack: true });
      assert.equal(seen?.bytes, size);
      assert.deepEqual(readFileSync(join(directory, 'file')), bytes);
    }
    assert.equal(statSync(join(directory, 'file')).mode & 0o137, 0);
    assert.deepEqual(readdirSync(directory), ['file']);
  });

  it('A4 finds on the medium what is not what was written, and leaves nothing', async t => {
    const directory = directoryFor(t);
    const path = join(directory, 'file');
    writeFileSync(path, 'before');
    const chunks = function* () {
      yield Buffer.alloc(300_000, 1);
      yield Buffer.alloc(300_000, 2);
      // What a faulty stick would do: of the bytes on it some are others.
      const [draft] = readdirSync(directory).filter(name => name.endsWith('.part'));
      writeFileSync(join(directory, draft!), 'other', { flag: 'r+' });
    };
    await assert.rejects(writeAtomically(path, chunks(), { readBack: true }), withCode('export-differs'));
    assert.deepEqual(readdirSync(directory), ['file']);
    assert.equal(readFileSync(path, 'utf8'), 'before');
  });

  it('S4 names a medium that goes away while it is written', async t => {
    const directory = directoryFor(t);
    const chunks = function* () {
      yield Buffer.alloc(300_000, 1);
      rmSync(directory, { recursive: true });
      yield Buffer.alloc(300_000, 2);
    };
    await assert.rejects(writeAtomically(join(directory, 'file'), chunks()), withCode('export-medium-gone'));
  });

  it('S4 names a full stick, and a stick that was pulled out, in the real system', {
    skip: noSmallDisk(),
  }, () => {
    const outcome = onSmallDisk(`${import.meta.dirname}/pulled-stick-script.ts`, 600);
    assert.deepEqual(outcome, { full: 'export-full', pulled: 'export-medium-gone', left: [] });
  });

  it('stops while it reads back', async t => {
    const path = join(directoryFor(t), 'file');
    writeFileSync(path, 'bytes');
    await assert.rejects(readBack(path, AbortSignal.abort()), withCode('export-stopped'));
  });
});
