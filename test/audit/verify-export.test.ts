import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { AuditError } from '../../src/audit/errors.ts';
import type { ExportFormat } from '../../src/audit/export/assemble-export.ts';
import { leafHash } from '../../src/audit/merkle.ts';
import type { Problem, ProblemCode, Verdict } from '../../src/audit/verify/verdict.ts';
import { verifyExport } from '../../src/audit/verify/verify-export.ts';
import fc from '../property.ts';
import { checkpointOf, directoryFor, exportTo, type Log, logOf, noon } from './log-fixture.ts';

const formats: readonly ExportFormat[] = ['jsonl', 'csv', 'json'];

function assertProblem(verdict: Verdict, problem: ProblemCode, index?: number): Problem {
  assert.equal(verdict.ok, false, JSON.stringify(verdict));
  assert.equal(verdict.problem, problem, verdict.detail);
  if (index !== undefined) assert.equal(verdict.index, index, verdict.detail);
  return verdict;
}

/** Changes the lines of an export and verifies it. A line of a fixture's CSV may be part of a row: change whole rows. */
async function verifyChanged(
  t: TestContext,
  path: string,
  change: (lines: string[]) => string[],
): Promise<Verdict> {
  const text = readFileSync(path, 'utf8');
  const rows = text.split(/(?<=\n)(?=[0-9]+,|,|\{)/);
  const changed = join(directoryFor(t), 'changed');
  writeFileSync(changed, change(rows).join(''));
  return verifyExport(changed);
}

/** Row of entry `index`: after the head, in CSV also after the columns, in JSON after the bracket. */
const rowOf = (index: number, format: ExportFormat) => index + (format === 'jsonl' ? 1 : 2);

function swapped(rows: string[], a: number, b: number): string[] {
  return rows.map((row, at) => (at === a ? rows[b]! : at === b ? rows[a]! : row));
}

for (const format of formats) {
  describe(`verifyExport, ${format}`, () => {
    it('A3 finds an untouched export intact, with or without rehearsal, of any size', async t => {
      for (const size of [0, 1, 2, 40]) {
        const log = logOf(size, { rehearsal: size === 2 });
        const verdict = await verifyExport(await exportTo(t, log, format));
        assert.deepEqual(verdict, {
          ok: true,
          level: 'intact',
          origin: log.origin,
          rehearsal: size === 2,
          size,
          entries: size,
          withheld: 0,
          rootHash: Buffer.from(checkpointOf(log).split('\n')[2]!, 'base64').toString('hex'),
          checkpoint: checkpointOf(log),
          verifierKey: log.key.verifierKey,
          signedUpTo: size,
          witnessedUpTo: 0,
        });
      }
    });

    it('A3 says signed only with the key given, and witnessed only with a checkpoint from outside', async t => {
      const log = logOf(23);
      const path = await exportTo(t, log, format);
      const key = log.key.verifierKey;
      assert.partialDeepStrictEqual(await verifyExport(path, { key }), { ok: true, level: 'signed' });
      const checkpoints = [checkpointOf(log, 7), checkpointOf(log, 20)];
      const witnessed = { ok: true, level: 'witnessed', witnessedUpTo: 20 } as const;
      assert.partialDeepStrictEqual(await verifyExport(path, { key, checkpoints }), witnessed);
      assertProblem(await verifyExport(path, { key: logOf(1).key.verifierKey }), 'key-differs');
    });

    it('A3 finds a log that was made anew, cut off, or is another one, by a checkpoint from outside', async t => {
      const log = logOf(12);
      const path = await exportTo(t, log, format);
      const forged = await verifyExport(path, {
        checkpoints: [checkpointOf({ ...log, key: logOf(0).key }, 5)],
      });
      assertProblem(forged, 'witness-signature-wrong');
      const other: Log = { ...log, rows: [...log.rows].reverse() };
      assertProblem(await verifyExport(path, { checkpoints: [checkpointOf(other, 5)] }), 'root-differs', 0);
      const agreed = { checkpoints: [checkpointOf(log, 4), checkpointOf(other, 9)] };
      assertProblem(await verifyExport(path, agreed), 'root-differs', 4);
      const grown: Log = { ...log, rows: [...log.rows, ...log.rows] };
      assertProblem(await verifyExport(path, { checkpoints: [checkpointOf(grown, 14)] }), 'rolled-back', 12);
      const elsewhere = checkpointOf({ ...log, origin: 'station-2/log-9' }, 3);
      assertProblem(await verifyExport(path, { checkpoints: [elsewhere] }), 'witness-other-log');
    });

    it('A3 names the first entry that was changed, lost, doubled, added or moved', async t => {
      const log = logOf(20);
      const path = await exportTo(t, log, format);
      const row = (index: number) => rowOf(index, format);
      const changed = (rows: string[]) => rows.with(row(8), rows[row(8)]!.replaceAll('850', '851'));
      assertProblem(await verifyChanged(t, path, changed), 'entry-changed', 8);
      assertProblem(await verifyChanged(t, path, rows => rows.toSpliced(row(8), 1)), 'entry-missing', 8);
      assertProblem(await verifyChanged(t, path, rows => rows.toSpliced(row(17), 3)), 'entry-missing', 17);
      assertProblem(
        await verifyChanged(t, path, rows => rows.toSpliced(row(9), 0, rows[row(8)]!)),
        'entry-doubled',
        8,
      );
      assertProblem(
        await verifyChanged(t, path, rows => rows.toSpliced(row(15), 0, rows[row(3)]!)),
        'entry-doubled',
        3,
      );
      assertProblem(
        await verifyChanged(t, path, rows => swapped(rows, row(8), row(9))),
        'entry-reordered',
        8,
      );
      assertProblem(
        await verifyChanged(t, path, rows => swapped(rows, row(3), row(18))),
        'entry-reordered',
        3,
      );
      const longer = await exportTo(t, { ...logOf(21), key: log.key }, format);
      const added = readFileSync(longer, 'utf8').split(/(?<=\n)(?=[0-9]+,|,|\{)/)[row(20)]!;
      assertProblem(
        await verifyChanged(t, path, rows => rows.toSpliced(row(20), 0, added)),
        'entry-added',
        20,
      );
    });

    it('A3 finds an entry that was changed together with its hash', async t => {
      const log = logOf(20);
      const forgedEntry = Buffer.from(log.rows[6]!.entry.toString().replace('"passed"', '"passes"'));
      const forged: Log = {
        ...log,
        entries: log.rows.with(6, { idx: 6, entry: forgedEntry, leaf_hash: leafHash(forgedEntry) }),
      };
      const forgedRow = readFileSync(await exportTo(t, forged, format), 'utf8').split(
        /(?<=\n)(?=[0-9]+,|,|\{)/,
      )[rowOf(6, format)]!;
      const path = await exportTo(t, log, format);
      const change = (rows: string[]) => rows.with(rowOf(6, format), forgedRow);
      assertProblem(await verifyChanged(t, path, change), 'root-differs');
    });

    it('A3 finds an export that was cut off anywhere, or goes on after its end', async t => {
      const path = await exportTo(t, logOf(12), format);
      const bytes = readFileSync(path);
      const cut = join(directoryFor(t), 'cut');
      for (let length = 0; length < bytes.length; length += 211) {
        writeFileSync(cut, bytes.subarray(0, length));
        assert.equal((await verifyExport(cut)).ok, false, `cut to ${length}`);
      }
      writeFileSync(cut, bytes.subarray(0, -1));
      assertProblem(await verifyExport(cut), 'truncated');
      const end = (rows: string[]) => rows.toSpliced(rows.length - 1, 1);
      assertProblem(await verifyChanged(t, path, end), 'truncated', 12);
      assertProblem(await verifyChanged(t, path, rows => [...rows, '\n']), 'data-after-end');
      assertProblem(await verifyChanged(t, path, rows => [...rows, rows.at(-1)!]), 'data-after-end');
    });

    it('A3 notices any one byte that is changed', async t => {
      const path = await exportTo(t, logOf(11), format, { workOrder: 'W-1' });
      const bytes = readFileSync(path);
      const changed = join(directoryFor(t), 'flipped');
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
          const flipped = Buffer.from(bytes);
          flipped[at]! ^= mask;
          writeFileSync(changed, flipped);
          const verdict = await verifyExport(changed);
          assert.equal(verdict.ok, false, `byte ${at} changed by ${mask}`);
        }),
        { numRuns: 250 },
      );
    });

    it('A3 shows a selection and still proves the whole log', async t => {
      const log = logOf(600);
      const whole = await verifyExport(await exportTo(t, log, format));
      assert.ok(whole.ok);
      const path = await exportTo(t, log, format, {
        workOrder: 'W-1',
        since: noon + 5000,
        until: noon + 50_000,
      });
      assert.equal(readFileSync(path, 'utf8').includes('W-0'), false);
      const part = await verifyExport(path, {
        key: log.key.verifierKey,
        checkpoints: [checkpointOf(log, 333)],
      });
      assert.partialDeepStrictEqual(part, {
        ok: true,
        size: 600,
        entries: 18,
        withheld: 582,
        rootHash: whole.rootHash,
      });
      const nothing = await verifyExport(await exportTo(t, log, format, { workOrder: 'none' }));
      assert.partialDeepStrictEqual(nothing, {
        ok: true,
        entries: 0,
        withheld: 600,
        rootHash: whole.rootHash,
      });
    });

    it('A3 refuses a file that is no export, whatever it is', async t => {
      const path = join(directoryFor(t), 'file');
      for (const content of [
        '',
        'serial,ek\r\n1,2\r\n',
        '{}\n',
        '[]',
        '\uFEFF',
        Buffer.alloc(3_000_000),
        '{'.repeat(100_000),
      ]) {
        writeFileSync(path, content);
        assert.equal((await verifyExport(path)).ok, false);
      }
      const unreadable = (error: unknown) =>
        error instanceof AuditError && error.code === 'export-unreadable';
      await assert.rejects(verifyExport(`${path}-none`), unreadable);
      await assert.rejects(verifyExport(directoryFor(t)), unreadable);
    });
  });
}

