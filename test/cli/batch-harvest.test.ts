/** `batch harvest` against two real swtpms, a bridge where nobody answers, and rows that say nothing useful. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeSwtpmState } from '../../scripts/virtual-dut/make-swtpm-state.ts';
import { type Swtpm, startSwtpm } from '../../scripts/virtual-dut/start-swtpm.ts';
import { missing } from '../parts.ts';
import { keyline } from './run-keyline.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'keyline-cli-batch-'));
const dataDir = path.join(folder, 'rehearsal');
const env = { KEYLINE_REHEARSAL: '1' };
const place = (name: string) => path.join(folder, name);

async function batch(list: string, ...options: string[]) {
  writeFileSync(place('list.csv'), list);
  const ended = await keyline(['batch', 'harvest', place('list.csv'), '--json', ...options], {
    dataDir,
    env,
  });
  const lines = ended.stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>);
  const { summary } = lines.pop() as { summary?: Record<string, unknown> };
  const rows = lines.sort((one, other) => Number(one.row) - Number(other.row));
  return { ...ended, summary, rows: rows.map(({ row, verdict, code }) => [row, verdict, code]) };
}

async function portOfNobody(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise(resolve => server.close(resolve));
  return port;
}

describe('keyline batch harvest', { skip: missing('swtpm', 'swtpm-tools') }, () => {
  const duts: Swtpm[] = [];
  before(async () => {
    for (const name of ['one', 'two']) {
      mkdirSync(place(name));
      await makeSwtpmState(place(name), { ek: 'persisted', caDir: place('ca') });
      duts.push(await startSwtpm({ stateDir: place(name) }));
    }
  });
  after(async () => {
    await Promise.all(duts.map(dut => dut.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  it('H6 harvests each row by itself, reports it, ends as the worst did, and goes on where it was ended', async () => {
    const [one, two] = duts as [Swtpm, Swtpm];
    const nobody = `swtpm:host=127.0.0.1,port=${await portOfNobody()}`;
    const rows = [
      ['SN-1', one.bridge],
      ['SN-2', nobody],
      ['SN-3', two.bridge],
      ['SN-4', two.bridge],
      ['', two.bridge],
      ['SN-6', 'cmd:touch planted'],
      ['SN-7', ''],
      ['SN-8', 'nonsense:'],
    ];
    const list = `Serial;Bridge\r\n${rows.map(row => row.map(cell => `"${cell}"`).join(';')).join('\r\n')}\r\n`;
    const first = await batch(list, '--report', place('report.csv'), '--work-order', 'WO-1');
    assert.equal(first.code, 3, first.stderr);
    assert.deepEqual(first.rows, [
      [2, 'passed', 'passed'],
      [3, 'failed', 'bridge-unreachable'],
      [4, 'passed', 'passed'],
      [5, 'refused', 'clone'],
      [6, 'bad', 'serial-missing'],
      [7, 'bad', 'bridge-not-permitted'],
      [8, 'bad', 'row-unreadable'],
      [9, 'bad', 'conf-invalid'],
    ]);
    assert.deepEqual(first.summary, {
      passed: 2,
      retest: 0,
      refused: 1,
      failed: 1,
      skipped: 0,
      bad: 4,
      left: 0,
      stopped: false,
    });
    const report = readFileSync(place('report.csv'), 'utf8').split('\r\n');
    assert.equal(report.length, rows.length + 2);
    assert.ok(report.some(line => line.startsWith('5,refused,clone,SN-4,')));

    const again = await batch(`serial,bridge\nSN-1,${one.bridge}\n`.replaceAll(/swtpm:[^\n]*/g, '"$&"'));
    assert.deepEqual([again.code, again.rows], [0, [[2, 'skipped', 'passed-before']]]);
  });

  it('refuses what is no list, and a fixture that is not there', async () => {
    const none = await keyline(['batch', 'harvest', place('one')], { dataDir, env });
    assert.equal(none.code, 2);
    const { code, rows } = await batch('serial,fixture\nSN-9,F9\n');
    assert.deepEqual([code, rows], [2, [[2, 'bad', 'fixture-unknown']]]);
  });
});
