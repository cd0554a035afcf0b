import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { verifyExport } from '../../src/audit/verify/verify-export.ts';
import fc from '../property.ts';
import { directoryFor, exportTo, logOf } from './log-fixture.ts';
import { miniVerify } from './mini-verifier.ts';

for (const format of ['jsonl', 'csv', 'json'] as const) {
  describe(`an export stands alone, ${format}`, () => {
    it('A3 a verifier written from the published form alone comes to the same root', async t => {
      for (const size of [0, 1, 7, 64, 65]) {
        for (const selection of [{}, { workOrder: 'W-1' }]) {
          const path = await exportTo(t, logOf(size), format, selection);
          const verdict = await verifyExport(path);
          assert.ok(verdict.ok);
          assert.equal(miniVerify(path), verdict.rootHash);
        }
      }
    });

    it('A3 what the other verifier refuses, ours refuses too', async t => {
      const bytes = readFileSync(await exportTo(t, logOf(9), format));
      const path = join(directoryFor(t), 'changed');
      let refused = 0;
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(bytes.length - 1), async (from, to) => {
          writeFileSync(path, Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]));
          try {
            miniVerify(path);
          } catch {
            refused += 1;
            assert.equal((await verifyExport(path)).ok, false);
          }
        }),
        { numRuns: 60 },
      );
      assert.ok(refused > 50);
    });
  });
}
