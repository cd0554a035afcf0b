/** `keyline config` as a process of its own: schema, check, export and import, and what they leave behind. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { documentOf, keyline } from './run-keyline.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'keyline-config-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const dataDir = path.join(folder, 'station');
const place = (name: string) => path.join(folder, name);
const run = (...args: string[]) => keyline(['config', ...args], { dataDir, env: { KEYLINE_REHEARSAL: '1' } });
const put = (name: string, json: unknown) => writeFileSync(place(name), JSON.stringify(json));
const line = {
  products: [{ serialPattern: 'GX2-\\d{6}', name: 'GX-2' }],
  fixtures: [{ bridge: 'cmd:hunter2', id: '1' }],
};

describe('keyline config', () => {
  it('prints a schema, and makes no station for it, nor for a check', async () => {
    const [schema, check] = await Promise.all([run('schema'), run('check', '--json')]);
    assert.equal(JSON.parse(schema.stdout).$schema, 'https://json-schema.org/draft/2020-12/schema');
    assert.equal(check.code, 0, check.stderr);
    assert.partialDeepStrictEqual(documentOf(check), { valid: true, faults: [] });
    assert.deepEqual(readdirSync(folder), []);
  });

  it('names each fault with what to write instead, and ends with 2', async () => {
    put('wrong.json', { station: { nmae: 'x' }, products: [{ name: 'a', serialPattern: '(' }] });
    const [text, json, dry] = await Promise.all([
      run('check', place('wrong.json')),
      run('check', place('wrong.json'), '--json'),
      run('import', place('wrong.json'), '--dry-run', '--json'),
    ]);
    assert.match(text.stdout, /station: there is no field "nmae"\n {4}instead: "name"/);
    assert.deepEqual([text.code, json.code, dry.code], [2, 2, 2]);
    assert.partialDeepStrictEqual(documentOf(dry), { code: 'configuration-refused' });
    assert.deepEqual(readdirSync(folder), ['wrong.json']);
  });

  it('imports what was exported as the same, and keeps what was there', async () => {
    put('line.json', line);
    const dry = await run('import', place('line.json'), '--dry-run');
    assert.deepEqual(dry.stdout.trimEnd().split('\n'), [
      'would change:',
      '  product "GX-2" comes: serialPattern "GX2-\\\\d{6}"',
      '  fixture "1" comes: bridge "cmd:…"',
    ]);
    assert.deepEqual(readdirSync(folder), ['line.json', 'wrong.json']);

    const first = await run('import', place('line.json'), '--json');
    assert.equal(first.code, 0, first.stdout + first.stderr);
    const exported = await run('export', place('exported.json'), '--json');
    assert.equal(exported.code, 0, exported.stdout);
    assert.deepEqual(JSON.parse(readFileSync(place('exported.json'), 'utf8')), line);
    if (process.platform !== 'win32') assert.equal(statSync(place('exported.json')).mode & 0o777, 0o600);
    const { to } = documentOf(first);
    assert.equal(documentOf(exported).sha256, to);
    const again = await run('import', place('exported.json'), '--json');
    assert.deepEqual(documentOf(again), { from: to, to, changes: [] });
    put('next.json', { products: line.products, station: { name: 'Left', lockMinutes: 5 } });
    const next = await run('import', place('next.json'), '--dry-run');
    assert.deepEqual(next.stdout.trimEnd().split('\n'), [
      'would change:',
      '  fixture "1" goes: bridge "cmd:…"',
      '  station.name: becomes "Left", was not set',
      '  station.lockMinutes: becomes 5, was not set',
    ]);
    const printed = await run('export');
    assert.equal(printed.stdout, readFileSync(place('exported.json'), 'utf8'));
  });

  it('refuses a file that is not there, and an export over the station’s own', async () => {
    const [gone, own] = await Promise.all([
      run('import', place('nowhere.json'), '--json'),
      run('export', path.join(dataDir, 'keyline.json'), '--json'),
    ]);
    assert.deepEqual([gone.code, documentOf(gone).code], [2, 'usage']);
    assert.deepEqual([own.code, documentOf(own).code], [2, 'export-over-station']);
  });
});
