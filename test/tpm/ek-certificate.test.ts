import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { derElements, firstDerElement } from '../../src/tpm/der.ts';
import { judgeEkCertificate } from '../../src/tpm/ek-certificate.ts';
import { type EccPublicArea, parsePublic, type RsaPublicArea } from '../../src/tpm/structures.ts';
import fc from '../property.ts';
import { otherPublishedKey, publishedKey } from './endorsement-keys.ts';
import { eccSpki, eccSpkiOf, makeCertificate, markOaep, rsaSpki } from './make-certificate.ts';

const areaOf = (key: { endorsementKey: string }) =>
  parsePublic(Buffer.from(key.endorsementKey, 'base64')) as RsaPublicArea;
const key = areaOf(publishedKey);
const otherKey = areaOf(otherPublishedKey);

describe('judgeEkCertificate', () => {
  let der: Buffer;
  before(async () => {
    der = await makeCertificate(rsaSpki(key), 'CN=TPM, O=Maker');
  });

  test('H8 a certificate for the endorsement key is unchecked, with its names', () => {
    assert.deepEqual(judgeEkCertificate(der, key), {
      status: 'unchecked',
      der: der.toString('base64'),
      sha256: createHash('sha256').update(der).digest('hex'),
      subject: 'CN=TPM, O=Maker',
      issuer: 'CN=Test EK CA, O=Keyline',
      notAfter: '2036-01-01T00:00:00.000Z',
    });
  });

  test('H8 finds the certificate before padding and behind the old header, and keeps its own bytes', () => {
    const oldHeader = Buffer.from([0x10, 0x01, 0x00, der.length >> 8, der.length & 0xff]);
    for (const content of [
      Buffer.concat([der, Buffer.alloc(200)]),
      Buffer.concat([der, Buffer.alloc(200, 0xff)]),
      Buffer.concat([oldHeader, der]),
      Buffer.concat([oldHeader, der, Buffer.alloc(9, 0xff)]),
    ]) {
      const judged = judgeEkCertificate(content, key);
      assert.equal(judged.status, 'unchecked');
      assert.equal(judged.der, der.toString('base64'));
    }
  });

  test('H8 a certificate for another key is a mismatch, and says which difference', async () => {
    assert.equal(judgeEkCertificate(der, otherKey).status, 'mismatch');
    const otherExponent = await makeCertificate(rsaSpki(key, 3));
    assert.match(judgeEkCertificate(otherExponent, key).detail ?? '', /other exponent/);
    const ecc = judgeEkCertificate(await makeCertificate(await eccSpki()), key);
    assert.equal(ecc.status, 'mismatch');
    assert.match(ecc.detail ?? '', /not for an RSA key/);
  });

  for (const [curve, namedCurve] of [
    [3, 'P-256'],
    [4, 'P-384'],
    [5, 'P-521'],
  ] as const) {
    test(`H8 compares a key on ${namedCurve}`, async () => {
      const point = () => {
        const { x, y } = generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' });
        return { x: Buffer.from(x!, 'base64url'), y: Buffer.from(y!, 'base64url') };
      };
      const own: EccPublicArea = { ...key, type: 'ecc', curve, kdf: 0x10, ...point() };
      const certificate = await makeCertificate(eccSpkiOf(own));
      assert.equal(judgeEkCertificate(certificate, own).status, 'unchecked');
      assert.match(judgeEkCertificate(certificate, { ...own, ...point() }).detail ?? '', /other point/);
      assert.match(judgeEkCertificate(certificate, { ...own, curve: 0x20 }).detail ?? '', /another curve/);
      assert.match(judgeEkCertificate(certificate, key).detail ?? '', /not for an RSA key/);
      assert.match(judgeEkCertificate(der, own).detail ?? '', /not for an ECC key/);
    });
  }

  test('H8 compares a key marked id-RSAES-OAEP, which Node cannot open', () => {
    const oaep = markOaep(der);
    assert.throws(() => new X509Certificate(oaep).publicKey);
    assert.equal(judgeEkCertificate(oaep, key).status, 'unchecked');
    assert.equal(judgeEkCertificate(oaep, otherKey).status, 'mismatch');
  });

  test('an exponent written out in the endorsement key is the same as the default', () => {
    assert.equal(judgeEkCertificate(der, { ...key, exponent: 65537 }).status, 'unchecked');
    assert.equal(judgeEkCertificate(der, { ...key, exponent: 3 }).status, 'mismatch');
  });

  test('what is no certificate is unreadable, its bytes kept', () => {
    for (const content of [
      Buffer.alloc(0),
      Buffer.alloc(1016),
      Buffer.alloc(1016, 0xff),
      Buffer.from('1f8b0800', 'hex'),
      der.subarray(0, -1),
      Buffer.concat([Buffer.from('100100', 'hex'), der]),
      Buffer.from('3003020101', 'hex'),
      Buffer.from(der.toString('base64')),
    ]) {
      const judged = judgeEkCertificate(content, key);
      assert.equal(judged.status, 'unreadable');
      assert.equal(judged.der, content.toString('base64'));
      assert.ok(judged.detail);
    }
  });

  test('control characters of a name reach no screen', async () => {
    const hostile = await makeCertificate(rsaSpki(key), 'CN=a\u001b[31mb\u202ec');
    const judged = judgeEkCertificate(hostile, key);
    assert.ok(judged.status === 'unchecked');
    assert.doesNotMatch(judged.subject, /[\p{Cc}\p{Cf}]/u);
  });

  test('whatever the bytes, the answer is a status and never an exception', () => {
    const mutation = fc.tuple(fc.nat(der.length - 1), fc.nat(255));
    const mutated = fc.array(mutation, { minLength: 1, maxLength: 6 }).map(changes => {
      const copy = Buffer.from(der);
      for (const [at, value] of changes) copy[at] = value;
      return copy;
    });
    const cut = fc.nat(der.length).map(length => der.subarray(0, length));
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.oneof(mutated, cut, fc.uint8Array({ maxLength: 200 })), content => {
        const judged = judgeEkCertificate(content, key);
        seen.add(judged.status);
        if (judged.status === 'unchecked') assert.ok(Buffer.from(content).includes(key.modulus));
      }),
      { numRuns: 2_000 },
    );
    assert.deepEqual([...seen].sort(), ['mismatch', 'unchecked', 'unreadable']);
  });
});

describe('DER', () => {
  test('takes definite, minimal lengths within the bytes only', () => {
    const hex = (text: string) => Buffer.from(text, 'hex');
    assert.equal(firstDerElement(hex('0201ff00'))?.whole.length, 3);
    for (const bad of [
      '',
      '30',
      '3080',
      '308101',
      '30817f',
      '028101ff',
      '30820080',
      '3082',
      '3084000000',
      '3002aa',
      '1f0100',
    ]) {
      assert.equal(firstDerElement(hex(bad)), undefined, bad);
    }
    assert.equal(derElements(hex('0201010201')), undefined);
    assert.equal(derElements(hex('02010102010a'))?.length, 2);
  });
});
