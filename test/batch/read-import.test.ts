/** Files that people edited: what is wrong costs its own row, and no file takes more memory than a line. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { ImportFormError, type ImportItem, readImport } from '../../src/batch/read-import.ts';
import fc from '../property.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'keyline-import-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, 'import.csv');

function read(text: string | Buffer): Promise<ImportItem[]> {
  writeFileSync(file, text);
  return Array.fromAsync(readImport(file));
}
const told = (item: ImportItem) =>
  item.kind === 'row'
    ? `${item.row.row} ${item.row.serial} ${item.row.endorsementKey}`
    : `${item.row} ${item.kind}`;
const toldOf = async (text: string | Buffer) => (await read(text)).map(told);

describe('readImport', () => {
  it('a quote that is never closed costs its own row', async () => {
    assert.deepEqual(await toldOf('serial,endorsementKey\nSN-1,AA\n"SN-2,BB\nSN-3,CC\nSN-4,DD\n'), [
      '2 SN-1 AA',
      '3 bad',
      '4 SN-3 CC',
      '5 SN-4 DD',
    ]);
  });

  it('so do two in a row, one before quoted cells, and one far from the end', async () => {
    assert.deepEqual(await toldOf('serial,endorsementKey\n"SN-1,AA\n"SN-2,BB\n"SN-3","CC"\n'), [
      '2 bad',
      '3 bad',
      '4 SN-3 CC',
    ]);
    const many = Array.from({ length: 500 }, (_, n) => `SN-${n},K${n}`);
    const items = await toldOf(`serial,endorsementKey\n"${many.join('\n')}`);
    assert.deepEqual(
      [items.length, items[0], items[1], items[499]],
      [500, '2 bad', '3 SN-1 K1', '501 SN-499 K499'],
    );
  });

  it('a line without end costs its own row, and no memory', async () => {
    const long = Buffer.alloc(30_000_000, 'A');
    const text = Buffer.concat([
      Buffer.from('serial,endorsementKey\nSN-1,AA\nSN-2,'),
      long,
      Buffer.from('\r\nSN-3,CC'),
    ]);
    const before = process.memoryUsage().arrayBuffers;
    assert.deepEqual(await toldOf(text), ['2 SN-1 AA', '3 bad', '4 SN-3 CC']);
    assert.ok(process.memoryUsage().arrayBuffers - before < 2 * long.length);
  });

  it('a line in another encoding costs its own row where the file says by its mark what it is', async () => {
    const korean = Buffer.from([0xb0, 0xa1, 0x2d, 0x37]);
    const text = Buffer.concat([
      Buffer.from('\uFEFFserial,endorsementKey\r\nSN-1,AA\r\n'),
      korean,
      Buffer.from(',BB\r\nSN-3,CC\r\n'),
    ]);
    assert.deepEqual(await toldOf(text), ['2 SN-1 AA', '3 \uFFFD\uFFFD-7 BB', '4 SN-3 CC']);
  });

  it('a serial that JSON cannot hold, or that is none, costs its row and is never left away', async () => {
    const odd = ['1e400', '12345678901234567890', '1.5', 'true', '{}', '["SN-1"]'];
    const good = ['"SN-1"', '7', 'null'];
    const item = (serial: string) => `{"serial":${serial},"endorsementKey":"AA"}`;
    const enrollment = (serial: string) =>
      `{"registrationId":"a","attestation":{"type":"tpm","tpm":{"endorsementKey":"AA"}},"optionalDeviceInformation":{"serial":${serial}}}`;
    for (const inForm of [item, enrollment]) {
      const items = await toldOf(`[${[...odd, ...good].map(inForm).join(',')}]`);
      assert.deepEqual(items, [
        ...odd.map((_, at) => `${at + 1} bad`),
        ...['SN-1', '7', 'null'].map((serial, at) => `${at + 7} ${serial} AA`),
      ]);
    }
  });

  it('reads what nests a hundred thousand deep, as far as it is not the key', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const twin = (more: string) =>
      `{"registrationId":"a","attestation":{"type":"tpm","tpm":{"endorsementKey":"AA"}},"initialTwin":${more}}`;
    assert.deepEqual(await toldOf(`${twin('{}')}\n${twin(deep)}\n${twin('{}')}\n`), [
      '1 null AA',
      '2 null AA',
      '3 null AA',
    ]);
    assert.deepEqual(await toldOf(`[${twin(deep)}]`), ['1 null AA']);
    await assert.rejects(read('['.repeat(1_000_000)), ImportFormError);
  });

  it('keeps line breaks in quoted cells, doubled quotes, and every kind of line end', async () => {
    const rows = [
      'serial,note,endorsementKey',
      'SN-1,"two\nlines, ""quoted""",AA',
      'SN-2,,BB',
      'SN-3,5" screw,CC',
    ];
    for (const end of ['\n', '\r\n', '\r'])
      assert.deepEqual(await toldOf(`\uFEFF${rows.join(end)}${end}${end}`), [
        '2 SN-1 AA',
        '4 SN-2 BB',
        '5 SN-3 CC',
      ]);
  });

  it('refuses a header that names a column twice, and names it', async () => {
    for (const [header, named] of [
      ['serial,endorsementKey,Serial', '"Serial"'],
      ['endorsementKey,serial,"Endorsement Key"', '"Endorsement Key"'],
      ['endorsementKey,note,note', '"note"'],
    ] as const)
      await assert.rejects(read(`${header}\na,b,c\n`), (error: Error) => {
        assert.ok(error instanceof ImportFormError);
        assert.ok(error.message.includes(named), error.message);
        return true;
      });
    // Nameless columns at the end, as spreadsheets leave them.
    assert.deepEqual(await toldOf('serial,endorsementKey,,\nSN-1,AA,,\n'), ['2 SN-1 AA']);
  });

  it('finds every good row of a file, whatever single line stands between them', async () => {
    const line = fc.string({ unit: fc.constantFrom('"', ',', 'a', ' ', "'", '\\'), maxLength: 12 });
    const rows = Array.from({ length: 60 }, (_, n) => `SN-${n},K${n}`);
    await fc.assert(
      fc.asyncProperty(line, async odd => {
        const items = await toldOf(`serial,endorsementKey\n${odd}\n${rows.join('\n')}\n`);
        const good = rows.map((row, n) => `${n + 3} ${row.replace(',', ' ')}`);
        assert.deepEqual(items.slice(-60), good);
        assert.ok(items.length <= 61);
      }),
    );
  });

  it('ends in items or in words for any file', async () => {
    const text = fc.string({
      unit: fc.constantFrom('"', ',', '\n', '\r', 'x', '=', '\u00e9'),
      maxLength: 200,
    });
    await fc.assert(
      fc.asyncProperty(text, async body => {
        const items = await read(`serial,endorsementKey\n${body}`);
        assert.ok(items.length <= body.length + 1);
      }),
    );
  });
});
