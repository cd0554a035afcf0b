import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { HarvestResult } from '../../../src/station/attempt/harvest-device.ts';
import { FixtureBoard } from '../../../src/station/kiosk/fixture-board.ts';

const result: HarvestResult = {
  verdict: 'passed',
  code: 'passed',
  hint: '',
  warnings: [],
  harvestId: 'harvest-1',
  serial: 'SN-1',
  product: 'default',
  workOrder: null,
  possession: 'proved',
  enrollment: null,
  rehearsal: true,
  durationMs: 100,
};

it('H8 the certificate step shows what the station judged after the run, and the time that the run took for it', async () => {
  const board = new FixtureBoard({
    fixtures: [{ id: 'F1', name: 'One' }],
    onGone: () => {},
    now: () => 0,
    onChange: () => {},
    onFault: error => {
      throw error;
    },
    run: async ({ onStep }) => {
      onStep({ step: 'certificate', state: 'started', atMs: 10 });
      onStep({ step: 'certificate', state: 'done', atMs: 25, found: 'unchecked' });
      onStep({ step: 'proof', state: 'started', atMs: 25 });
      onStep({ step: 'proof', state: 'done', atMs: 90 });
      onStep({ step: 'certificate', state: 'done', atMs: 91, found: 'verified' });
      return result;
    },
  });
  board.arm('F1', 'SN-1');
  board.start('F1');
  await board.close();
  const step = board.view('F1')?.steps.find(({ step }) => step === 'certificate');
  assert.deepEqual(step, { step: 'certificate', state: 'done', ms: 15, found: 'verified' });
});

it('a step has its time when it ended or was stopped, and none while it runs', async () => {
  const seen: unknown[] = [];
  const board = new FixtureBoard({
    fixtures: [{ id: 'F1', name: 'One' }],
    now: () => 0,
    onChange: ({ steps }) => seen.push(steps.find(({ step }) => step === 'tpm')),
    onFault: error => {
      throw error;
    },
    onGone: () => {},
    run: async ({ onStep }) => {
      onStep({ step: 'connect', state: 'started', atMs: 0 });
      onStep({ step: 'connect', state: 'done', atMs: 30 });
      onStep({ step: 'tpm', state: 'started', atMs: 30 });
      return { ...result, verdict: 'failed', code: 'bridge-timeout' };
    },
  });
  board.arm('F1', 'SN-1');
  board.start('F1');
  await board.close();
  assert.deepEqual(seen.slice(-2), [
    { step: 'tpm', state: 'running' },
    { step: 'tpm', state: 'stopped', ms: 70 },
  ]);
});
