import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'csv-parse/sync';
import { AuditError, type AuditErrorCode } from '../../src/audit/errors.ts';
import { assembleExport } from '../../src/audit/export/assemble-export.ts';
import { writeExport } from '../../src/audit/export/write-export.ts';
import { fromSpreadsheetCell, toSpreadsheetCell } from '../../src/audit/spreadsheet-cell.ts';
import fc from '../property.ts';
import { noSmallDisk, onSmallDisk } from '../small-disk.ts';
import { checkpointOf, directoryFor, exportTo, type Log, logOf, noon } from './log-fixture.ts';

const withCode = (code: AuditErrorCode) => (error: unknown) =>
  error instanceof AuditError && error.code === code;
const order = (log: Log) =>
  ({ format: 'jsonl', selection: {}, madeAt: noon, keyline: '0.1.0', key: log.key }) as const;

describe('writeExport', () => {
  it('A2 gives the signed checkpoint back, to be kept outside the file too', async t => {
    const log = logOf(15);
    const path = join(directoryFor(t), 'out.jsonl');
    const result = await writeExport(
      { ...log, checkpoints: [checkpointOf(log, 0), checkpointOf(log, 9)] },
      order(log),
      path,
    );
    assert.equal(result.checkpoint, checkpointOf(log));
    assert.partialDeepStrictEqual(result, {
      entries: 15,
      withheld: 0,
      size: 15,
      verifierKey: log.key.verifierKey,
    });
  });

  it('A2 is for its owner and group to read, and for nobody else', {
    skip: process.platform === 'win32' && 'Windows has no mode bits',
  }, async t => {
    const log = logOf(3);
    const path = join(directoryFor(t), 'out.jsonl');
    const umask = process.umask(0);
    try {
      await writeExport(log, order(log), path);
    } finally {
      process.umask(umask);
    }
    assert.equal(statSync(path).mode & 0o777, 0o640);
  });

  it('A1 signs nothing where a stored row, the size or an earlier checkpoint does not fit', async t => {
    const log = logOf(15);
    const directory = directoryFor(t);
    const damaged: Partial<Log>[] = [
      { entries: log.rows.with(4, { ...log.rows[4]!, entry: Buffer.from('{}') }) },
      { entries: log.rows.slice(0, 14) },
      { entries: [...log.rows, log.rows[3]!] },
      { checkpoints: [checkpointOf({ ...log, rows: log.rows.toReversed() }, 8)] },
      { checkpoints: [checkpointOf(logOf(15), 8)] },
      { checkpoints: ['none'] },
    ];
    for (const change of damaged) {
      await assert.rejects(
        writeExport({ ...log, ...change }, order(log), join(directory, 'out')),
        withCode('log-damaged'),
      );
    }
    assert.deepEqual(readdirSync(directory), []);
  });

  it('S4 leaves what was there until the new file is whole', async t => {
    const log = logOf(2000);
    const directory = directoryFor(t);
    const path = join(directory, 'out.jsonl');
    writeFileSync(path, 'before');
    const stop = new AbortController();
    const stopped = writeExport(log, order(log), path, {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await assert.rejects(stopped, withCode('export-stopped'));
    assert.deepEqual(readdirSync(directory), ['out.jsonl']);
    assert.equal(readFileSync(path, 'utf8'), 'before');
    const progress: number[] = [];
    await writeExport(log, order(log), path, { onProgress: done => progress.push(done) });
    assert.equal(readFileSync(path, 'utf8').split('\n').length, 2003);
    assert.ok(
      progress.length > 2 && progress.every((done, at) => done <= 2000 && done >= (progress[at - 1] ?? 0)),
    );
  });

  it('S4 names a place that cannot be written, and never replaces what is no file', async t => {
    const log = logOf(3);
    const directory = directoryFor(t);
    symlinkSync('/dev/null', join(directory, 'null'));
    for (const place of ['none/out', '.', 'null']) {
      await assert.rejects(
        writeExport(log, order(log), join(directory, place)),
        withCode('export-unwritable'),
        place,
      );
    }
    assert.deepEqual(readdirSync(directory), ['null']);
  });

  it('S4 a full disk leaves no half of a file', { skip: noSmallDisk() }, () => {
    const outcome = onSmallDisk(`${import.meta.dirname}/full-disk-script.ts`, 600);
    assert.deepEqual(outcome, { code: 'export-full', files: ['earlier.jsonl'], earlier: true });
  });

  it('A4 streams: a long log is never in memory at once', () => {
    const log = logOf(10);
    const many = 40_000;
    let pulled = 0;
    const entries = function* () {
      for (; pulled < many; pulled++) yield log.rows[0]!;
    };
    const chunks = assembleExport({ ...log, size: many, entries: entries() }, order(log));
    for (let written = 0, next = chunks.next(); !next.done; next = chunks.next()) {
      written += next.value.length;
      const ahead = pulled * log.rows[0]!.entry.length - written;
      assert.ok(next.value.length < 1024 * 1024 && ahead < 1024 * 1024);
    }
  });
});

describe('exports for people', () => {
  it('A4 no cell of a CSV export begins as a formula', async t => {
    const path = await exportTo(t, logOf(40), 'csv');
    const rows: string[][] = parse(readFileSync(path), { bom: true });
    assert.equal(rows.length, 43);
    for (const cell of rows.flat()) assert.doesNotMatch(cell, /^[=+\-@\t\r＝＋－＠]/u);
  });

  it('A4 round-trips serials through the spreadsheet mark', async t => {
    const log = logOf(40);
    const rows: Record<string, string>[] = parse(readFileSync(await exportTo(t, log, 'csv')), {
      bom: true,
      columns: true,
    });
    for (const row of rows.slice(1, -1)) {
      const serial: unknown = JSON.parse(row.entry!).data.serial;
      if (serial !== undefined) assert.equal(fromSpreadsheetCell(row.serial!), serial);
    }
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        text => fromSpreadsheetCell(toSpreadsheetCell(text)) === text,
      ),
    );
  });

  it('S5 marks a rehearsal in the head and in every row', async t => {
    const log = logOf(12, { rehearsal: true });
    const rows: Record<string, string>[] = parse(
      readFileSync(await exportTo(t, log, 'csv', { workOrder: 'W-1' })),
      { bom: true, columns: true },
    );
    assert.deepEqual(new Set(rows.slice(0, -1).map(row => row.rehearsal)), new Set(['REHEARSAL']));
    const [head] = readFileSync(await exportTo(t, log, 'jsonl'), 'utf8').split('\n');
    assert.equal(JSON.parse(head!).rehearsal, true);
  });
});
