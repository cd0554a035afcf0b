import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ReconciliationNotes, reconciliationNotesFile } from '../../db/reconciliation-notes.ts';
import { directoryFor } from './ledger-fixture.ts';

describe('ReconciliationNotes', () => {
  it('tell what was not seen before, once each', t => {
    const notes = ReconciliationNotes.open(directoryFor(t));
    assert.ok(notes);
    assert.deepEqual([...notes.see(['a', 'b', 'a'])], ['a', 'b']);
    assert.deepEqual([...notes.see(['b', 'c'])], ['c']);
    assert.deepEqual(
      ['a', 'c', 'd'].map(id => notes.wasSeen(id)),
      [true, true, false],
    );
    notes.close();
  });

  it('give findings page by page, in their order', t => {
    const notes = ReconciliationNotes.open(directoryFor(t))!;
    for (const kind of ['missing', 'changed', 'missing']) notes.add(kind, `{"kind":"${kind}"}`);
    const [first, second] = notes.findings(2, 0);
    assert.deepEqual([first?.kind, second?.finding], ['missing', '{"kind":"changed"}']);
    assert.deepEqual(
      notes.findings(2, second!.number).map(({ kind }) => kind),
      ['missing'],
    );
    assert.deepEqual(notes.findings(2, 3), []);
    notes.close();
  });

  it('leave no file, take the place of one that a killed process left, and are one at a time', t => {
    const directory = directoryFor(t);
    const file = join(directory, reconciliationNotesFile);
    writeFileSync(file, 'left behind');
    const notes = ReconciliationNotes.open(directory)!;
    assert.equal(ReconciliationNotes.open(directory), undefined);
    if (process.platform !== 'win32') assert.ok(!existsSync(file));
    notes.close();
    assert.deepEqual(readdirSync(directory), ['reconciliation.lock']);
    ReconciliationNotes.open(directory)!.close();
  });
});
