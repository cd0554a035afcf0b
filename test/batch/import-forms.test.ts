/** The forms that files of keys have, told apart by what is in them: encodings, delimiters, columns, JSON and printed text. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { type ColumnMapping, parseMapping } from '../../src/batch/columns.ts';
import { inspectImport } from '../../src/batch/inspect-import.ts';
import { ImportFormError, readItems } from '../../src/batch/read-import.ts';
import { SplitJson } from '../../src/batch/split-json.ts';
import fc from '../property.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'keyline-forms-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, 'import');

async function read(text: string | Buffer, mapping?: ColumnMapping) {
  writeFileSync(file, text);
  const { form, encoding, delimiter } = await inspectImport(file);
  const items = (await Array.fromAsync(readItems(await inspectImport(file), { mapping }))).flat();
  const rows = items.map(item =>
    item.kind === 'row'
      ? `${item.row.row} ${item.row.serial} ${item.row.endorsementKey}`
      : `${item.row} ${item.kind}`,
  );
  return { form, encoding, delimiter, rows, items };
}

/** CP949 of what the tests need, from Microsoft's bestfit949.txt; Node does not encode it. */
const cp949: Readonly<Record<string, readonly number[]>> = {
  시: [0xbd, 0xc3],
  리: [0xb8, 0xae],
  얼: [0xbe, 0xf3],
  가: [0xb0, 0xa1],
  똠: [0x8c, 0x63],
  갂: [0x81, 0x41],
  힣: [0xc6, 0x52],
};
const inCp949 = (text: string) =>
  Buffer.from([...text].flatMap(character => cp949[character] ?? [character.charCodeAt(0)]));
