import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signCheckpoint } from '../../src/audit/checkpoint.ts';
import { makeEntry } from '../../src/audit/entry.ts';
import { AuditError } from '../../src/audit/errors.ts';
import { KeyChain, signRotation } from '../../src/audit/key-chain.ts';
import { rootOf } from '../../src/audit/merkle.ts';
import { generateStationKey, type StationKey, stationKeyFromSecret } from '../../src/audit/station-key.ts';
import { verifyExport } from '../../src/audit/verify/verify-export.ts';
import { verifyLedger } from '../../src/audit/verify/verify-ledger.ts';
import { exportTo, type Log, logOf, noon, origin } from './log-fixture.ts';

const newKey = () => stationKeyFromSecret(generateStationKey(), origin);

function rotation(index: number, old: StationKey, next: StationKey): string {
  return signRotation({ origin, index, from: old.verifierKey, to: next.verifierKey }, old, next);
}

/** A log whose key was exchanged after each of these sizes; the newest key signs. */
function rotatedLog(...sizes: readonly number[]): Log & { keys: StationKey[]; rotations: string[] } {
  let log: Log = logOf(sizes[0]!);
  const keys = [log.key];
  const rotations: string[] = [];
  for (const [at, size] of sizes.entries()) {
    const next = newKey();
    const note = rotation(size, keys.at(-1)!, next);
    const data = {
      verifierKey: next.verifierKey,
      previousVerifierKey: keys.at(-1)!.verifierKey,
      note,
      because: 'x',
    };
    const frame = {
      origin,
      at: noon,
      bootId: 'b',
      monotonicMs: 1,
      clock: 'synced',
      personId: 'p',
      rehearsal: false,
    } as const;
    const more = (sizes[at + 1] ?? size + 5) - size;
    const rows = Array.from({ length: more }, (_, n) => {
      const { bytes, leafHash } = makeEntry(
        n === 0
          ? { ...frame, index: size, type: 'key-rotated', data }
          : { ...frame, index: size + n, type: 'drain', data: { change: 'paused', because: 'y' } },
      );
      return { idx: size + n, entry: bytes, leaf_hash: leafHash };
    });
    keys.push(next);
    rotations.push(note);
    const all = [...log.rows, ...rows];
    log = { ...log, key: next, size: all.length, rows: all, entries: all };
  }
  return { ...log, keys, rotations };
}

function noteOf(log: Log, size: number, key: StationKey): string {
  return signCheckpoint(key, {
    origin,
    size,
    rootHash: rootOf(log.rows.slice(0, size).map(row => row.leaf_hash)),
  });
}

describe('a log whose key was exchanged', () => {
  it('A2 verifies with its first key, its newest and each between, and says which one signs', async t => {
    const log = rotatedLog(6, 9);
    for (const selection of [{}, { workOrder: 'W-1' }]) {
      const file = await exportTo(t, log, 'jsonl', selection);
      for (const { verifierKey } of log.keys)
        assert.partialDeepStrictEqual(await verifyExport(file, { key: verifierKey }), {
          ok: true,
          level: 'signed',
          verifierKey: log.keys[2]!.verifierKey,
        });
      const other = await verifyExport(file, { key: newKey().verifierKey });
      assert.equal(!other.ok && other.problem, 'key-differs');
      const checkpoints = [
        noteOf(log, 6, log.keys[0]!),
        noteOf(log, 7, log.keys[1]!),
        noteOf(log, 10, log.keys[2]!),
      ];
      assert.partialDeepStrictEqual(await verifyExport(file, { checkpoints }), {
        ok: true,
        witnessedUpTo: 10,
      });
    }
  });

  it('A2 an exchanged key signs nothing that came after it, and a new one nothing from before', async t => {
    const log = rotatedLog(6);
    const file = await exportTo(t, log, 'csv');
    for (const [size, key] of [
      [7, 0],
      [6, 1],
    ] as const) {
      // biome-ignore format: short
      const verdict = await verifyExport(file, { checkpoints: [noteOf(log, size, log.keys[key]!)] });
      assert.equal(!verdict.ok && verdict.problem, 'witness-signature-wrong');
    }
    const old = { ...log, verifierKey: log.key.verifierKey, checkpoints: [noteOf(log, 8, log.keys[0]!)] };
    const verdict = await verifyLedger(old);
    assert.equal(!verdict.ok && verdict.problem, 'signature-wrong');
  });

  it('A2 is told by its entries: a key from elsewhere, or an exchange that is kept back, is found', async t => {
    const forger = newKey();
    const log = rotatedLog(6);
    const problemOf = async (change: Partial<Log & { rotations: string[] }>) => {
      const verdict = await verifyExport(await exportTo(t, { ...log, ...change }, 'jsonl'));
      return verdict.ok ? 'ok' : [verdict.problem, verdict.index];
    };
    assert.equal(await problemOf({}), 'ok');
    assert.deepEqual(await problemOf({ key: forger, rotations: [] }), ['key-not-in-log', 0]);
    assert.deepEqual(await problemOf({ key: log.keys[0]!, rotations: [] }), ['key-not-in-log', 6]);
    const past = rotation(8, log.key, forger);
    assert.deepEqual(await problemOf({ key: forger, rotations: [...log.rotations, past] }), [
      'key-not-in-log',
      8,
    ]);
    const stolen = rotation(6, log.keys[0]!, forger);
    assert.deepEqual(await problemOf({ key: forger, rotations: [stolen] }), ['key-not-in-log', 6]);
  });

  it('A2 takes no rotation that both keys did not sign, or that does not follow', () => {
    const [first, second, third] = [newKey(), newKey(), newKey()];
    const good = rotation(4, first, second);
    assert.deepEqual(KeyChain.of(origin, second.verifierKey, [good]).keys, [
      first.verifierKey,
      second.verifierKey,
    ]);
    const next = rotation(9, second, third);
    assert.equal(KeyChain.of(origin, third.verifierKey, [good, next]).keys.length, 3);
    const lines = good.split('\n');
    const bad: (readonly string[])[] = [
      [next, good],
      [good, good, next],
      [good, rotation(4, second, third)],
      [good, rotation(9, first, third)],
      [good, next.replace('\n9\n', '\n8\n')],
      [
        good,
        signRotation({ origin, index: 9, from: second.verifierKey, to: third.verifierKey }, third, third),
      ],
      [
        good,
        signRotation({ origin, index: 9, from: second.verifierKey, to: third.verifierKey }, second, second),
      ],
      [lines.toSpliced(-2, 1).join('\n'), next],
      [lines.toSpliced(-3, 1).join('\n'), next],
      [noteOf(logOf(3), 3, first), next],
    ];
    for (const notes of bad)
      assert.throws(
        () => KeyChain.of(origin, third.verifierKey, notes),
        (error: unknown) => error instanceof AuditError && error.code === 'key-invalid',
        notes.join('---'),
      );
  });
});
