import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type LineReaders, readersHere, readersInThreads } from '../../src/audit/verify/line-readers.ts';
import { type EntryFrame, readEntries, unreadLines, unsure } from '../../src/audit/verify/read-entries.ts';
import { type Reading, verifyExport } from '../../src/audit/verify/verify-export.ts';
import fc from '../property.ts';
import { checkpointOf, directoryFor, exportTo, logOf, origin } from './log-fixture.ts';

const threads = readersInThreads(1);
after(() => threads.close());

/** The same threads for every file. */
const kept = (readers: LineReaders): LineReaders => ({ ...readers, close: async () => {} });
/** What nothing was said of before: every line is judged in its turn. */
const lineByLine: Reading = {
  readersFor: () => ({ ...readersHere, read: unreadLines }),
  bytesPerRead: 1024 * 1024,
};
const inChunks = (readers: LineReaders, bytesPerRead: number): Reading => ({
  readersFor: () => kept(readers),
  bytesPerRead,
});

type Change = readonly [kind: 'byte' | 'swap' | 'drop' | 'twice' | 'cut' | 'put', at: number, to: number];
const changes = fc.array(
  fc.tuple(
    fc.constantFrom<Change[0]>('byte', 'swap', 'drop', 'twice', 'cut', 'put'),
    fc.nat(),
    fc.nat({ max: 255 }),
  ),
  { maxLength: 2 },
);

function changed(file: Buffer, [kind, at, to]: Change): Buffer {
  if (kind === 'byte' || kind === 'cut' || kind === 'put') {
    const place = at % Math.max(1, file.length);
    if (kind === 'cut') return file.subarray(0, place);
    return Buffer.concat([
      file.subarray(0, place),
      Buffer.of(to),
      file.subarray(kind === 'byte' ? place + 1 : place),
    ]);
  }
  const lines = file.toString('latin1').split(/(?<=\n)/);
  const one = at % lines.length;
  const other = (one + 1 + (to % 5)) % lines.length;
  if (kind === 'swap') [lines[one], lines[other]] = [lines[other]!, lines[one]!];
  else lines.splice(one, kind === 'drop' ? 1 : 0, ...(kind === 'drop' ? [] : [lines[other]!]));
  return Buffer.from(lines.join(''), 'latin1');
}

describe('readEntries', () => {
  it('A3 the verdict on an intact or damaged export is the same by lines, by chunks, and with threads', async t => {
    const log = logOf(30);
    const files = await Promise.all([
      exportTo(t, log, 'jsonl'),
      exportTo(t, log, 'json'),
      exportTo(t, log, 'jsonl', { workOrder: 'W-1' }),
    ]);
    const originals = files.map(file => readFileSync(file));
    const file = join(directoryFor(t), 'changed');
    const trusts = [{}, { key: log.key.verifierKey, checkpoints: [checkpointOf(log, 11)] }];
    const found = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(originals.length - 1),
        changes,
        fc.nat(1),
        fc.integer({ min: 2000, max: 8000 }),
        async (which, list, trust, size) => {
          writeFileSync(file, list.reduce(changed, originals[which]!));
          const verdict = await verifyExport(file, trusts[trust], lineByLine);
          found.add(verdict.ok ? verdict.level : verdict.problem);
          for (const readers of [readersHere, threads])
            assert.deepEqual(await verifyExport(file, trusts[trust], inChunks(readers, size)), verdict);
        },
      ),
      { numRuns: 150 },
    );
    for (const expected of ['intact', 'witnessed', 'entry-changed', 'entry-missing', 'entry-doubled'])
      assert.ok(found.has(expected), `${expected} in ${[...found]}`);
  });

  it('A3 is sure of entries that fit by themselves, and of nothing about keys, of another log, or not selected', async t => {
    const log = logOf(25);
    const bytes = readFileSync(await exportTo(t, log, 'jsonl'));
    const frame: EntryFrame = { form: 'jsonl', origin, rehearsal: false, filter: {} };
    const sure = (other: Partial<EntryFrame>) =>
      [...readEntries(bytes, { ...frame, ...other }).indexes].filter(index => index !== unsure);
    // All but the first entry, which tells the key.
    assert.deepEqual(
      sure({}),
      log.rows.slice(1).map(({ idx }) => idx),
    );
    assert.deepEqual(readEntries(bytes, frame).leafHashes.subarray(0, 32), log.rows[1]!.leaf_hash);
    assert.deepEqual(sure({ form: 'json' }), []);
    assert.deepEqual(sure({ origin: `${origin}x` }), []);
    assert.deepEqual(sure({ rehearsal: true }), []);
    assert.deepEqual(
      sure({ filter: { workOrder: 'W-0' } }),
      log.rows.filter(({ idx }) => idx > 0 && idx % 2 === 0).map(({ idx }) => idx),
    );
  });

  it('A3 a thread that ends is a fault, and no verdict', async t => {
    const file = await exportTo(t, logOf(40), 'jsonl');
    const readers = readersInThreads(1);
    const read = (bytes: Buffer, frame: EntryFrame) => {
      const answer = readers.read(bytes, frame);
      void readers.close();
      return answer;
    };
    await assert.rejects(
      verifyExport(file, {}, { readersFor: () => ({ ...readers, read }), bytesPerRead: 2000 }),
      /ended/,
    );
  });
});
