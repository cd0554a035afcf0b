import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leafHash } from '../../src/audit/merkle.ts';
import { type StoredLog, verifyLedger } from '../../src/audit/verify/verify-ledger.ts';
import { checkpointOf, type Log, logOf, type Row } from './log-fixture.ts';

const stored = (log: Log, change: Partial<StoredLog> = {}): StoredLog => ({
  ...log,
  entries: log.rows,
  verifierKey: log.key.verifierKey,
  ...change,
});

describe('verifyLedger', () => {
  it('A3 finds an untouched log intact, and says how far signatures and outside checkpoints reach', async () => {
    const log = logOf(30);
    const own = { checkpoints: [checkpointOf(log, 0), checkpointOf(log, 12), checkpointOf(log, 25)] };
    const proved = {
      ok: true,
      level: 'intact',
      size: 30,
      entries: 30,
      signedUpTo: 25,
      witnessedUpTo: 0,
    } as const;
    assert.partialDeepStrictEqual(await verifyLedger(stored(log, own)), proved);
    const trust = { key: log.key.verifierKey, checkpoints: [checkpointOf(log, 12)] };
    const more = { ok: true, level: 'witnessed', witnessedUpTo: 12 } as const;
    assert.partialDeepStrictEqual(await verifyLedger(stored(log, own), trust), more);
    assert.partialDeepStrictEqual(await verifyLedger(stored(logOf(0))), { ok: true, size: 0, signedUpTo: 0 });
  });

  it('A3 names the first wrong entry, or between which checkpoints it is', async () => {
    const log = logOf(30);
    const checkpoints = [checkpointOf(log, 5), checkpointOf(log, 12), checkpointOf(log, 25)];
    const problemOf = async (change: Partial<StoredLog>) => {
      const verdict = await verifyLedger(stored(log, { checkpoints, ...change }));
      assert.equal(verdict.ok, false);
      return [verdict.problem, verdict.index];
    };
    const entry = Buffer.from(log.rows[14]!.entry.toString().replace('"SN-', '"SM-').replace('850', '851'));
    const changed: Row = { ...log.rows[14]!, entry };
    assert.deepEqual(await problemOf({ entries: log.rows.with(14, changed) }), ['entry-changed', 14]);
    const rehashed = { ...changed, leaf_hash: leafHash(entry) };
    assert.deepEqual(await problemOf({ entries: log.rows.with(14, rehashed) }), ['root-differs', 12]);
    assert.deepEqual(await problemOf({ entries: log.rows.toSpliced(14, 1) }), ['entry-missing', 14]);
    assert.deepEqual(await problemOf({ entries: log.rows.slice(0, 27) }), ['entry-missing', 27]);
    const cut = { entries: log.rows.slice(0, 20), size: 20 };
    assert.deepEqual(await problemOf(cut), ['rolled-back', 20]);
    const foreign = logOf(30, { rehearsal: true });
    assert.deepEqual(await problemOf({ entries: log.rows.with(2, foreign.rows[2]!) }), [
      'entry-of-another-log',
      2,
    ]);
    const loose = Buffer.from(log.rows[3]!.entry.toString().replace('{', '{ '));
    const spaced = { idx: 3, entry: loose, leaf_hash: leafHash(loose) };
    assert.deepEqual(await problemOf({ entries: log.rows.with(3, spaced) }), ['entry-malformed', 3]);
    assert.deepEqual(await problemOf({ checkpoints: [checkpointOf(logOf(30), 5)] }), [
      'signature-wrong',
      undefined,
    ]);
  });
});
