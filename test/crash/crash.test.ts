/** A few seconds of `npm run crash`, and the proof that it sees what it is there to see. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { writesRecorder } from '../../scripts/crash/power/power-disk.ts';
import { type CrashReport, runCrash } from '../../scripts/crash/run-crash.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'keyline-crash-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const recorder = writesRecorder(folder);
const skip = 'missing' in recorder && recorder.missing;
const library = 'library' in recorder ? recorder.library : undefined;
/** A sabotage is found in a few seconds; this is for a machine that does much else. */
const patienceMs = 180_000;
const compileCache = path.join(folder, 'compile-cache');

const whatOf = ({ broken }: CrashReport): string => broken.map(({ what }) => what).join('\n');

describe('npm run crash', () => {
  it('O1 O3 kill -9 at points and at random, faults on: nothing lost, twice, overwritten or disagreeing', async t => {
    const found = await runCrash({
      seed: 1,
      milliseconds: 5_000,
      leastKills: 6,
      compileCache,
      folder: path.join(folder, 'kill'),
    });
    const { atPoint, fromOutside } = found.tally.kills;
    t.diagnostic(`${atPoint} kills at a point, ${fromOutside} from outside, ${found.tally.devices} devices`);
    assert.equal(whatOf(found), '');
    assert.ok(atPoint + fromOutside >= 6 && found.tally.devices > 0 && found.tally.lives > 0);
  });

  it('H5 O1 the power cut after each round: what was accepted is there', { skip }, async t => {
    const found = await runCrash({
      seed: 2,
      milliseconds: 3_000,
      leastKills: 3,
      recorder: library,
      compileCache,
      folder: path.join(folder, 'cut'),
    });
    t.diagnostic(`${found.tally.powerCuts} power cuts, ${found.tally.devices} devices`);
    assert.equal(whatOf(found), '');
    assert.ok(found.tally.powerCuts > 0 && found.tally.devices > 0);
  });

  it('O3 sees that entries are sent again without asking', async () => {
    const found = await runCrash({
      seed: 3,
      milliseconds: patienceMs,
      leastKills: 1,
      sabotage: 'requeue-blindly',
      compileCache,
      folder: path.join(folder, 'blindly'),
    });
    // Or the moment between: DPS has it, and it waits in the queue.
    assert.match(whatOf(found), /sent again without asking|and the ledger has it as queued/);
    assert.ok(found.broken[0]!.history.length > 0);
  });

  it('H5 sees that commits return before they are on disk', { skip }, async () => {
    const found = await runCrash({
      seed: 4,
      milliseconds: patienceMs,
      leastKills: 1,
      sabotage: 'synchronous-normal',
      recorder: library,
      compileCache,
      folder: path.join(folder, 'normal'),
    });
    assert.match(
      whatOf(found),
      /lost: |and the ledger (has it as queued|does not know it)|not any more|no longer/,
    );
  });
});
