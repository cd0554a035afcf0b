import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CheckDigitScheme, checkDigitSchemes } from '../../src/enrollment/check-digit.ts';
import { checkSerial } from '../../src/enrollment/serial.ts';
import fc from '../property.ts';

const code = (text: string, serialPattern?: string) => {
  const checked = checkSerial(text, { serialPattern });
  return checked.ok ? `ok ${checked.serial}` : checked.code;
};

describe('checkSerial', () => {
  test('takes serials, without what a scanner puts at their ends', () => {
    assert.equal(code('SN-0001'), 'ok SN-0001');
    assert.equal(code(' \tSN 0001\r\n'), 'ok SN 0001');
    assert.equal(code('시리얼-1'), 'ok 시리얼-1');
    assert.equal(code('x'.repeat(128)), `ok ${'x'.repeat(128)}`);
    assert.equal(code('😀'.repeat(128)), `ok ${'😀'.repeat(128)}`);
  });

  test('gives what looks the same one form (NFC)', () => {
    assert.equal(code('Ofen-a\u0308'), 'ok Ofen-\u00e4');
  });

  test('refuses an empty, a too long and an invisible one, each by its name', () => {
    assert.equal(code(''), 'serial-missing');
    assert.equal(code(' \r\n'), 'serial-missing');
    assert.equal(code('x'.repeat(129)), 'serial-too-long');
    assert.equal(code('x'.repeat(300)), 'serial-too-long');
  });

  for (const character of [
    '\0',
    '\t',
    '\n',
    '\x1b',
    '\x7f',
    '\x85',
    '\x9b',
    '\u00a0',
    '\u200b',
    '\u202e',
    '\u2066',
    '\u2028',
    '\u3000',
    '\ufeff',
    '\ufffd',
    '\ud800',
    '\udc00',
  ]) {
    const name = character.charCodeAt(0).toString(16).padStart(4, '0');
    test(`refuses U+${name} inside a serial`, () =>
      assert.equal(code(`SN${character}1`), 'serial-characters'));
  }

  test('a pattern must fit the whole serial, also with alternatives', () => {
    assert.equal(code('SN-0001', 'SN-[0-9]{4}'), 'ok SN-0001');
    assert.equal(code('SN-00012', 'SN-[0-9]{4}'), 'serial-pattern');
    assert.equal(code('xSN-0001', 'SN-[0-9]{4}'), 'serial-pattern');
    assert.equal(code('AB', 'A|B'), 'serial-pattern');
    assert.equal(code('B', 'A|B'), 'ok B');
    assert.equal(code('"\\', '["\\\\]+'), 'ok "\\');
  });

  test('a broken pattern refuses, and a catastrophic one ends in time', () => {
    assert.equal(code('SN', '('), 'serial-pattern');
    assert.equal(code('SN', 'a)|(?:b'), 'serial-pattern');
    const begun = performance.now();
    assert.equal(code(`${'a'.repeat(60)}!`, '(a+)+'), 'serial-pattern');
    assert.ok(performance.now() - begun < 2_000);
    assert.equal(code('SN', 'SN'), 'ok SN', 'the next serial is judged again');
  });

  test('whatever is scanned, an accepted serial has 1 to 128 visible characters and is accepted again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 150 }), text => {
        const checked = checkSerial(text, {});
        if (!checked.ok) return;
        assert.deepEqual(checkSerial(checked.serial, {}), checked);
        assert.doesNotMatch(checked.serial, /[\p{Cc}\p{Cf}\p{Cs}]/u);
        assert.ok([...checked.serial].length <= 128);
      }),
    );
  });
});

describe('checkSerial and hostile text', () => {
  test('refuses a text far beyond any label at once, whatever is in it', () => {
    const begun = performance.now();
    const checked = checkSerial(`a${' '.repeat(900_000)}b`, {});
    assert.deepEqual([checked.ok, !checked.ok && checked.code], [false, 'serial-too-long']);
    // Seconds of slack for a busy machine; the expression that this replaced took half an hour.
    assert.ok(performance.now() - begun < 2_000);
  });

  test('reads a pattern as the configuration check does, with the flag u', () => {
    for (const [serialPattern, serial] of [
      ['\\p{Lu}+', 'ABC'],
      ['\\u{41}B', 'AB'],
      ['[😀]X', '😀X'],
    ] as const)
      assert.equal(checkSerial(serial, { serialPattern }).ok, true, serialPattern);
  });
});

describe('H10 a product’s check digit', () => {
  const scheme = (checkDigit: CheckDigitScheme, serialPattern?: string) => (text: string) =>
    checkSerial(text, { checkDigit, serialPattern });

  /** Published examples: ISO/IEC 7812-1, ISO 7064 and its users (ISNI, ISBT 128, LEI's digits), Verhoeff 1969, Damm 2004. */
  const published: Readonly<Record<CheckDigitScheme, readonly string[]>> = {
    luhn: ['79927398713', '4539 1488 0343 6467'],
    verhoeff: ['2363', '758722'],
    damm: ['5724'],
    'mod-11-2': ['07940', '079X', '0000 0001 2281 955X'],
    'mod-37-2': ['G123498654321H', 'A999914123456N'],
    'mod-97-10': ['79444', '3214282912345698765432161182'],
    'mod-11-10': ['07945'],
    'mod-37-36': ['A12425GABC1234002M'],
  };

  for (const name of checkDigitSchemes)
    test(`${name}: takes published serials and finds every wrong digit in them`, () => {
      for (const text of published[name]) {
        assert.deepEqual(scheme(name)(text), { ok: true, serial: text });
        for (let at = 0; at < text.length; at++) {
          if (!/[0-9]/.test(text[at]!)) continue;
          const wrong = `${text.slice(0, at)}${(Number(text[at]) + 1) % 10}${text.slice(at + 1)}`;
          const checked = scheme(name)(wrong);
          assert.equal(!checked.ok && checked.code, 'serial-check-digit', wrong);
        }
      }
    });

  test('covers the group of the pattern that is named so', () => {
    const check = scheme('luhn', 'GX2-(?<checked>\\d{11})');
    assert.equal(check('GX2-79927398713').ok, true);
    assert.deepEqual(check('GX2-79927398714'), {
      ok: false,
      code: 'serial-check-digit',
      detail: '79927398714: its check digit is not that of luhn',
    });
    assert.equal(scheme('luhn')('GX2-79927398713').ok, false);
  });

  test('refuses what the scheme does not know, and what is too short to have one', () => {
    for (const text of ['7992739871O', '７９９２７３９８７１３', '-', '7', 'X'])
      assert.equal(scheme('luhn')(text).ok, false, text);
    assert.equal(scheme('mod-97-10')('44').ok, false);
  });

  test('gives an answer to any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(...checkDigitSchemes), (text, name) => {
        const checked = scheme(name)(text);
        assert.ok(checked.ok || checked.code.startsWith('serial-'));
      }),
    );
  });
});
