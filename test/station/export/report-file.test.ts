/** The report of a batch as a file: whole, or not there and said so; the batch goes on in any case. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { ReportFile } from '../../../src/station/export/report-file.ts';
import { noSmallDisk, onSmallDisk } from '../../small-disk.ts';

describe('a report of a batch', () => {
  it('A4 is CSV that no spreadsheet computes, under its name only when it is whole', t => {
    const folder = mkdtempSync(path.join(tmpdir(), 'keyline-report-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const report = new ReportFile(path.join(folder, 'report.csv'), ['serial', 'code', 'ms']);
    report.add({ serial: '=1+1', code: 'a,"b"\r\nc', ms: 7 });
    report.add({ serial: '한글' });
    report.flush();
    assert.deepEqual(readdirSync(folder), ['report.csv.part']);
    report.end();
    assert.deepEqual(readdirSync(folder), ['report.csv']);
    const text = readFileSync(path.join(folder, 'report.csv'), 'utf8');
    assert.equal(text, '\uFEFFserial,code,ms\r\n\'=1+1,"a,""b""\r\nc",7\r\n한글,,\r\n');
  });

  it('S4 ends with its batch on a stick that is full or gone, says so, and leaves no half of it', t => {
    const folder = mkdtempSync(path.join(tmpdir(), 'keyline-report-'));
    const report = new ReportFile(path.join(folder, 'report.csv'), ['serial']);
    rmSync(folder, { recursive: true });
    report.add({ serial: 'SN-1' });
    assert.throws(() => report.end(), { code: 'export-medium-gone' });
    if (noSmallDisk()) {
      t.diagnostic(`not on a small disk: ${noSmallDisk()}`);
      return;
    }
    assert.deepEqual(onSmallDisk(`${import.meta.dirname}/full-stick-script.ts`, 600), {
      added: 20_000,
      full: 'export-full',
      afterReport: [],
      list: ['export-full'],
      left: [],
    });
  });
});
