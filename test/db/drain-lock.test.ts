import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { acquireDrainLock, drainLockFile } from '../../db/drain-lock.ts';
import { LedgerError } from '../../db/errors.ts';
import { directoryFor } from './ledger-fixture.ts';

describe('acquireDrainLock', () => {
  it('O6 lets one drain run in a process, and the next one after it', t => {
    const directory = directoryFor(t);
    const first = acquireDrainLock(directory);
    assert.ok(first);
    assert.equal(acquireDrainLock(directory), undefined);
    first.release();
    const second = acquireDrainLock(directory);
    assert.ok(second);
    second.release();
  });

  it('O6 keeps other processes out, and dies with its own', async t => {
    const directory = directoryFor(t);
    const other = spawn(process.execPath, [join(import.meta.dirname, 'drain-lock-script.ts'), directory], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    t.after(() => other.kill('SIGKILL'));
    const [said] = await once(other.stdout, 'data');
    assert.equal(String(said), 'held\n');
    assert.equal(acquireDrainLock(directory), undefined);
    other.kill('SIGKILL');
    await once(other, 'close');
    const lock = acquireDrainLock(directory);
    assert.ok(lock);
    lock.release();
  });

  it('names what stands in the way', t => {
    const directory = directoryFor(t);
    const inTheWay = (error: unknown) => error instanceof LedgerError;
    assert.throws(() => acquireDrainLock(join(directory, 'none')), inTheWay);
    mkdirSync(join(directory, 'a', drainLockFile), { recursive: true });
    assert.throws(() => acquireDrainLock(join(directory, 'a')), inTheWay);
    writeFileSync(join(directory, drainLockFile), 'x'.repeat(5000));
    assert.throws(() => acquireDrainLock(directory), inTheWay);
  });
});
