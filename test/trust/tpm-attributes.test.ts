import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makerDiffers, readTpmAttributes } from '../../src/trust/tpm-attributes.ts';
import fc from '../property.ts';
import { der, keyUsage, tpmSubjectAltName } from './make-certificate.ts';
import { makeChain } from './test-chain.ts';

const usage = keyUsage('keyEncipherment');
const withAltName = (...attributes: [string, string][]) =>
  makeChain({ ek: { extensions: [usage, tpmSubjectAltName(attributes)] } }).ek;

describe('readTpmAttributes', () => {
  test('H8 gives maker, model and version of the subjectAltName', () => {
    assert.deepEqual(readTpmAttributes(makeChain().ek), {
      manufacturer: 'Infineon',
      manufacturerId: '49465800',
      model: 'SLB9670',
      version: 'id:00070055',
    });
  });

  test('gives a maker as it stands where its id is unknown or no id, cleaned of control characters', () => {
    assert.deepEqual(readTpmAttributes(withAltName(['2.23.133.2.1', 'id:aabbccdd'])), {
      manufacturer: 'id:aabbccdd',
      manufacturerId: 'AABBCCDD',
    });
    const hostile = readTpmAttributes(
      withAltName(['2.23.133.2.1', 'a\u001b[31m'], ['2.23.133.2.2', '\u202ex']),
    );
    assert.deepEqual(hostile, { manufacturer: 'a·[31m', model: '·x' });
  });

  test('gives nothing where nothing is stated or the certificate is no certificate', () => {
    const other = { oid: '2.5.29.17', value: der(0x30, der(0x82, 'example.com')) };
    const broken = { oid: '2.5.29.17', value: der(0x30, der(0xa4, 'no name')) };
    for (const extensions of [[usage], [usage, other], [usage, broken]])
      assert.equal(readTpmAttributes(makeChain({ ek: { extensions } }).ek), undefined);
    assert.equal(readTpmAttributes(Buffer.alloc(40)), undefined);
  });

  test('whatever the bytes, there are attributes or none', () => {
    const { ek } = makeChain();
    fc.assert(
      fc.property(fc.nat(ek.length - 1), fc.nat(255), (at, value) => {
        const copy = Buffer.from(ek);
        copy[at] = value;
        readTpmAttributes(copy);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('makerDiffers', () => {
  test('H8 compares the maker with the one that the TPM states, whichever id of it each uses', () => {
    const stated = readTpmAttributes(makeChain().ek)!;
    assert.equal(makerDiffers(stated, '49465800'), false);
    assert.equal(makerDiffers(stated, '4E544300'), true);
    assert.equal(makerDiffers({ manufacturerId: '49424D20' }, '49424D00'), false);
    assert.equal(makerDiffers({ manufacturerId: '00001014' }, '49424d00'), false);
    assert.equal(makerDiffers({ manufacturerId: 'AABBCCDD' }, 'AABBCCDE'), true);
    assert.equal(makerDiffers({ model: 'SLB9670' }, '49465800'), false);
  });
});
