/** A small set of seeds of `npm run fuzz`, and the proof that its judge sees what it is there to see. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { readCase, writeCase } from '../../scripts/fuzz/case-file.ts';
import { HostileDut } from '../../scripts/fuzz/hostile-dut.ts';
import { mutateBytes, mutateText } from '../../scripts/fuzz/mutate.ts';
import { Random } from '../../scripts/fuzz/random.ts';
import { runFuzz } from '../../scripts/fuzz/run-fuzz.ts';
import * as seeds from '../../scripts/fuzz/seeds.ts';
import { verifyExport } from '../../src/audit/verify/verify-export.ts';
import { judgeChain } from '../../src/trust/judge-chain.ts';
import { parseRevocationList } from '../../src/trust/parse-revocation-list.ts';
import { brokenByForm } from '../../src/trust/revocation-rules.ts';
import { readTrustStore } from '../../src/trust/trust-folder.ts';
import { harvestAt } from '../harvest/harvest-at.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'keyline-fuzz-test-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const any = { milliseconds: 60_000, seed: 1 };

for (const seed of [1, 2, 3]) {
  test(`a round of every kind with seed ${seed} breaks no promise`, async () => {
    const { cases, failure } = await runFuzz({ milliseconds: 60_000, seed, rounds: 1 });
    assert.equal(failure?.what, undefined);
    assert.ok(Object.keys(cases).length >= 20);
    assert.ok(cases['harvest run']! >= 6 && cases.frame! >= 20, JSON.stringify(cases));
  });
}

describe('the judge', () => {
  const input = Buffer.from('some input');
  // A full heap is not among these: V8 ends the whole process there as often as the worker.
  const broken: readonly (readonly [string, RegExp])[] = [
    ['endless loop', /no end after 800 ms/],
    ['never settles', /no end after 800 ms/],
    ['unhandled rejection', /nobody waited/],
    ['exit', /ended with 7/],
  ];
  for (const [kind, what] of broken) {
    test(`sees ${kind}, and names the case`, async () => {
      const watch = { worker: new URL('broken-worker.ts', import.meta.url), hangMs: 800, heapMb: 64 };
      const { failure } = await runFuzz({ ...any, only: { kind, input } }, watch);
      assert.match(failure?.what ?? '', what);
      assert.deepEqual(failure?.case, { kind, input });
    });
  }

  test('runs one written case again', async () => {
    const file = writeCase(folder, { kind: 'serial', input: Buffer.from('"SN-1"') }, 'no matter');
    const report = await runFuzz({ ...any, only: readCase(file) });
    assert.deepEqual([report.cases, report.failure], [{ serial: 1 }, undefined]);
    writeFileSync(file, '{}');
    assert.throws(() => readCase(file));
    const unknown = await runFuzz({ ...any, only: { kind: 'unheard of', input } });
    assert.match(unknown.failure?.what ?? '', /no kind/);
  });
});

describe('what is damaged', () => {
  test('is good before: a verified chain, verified exports, harvests that end as recorded', async () => {
    const trust = path.join(folder, 'root.pem');
    writeFileSync(trust, Buffer.concat([seeds.chain.root, seeds.chain.middle]));
    assert.equal(judgeChain(seeds.chain.ek, readTrustStore(folder), Date.now()).status, 'verified');
    assert.equal(brokenByForm(parseRevocationList(seeds.revocationList)), undefined);
    for (const text of seeds.auditExports) {
      const file = path.join(folder, '.export');
      writeFileSync(file, text);
      assert.equal((await verifyExport(file)).ok, true);
    }
    for (const list of [seeds.publicAreas, seeds.nvPublicAreas, seeds.capabilities, seeds.certificates])
      assert.ok(list.length > 1);
    const dut = new HostileDut();
    try {
      const bridge = await dut.listen();
      for (const [name, code] of [
        ['certified', 'possession-failed'],
        ['endorsement-password', 'hierarchy-password'],
        ['other-key', 'ek-unfit'],
      ] as const) {
        dut.play({ transcript: seeds.recordings.get(name)!, misdeeds: new Map() });
        const finding = await harvestAt(bridge);
        assert.equal('code' in finding && finding.code, code, name);
      }
    } finally {
      dut.close();
    }
  });

  test('is damaged the same way by the same seed', () => {
    const twice = (make: (random: Random) => unknown) => [7, 7, 8].map(seed => make(new Random(seed)));
    const bytes = twice(random => mutateBytes(random, seeds.chain.ek).toString('hex'));
    const texts = twice(random => mutateText(random, seeds.imports[0]!));
    for (const [first, same, other] of [bytes, texts]) {
      assert.equal(first, same);
      assert.notEqual(first, other);
    }
  });
});
