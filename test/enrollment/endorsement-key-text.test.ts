import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseEndorsementKeyText } from '../../src/enrollment/endorsement-key-text.ts';
import fc from '../property.ts';
import { publishedKey } from '../tpm/endorsement-keys.ts';
import { rsaSpki } from '../tpm/make-certificate.ts';

const text = publishedKey.endorsementKey;
const bytes = Buffer.from(text, 'base64');

describe('parseEndorsementKeyText', () => {
  test('H2 takes a published key and gives its bytes', () => {
    const parsed = parseEndorsementKeyText(` ${text}\r\n`);
    assert.ok(parsed.ok);
    assert.deepEqual(Buffer.from(parsed.bytes), bytes);
    assert.equal(parsed.ekTemplate, 'L-1');
    assert.match(text, /^AToAAQALAAMAsgAg/);
  });

  const sha384 = Buffer.from(bytes);
  sha384[5] = 0x0c;
  const refused: readonly (readonly [string, string, string])[] = [
    ['nothing', '', 'not-base64'],
    ['words', 'not a key', 'not-base64'],
    ['base64url', text.replaceAll('+', '-').replaceAll('/', '_'), 'not-base64'],
    ['lost padding', text.replaceAll('=', ''), 'not-base64'],
    ['bits in the padding', `${text.slice(0, -3)}x==`, 'not-base64'],
    // The start that azure-iot-sdk-c issue 1502 shows for a memory dump of tpm2-tools.
    [
      'a dump in host order',
      'OgEAAAEACwCyAAMAIACDcZdnRISz+BqQzI1Gpdck/VLXbgZSC2TyodobMxRpqgAA',
      'host-order-struct',
    ],
    ['an SPKI', Buffer.from(rsaSpki({ modulus: bytes.subarray(60) })).toString('base64'), 'spki'],
    ['PEM', '-----BEGIN PUBLIC KEY-----\nMIIB', 'spki'],
    ['a TPMT_PUBLIC without its size', bytes.subarray(2).toString('base64'), 'bare-tpmt-public'],
    ['a cut key', bytes.subarray(0, 100).toString('base64'), 'malformed'],
    ['a key with bytes behind it', Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64'), 'malformed'],
    ['a key that DPS cannot use', sha384.toString('base64'), 'unfit'],
  ];
  for (const [what, input, code] of refused) {
    test(`H2 names ${what}: ${code}`, () => {
      const parsed = parseEndorsementKeyText(input);
      assert.ok(!parsed.ok);
      assert.equal(parsed.code, code);
      assert.ok(parsed.detail);
    });
  }

  test('H2 a memory dump begins as the known vector does', () => {
    assert.equal(Buffer.from('3a01000001000b00b2000300', 'hex').toString('base64'), 'OgEAAAEACwCyAAMA');
  });

  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), input => void parseEndorsementKeyText(input)),
    );
  });
});
