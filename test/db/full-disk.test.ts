import assert from 'node:assert/strict';
import { it } from 'node:test';
import { noSmallDisk, onSmallDisk } from '../small-disk.ts';

interface Outcome {
  readonly creation: string;
  readonly afterCreation: readonly string[];
  readonly code: string;
  readonly acknowledged: number;
  readonly whileFull: unknown;
  readonly again: string;
  readonly afterRoom: unknown;
  readonly readOnly: string;
}

it('S4 a full disk stops clearly, keeps what was acknowledged, and goes on when there is room', {
  skip: noSmallDisk(),
}, () => {
  const outcome = onSmallDisk(`${import.meta.dirname}/full-disk-script.ts`, 12_000) as Outcome;
  assert.equal(outcome.creation, 'full');
  assert.deepEqual(outcome.afterCreation, ['ballast'], 'a ledger that could not be made leaves nothing');
  assert.equal(outcome.code, 'full');
  const { acknowledged } = outcome;
  assert.ok(acknowledged > 10, `${acknowledged} rows before the disk was full`);
  assert.deepEqual(outcome.whileFull, {
    devices: acknowledged,
    harvests: acknowledged,
    queued: acknowledged,
    audit: acknowledged,
    quickCheck: [],
  });
  assert.equal(outcome.again, 'none');
  assert.deepEqual(outcome.afterRoom, { devices: acknowledged + 1, quickCheck: [] });
  assert.equal(outcome.readOnly, 'read-only', 'and a disk that turned read-only is named');
});
