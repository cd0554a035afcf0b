import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { LedgerError } from '../../db/errors.ts';
import { refuseOldRuntime } from '../../db/runtime.ts';

describe('refuseOldRuntime', () => {
  it('refuses a Node-API that the driver crashes on', () => {
    const tooOld = (error: unknown) => error instanceof LedgerError && error.code === 'runtime-too-old';
    assert.throws(() => refuseOldRuntime({ napi: '9', node: '20.20.2' }), tooOld);
    assert.throws(() => refuseOldRuntime({ node: '8.0.0' }), tooOld);
    refuseOldRuntime({ napi: '10', node: '22.14.0' });
    refuseOldRuntime(process.versions);
  });

  it('is asked before the driver is: every door of db/ refuses, in a process that calls itself old', () => {
    const script = `
      Object.defineProperty(process, 'versions', { value: { ...process.versions, napi: '9' } });
      const { createLedger, openLedger } = await import('${import.meta.dirname}/../../db/ledger-file.ts');
      const { acquireDrainLock } = await import('${import.meta.dirname}/../../db/drain-lock.ts');
      const doors = [
        () => createLedger('/nowhere/ledger.db', { kind: 'rehearsal', ledgerId: 'l', now: 0 }),
        () => openLedger('/nowhere/ledger.db'),
        () => acquireDrainLock('/nowhere'),
      ];
      for (const door of doors) try { door(); console.log('open'); } catch (error) { console.log(error.code); }`;
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    assert.equal(run.stdout, 'runtime-too-old\n'.repeat(3), run.stderr);
  });
});
