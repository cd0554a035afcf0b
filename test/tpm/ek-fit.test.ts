import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkEkFit } from '../../src/tpm/ek-fit.ts';
import { EK_TEMPLATE_L1 } from '../../src/tpm/ek-templates.ts';
import { parsePublic, type RsaPublicArea } from '../../src/tpm/structures.ts';
import { publishedKey } from './endorsement-keys.ts';

const key = parsePublic(Buffer.from(publishedKey.endorsementKey, 'base64')) as RsaPublicArea;

describe('checkEkFit', () => {
  test('H9 takes a key of template L-1', () => assert.deepEqual(checkEkFit(key), { fit: true }));

  test('H9 the template needs not be L-1: user authorization and another symmetric cipher are fit', () => {
    assert.deepEqual(checkEkFit({ ...key, attributes: key.attributes | 0x40 }), { fit: true });
    assert.deepEqual(checkEkFit({ ...key, symmetric: { ...key.symmetric, keyBits: 256 } }), { fit: true });
  });

  const unfit: readonly (readonly [string, Partial<RsaPublicArea>])[] = [
    ['it has 3072 bits instead of 2048', { keyBits: 3072 }],
    ['its modulus is not a 2048-bit number', { modulus: key.modulus.subarray(1) }],
    ['its modulus is not a 2048-bit number', { modulus: new Uint8Array(256) }],
    ['its modulus is not a 2048-bit number', { modulus: Uint8Array.from(key.modulus).fill(0x7f, 0, 1) }],
    ['its modulus is not a 2048-bit number', { modulus: Uint8Array.from(key.modulus).fill(0xfe, 255) }],
    ['its name algorithm is not SHA-256', { nameAlg: 0x000c }],
    ['it is not bound to its TPM', { attributes: key.attributes & ~0x2 }],
    ['it is not restricted', { attributes: key.attributes & ~0x10000 }],
    ['it cannot decrypt', { attributes: key.attributes & ~0x20000 }],
    ['it can sign', { attributes: key.attributes | 0x40000 }],
    ['its policy is not PolicyA of the EK profile', { authPolicy: new Uint8Array() }],
  ];
  for (const [reason, change] of unfit) {
    test(`H9 refuses: ${reason} (${Object.keys(change)})`, () => {
      assert.deepEqual(checkEkFit({ ...key, ...change }), { fit: false, reasons: [reason] });
    });
  }

  test('H9 a key that is not RSA and a template without a key are unfit', () => {
    const { nameAlg, attributes, authPolicy } = key;
    const ecc = checkEkFit({ type: 'other', algorithm: 0x23, nameAlg, attributes, authPolicy });
    assert.deepEqual(ecc, { fit: false, reasons: ['it is not an RSA key'] });
    assert.equal(checkEkFit(parsePublic(EK_TEMPLATE_L1)).fit, false);
  });
});
