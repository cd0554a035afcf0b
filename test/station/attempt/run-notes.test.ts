import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { notesOfAttempt } from '../../../src/station/attempt/run-notes.ts';
import { coreForTest, readAttempt } from '../station-fixture.ts';

const note = (harvestId: string) => ({ bridge: 'bridge', harvestId, handlesBefore: [0x80000000] });

test('H1 a cleared note leaves the ledger with the record of its attempt, and is not seen before', () => {
  using core = coreForTest();
  const notes = notesOfAttempt(core);
  notes.write(note('killed'));
  notes.clear('bridge', 'killed');
  assert.equal(notes.read('bridge'), undefined);
  notes.write(note('own'));
  assert.deepEqual(notes.read('bridge'), note('own'));
  notes.clear('bridge', 'own');
  assert.equal(core.ledger.runNotes.get('bridge')?.harvest_id, 'own', 'a kill from here on finds it');
  recordAttempt(core, readAttempt(1, 'SN-1'), notes.settle);
  assert.equal(core.ledger.runNotes.get('bridge'), undefined);
});

test('H1 a note that a run leaves behind stays, whatever is recorded', () => {
  using core = coreForTest();
  const notes = notesOfAttempt(core);
  notes.write(note('own'));
  recordAttempt(core, readAttempt(1, 'SN-1'), notes.settle);
  assert.deepEqual(notes.read('bridge'), note('own'));
});