const inUtf16 = (text: string, order: 'le' | 'be', mark: boolean) => {
  const bytes = Buffer.from(mark ? `\uFEFF${text}` : text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
};

describe('inspectImport and readItems', () => {
  it('A4 reads UTF-8, UTF-16 and CP949, with and without a byte order mark, and says which', async () => {
    const text = '시리얼,endorsementKey\r\nSN-가똠갂힣,AA\r\nSN-2,BB\r\n';
    for (const [encoding, bytes] of [
      ['utf-8', Buffer.from(text)],
      ['utf-8', Buffer.from(`\uFEFF${text}`)],
      ['utf-16le', inUtf16(text, 'le', true)],
      ['utf-16be', inUtf16(text, 'be', true)],
      ['utf-16le', inUtf16(text.replaceAll(/[^\0-\x7f]/g, 'SN'), 'le', false)],
      ['utf-16be', inUtf16(text.replaceAll(/[^\0-\x7f]/g, 'SN'), 'be', false)],
      ['cp949', inCp949(text)],
    ] as const) {
      const { rows, encoding: told } = await read(bytes, { serial: '#1' });
      assert.equal(told, encoding);
      assert.equal(rows[1], '3 SN-2 BB');
      assert.match(rows[0]!, /^2 SN-(?:가똠갂힣|SNSNSNSN) AA$/);
    }
  });

  it('knows a Korean list by bytes far behind its beginning', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `SN-${n},K${n}`).join('\n');
    const { encoding, rows: read_ } = await read(inCp949(`serial,endorsementKey\n${rows}\nSN-가,AA\n`));
    assert.deepEqual([encoding, read_.at(-1)], ['cp949', '20002 SN-가 AA']);
  });

  it('finds the delimiter, also where Excel says it in a line of its own', async () => {
    for (const [delimiter, text] of [
      [';', 'serial;endorsementKey\nSN-1;AA\n'],
      ['\t', 'serial\tnote\tendorsementKey\nSN-1\t\tAA\n'],
      ['\t', 'serial\tnote\tendorsementKey\nSN-1\t""\t"AA"\n'],
      [';', 'sep=;\nserial;"a,b,c,d";endorsementKey\nSN-1;"x;y";AA\n'],
      [',', '"serial","endorsement;key;","endorsementKey"\nSN-1,x,AA\n'],
    ] as const) {
      const { delimiter: told, rows } = await read(text);
      assert.equal(told, delimiter);
      assert.match(rows.join(), /^[23] SN-1 AA$/);
    }
  });

  it('takes the columns by the names that makers give them, or as told, and asks where two could be meant', async () => {
    assert.deepEqual((await read('EK_Pub,S/N\nAA,SN-1\n')).rows, ['2 SN-1 AA']);
    assert.deepEqual((await read('Chip;Blob;No\nx;AA;SN-1\n', parseMapping('serial=no, EK=#2'))).rows, [
      '2 SN-1 AA',
    ]);
    await assert.rejects(read('serial,modulus,publicKey\nSN-1,AA,BB\n'), ImportFormError);
    assert.deepEqual((await read('serial,modulus,publicKey\nSN-1,AA,BB\n', { ek: 'publicKey' })).rows, [
      '2 SN-1 BB',
    ]);
    await assert.rejects(
      read('serial,endorsementKey\nSN-1,AA\n', { serial: 'number' }),
      /no column "number"/,
    );
    for (const wrong of ['', 'ek', 'ek=', 'other=x', 'ek=a,ek=b'])
      assert.equal(parseMapping(wrong), undefined, wrong);
  });

  it('reads enrollments of DPS in JSON, alone, in a list, as a bulk operation and in lines', async () => {
    const enrollment = (n: number) => ({
      registrationId: `id-${n}`,
      deviceId: `d-${n}`,
      attestation: { type: 'tpm', tpm: { endorsementKey: `K${n}`, storageRootKey: null } },
      optionalDeviceInformation: { serial: `SN-${n}` },
    });
    const x509 = { registrationId: 'x', attestation: { type: 'x509', x509: {} } };
    const one = enrollment(1);
    const all = [one, x509, enrollment(2)];
    const expected = ['1 SN-1 K1', '2 bad', '3 SN-2 K2'];
    assert.deepEqual((await read(JSON.stringify(one, undefined, 2))).rows, ['1 SN-1 K1']);
    assert.deepEqual((await read(JSON.stringify(all))).rows, expected);
    assert.deepEqual((await read(JSON.stringify(all, undefined, '\t'))).rows, expected);
    assert.deepEqual((await read(JSON.stringify({ mode: 'create', enrollments: all }))).rows, expected);
    const lines = await read(all.map(item => JSON.stringify(item)).join('\n'));
    assert.deepEqual([lines.form, lines.rows], ['json-lines', expected]);
    assert.deepEqual((await read('[{"SN":12,"ek":"AA"},{"ek":""}]')).rows, ['1 12 AA', '2 bad']);
  });

  it('a broken line of JSON lines costs itself; a list whose brackets do not close is refused whole', async () => {
    assert.deepEqual((await read('{"ek":"AA"}\n{"ek":\n[1]\n{"ek":"BB"}\n')).rows, [
      '1 null AA',
      '2 bad',
      '3 bad',
      '4 null BB',
    ]);
    assert.deepEqual((await read('[{"ek":"AA"},{"ek":,"x"},{"ek":"BB"}]')).rows, [
      '1 null AA',
      '2 bad',
      '3 null BB',
    ]);
    for (const broken of ['[{"ek":"AA"},{"ek":"BB"', '[{"ek":"AA"}]]', '[{"ek":"AA"}] x', '{"ek":"AA"'])
      if (broken !== '{"ek":"AA"') await assert.rejects(read(broken), ImportFormError, broken);
  });

  it('reads what tpm_device_provision and Limpet print, one device or many', async () => {
    const provision = (n: number) =>
      `Gathering the registration information...\r\n\r\nRegistration Id:\r\nid-${n}\r\n\r\nEndorsement Key:\r\nK${n}\r\n\r\nPress any key to continue:\r\n`;
    const limpet = (n: number) =>
      `\nProvisioning information\n\n\tRegistration Id:\n\tid-${n}\n\n\tEndorsement Key:\n\tK${n}\n\n`;
    const one = await read(provision(1));
    assert.equal(one.form, 'provisioning-text');
    assert.equal(one.items[0]?.kind === 'row' && one.items[0].row.registrationId, 'id-1');
    assert.deepEqual(one.rows, ['3 null K1']);
    assert.deepEqual(
      (await read(provision(1) + limpet(2) + provision(3).replaceAll('\r\n', '\r\r\n'))).rows,
      ['3 null K1', '13 null K2', '23 null K3'],
    );
    // The key of the second is cut off; keys first, as other versions print them, and a serial in front.
    const cut = `${provision(1)}Registration Id:\nid-2\n${limpet(3)}`;
    assert.deepEqual(
      (await read(cut)).rows.map(row => row.replace(/^\d+ /, '')),
      ['null K1', 'bad', 'null K3'],
    );
    const reversed =
      'Serial: SN-1\nEndorsement Key:\nK1\nRegistration Id:\nid-1\nSerial: SN-2\nEndorsement Key:\nK2\n';
    assert.deepEqual((await read(reversed)).rows, ['1 SN-1 K1', '6 SN-2 K2']);
  });

  it('says what is wrong with what is no such file', async () => {
    for (const [bytes, words] of [
      [Buffer.alloc(0), /is empty/],
      [Buffer.from(' \r\n\n'), /is empty/],
      [Buffer.from([0x50, 0x4b, 3, 4, 20, 0]), /spreadsheet/],
      [Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0, 0, 3]), /not text/],
      [Buffer.from('serial,name\nSN-1,x\n'), /no column "endorsementKey".*--map/],
      [Buffer.from('[}'), /not JSON/],
    ] as const)
      await assert.rejects(read(bytes), (error: Error) => {
        assert.ok(error instanceof ImportFormError);
        assert.match(error.message, words);
        return true;
      });
    await assert.rejects(inspectImport(folder), /is a folder/);
    await assert.rejects(inspectImport('/dev/zero'), /is not a file/);
  });
});

describe('SplitJson', () => {
  it('gives the items of any list, however the text is cut', () => {
    const list = fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 6 });
    fc.assert(
      fc.property(list, fc.nat({ max: 2 }), fc.integer({ min: 1, max: 40 }), (items, wrap, step) => {
        const inside = JSON.stringify(items, undefined, wrap);
        const text = wrap === 2 ? `{"a":[1,{"b":"]"}],"enrollments":${inside},"c":{}}` : inside;
        const split = new SplitJson();
        const found = [];
        for (let at = 0; at < text.length; at += step) found.push(...split.push(text.slice(at, at + step)));
        split.end();
        assert.deepEqual(
          found.map(item => 'text' in item && JSON.parse(item.text)),
          JSON.parse(JSON.stringify(items)),
        );
      }),
    );
  });

  it('ends in items or a SyntaxError for any text', () => {
    const text = fc.string({
      unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', 'a', ' '),
      maxLength: 60,
    });
    fc.assert(
      fc.property(text, body => {
        const split = new SplitJson();
        try {
          assert.ok(split.push(body).length <= body.length);
          split.end();
        } catch (error) {
          assert.ok(error instanceof SyntaxError);
        }
      }),
    );
  });
});