describe('verifyExport, given trust', () => {
  it('refuses a key or a checkpoint that is none', async t => {
    const path = await exportTo(t, logOf(2), 'jsonl');
    const withCode = (code: string) => (error: unknown) => error instanceof AuditError && error.code === code;
    await assert.rejects(verifyExport(path, { key: 'station+1234+abc' }), withCode('key-invalid'));
    await assert.rejects(verifyExport(path, { checkpoints: ['hello'] }), withCode('checkpoint-invalid'));
  });
});

describe('verifyExport, csv columns', () => {
  it('A3 finds a readable column that disagrees with its entry', async t => {
    const path = await exportTo(t, logOf(12), 'csv');
    const change = (rows: string[]) =>
      rows.with(rowOf(1, 'csv'), rows[rowOf(1, 'csv')]!.replace(/passed/, 'failed'));
    assertProblem(await verifyChanged(t, path, change), 'columns-changed', 1);
    const quoting = (rows: string[]) =>
      rows.with(rowOf(1, 'csv'), rows[rowOf(1, 'csv')]!.replace(/,default,/, ',"default",'));
    assertProblem(await verifyChanged(t, path, quoting), 'malformed');
  });

  it('A3 does not collect a row that never ends', async t => {
    const path = await exportTo(t, logOf(2), 'csv');
    const columns = readFileSync(path, 'utf8').split('\r\n')[0]!;
    const endless = join(directoryFor(t), 'endless');
    writeFileSync(endless, `${columns}\r\n"${'\r\n'.repeat(3_000_000)}`);
    const problem = assertProblem(await verifyExport(endless), 'malformed');
    assert.equal(problem.line, 2);
  });
});
