import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { readEndorsementKey } from '../../src/enrollment/endorsement-key-forms.ts';
import fc from '../property.ts';
import { endorsementKey } from '../station/attempt/endorsement-keys.ts';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const modulus = Buffer.from(publicKey.export({ format: 'jwk' }).n as string, 'base64url');
const tpm2b = Buffer.concat([endorsementKey(1).subarray(0, -256), modulus]);
const der = publicKey.export({ format: 'der', type: 'spki' });
const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
const hex = modulus.toString('hex');

describe('readEndorsementKey', () => {
  it('H2 makes the same TPM2B_PUBLIC of every form, and says which form it was', () => {
    for (const [form, text] of [
      ['tpm2b-public', tpm2b.toString('base64')],
      ['tpm2b-public', tpm2b.toString('hex')],
      ['tpm2b-public', tpm2b.toString('base64').replaceAll(/(.{64})/g, '$1\n')],
      ['tpmt-public', tpm2b.subarray(2).toString('base64')],
      ['tpmt-public', `0x${tpm2b.subarray(2).toString('hex').toUpperCase()}`],
      ['spki', der.toString('base64')],
      ['spki', der.toString('hex')],
      ['spki', pem],
      ['spki', pem.replaceAll('\n', '\\n')],
      ['spki', pem.replaceAll('\n', ' ')],
      ['modulus', hex],
      ['modulus', `Modulus=${hex.toUpperCase()}`],
      ['modulus', `00:${hex.replaceAll(/..(?=.)/g, '$&:')}`],
      ['modulus', modulus.toString('base64')],
    ] as const) {
      const read = readEndorsementKey(text);
      assert.ok(read.ok, `${form}: ${read.ok ? '' : read.detail}`);
      assert.deepEqual([read.form, read.ekTemplate], [form, 'L-1']);
      assert.ok(tpm2b.equals(read.bytes), form);
    }
  });

  it('H9 refuses what cannot become one, each with its reason', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    const three = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).publicKey;
    const spki = (key: typeof ec) => key.export({ format: 'der', type: 'spki' }).toString('base64');
    const certificate = readFileSync(
      path.join(import.meta.dirname, '../../scripts/fuzz/seeds/ek.pem'),
      'utf8',
    );
    const even = Buffer.from(modulus);
    even[255]! &= 0xfe;
    for (const [code, text] of [
      ['not-base64', ''],
      ['not-base64', 'no key at all'],
      ['host-order-struct', 'OgEAAAEACwCyAAMAAAAAAAAA'],
      ['unfit', spki(ec)],
      ['unfit', spki(small)],
      ['unfit', spki(three)],
      ['unfit', even.toString('hex')],
      ['spki', '-----BEGIN RSA PUBLIC KEY-----\nAAAA\n-----END RSA PUBLIC KEY-----'],
      ['spki', Buffer.from('3003020101', 'hex').toString('base64')],
      ['certificate', certificate],
      ['certificate', new X509Certificate(certificate).raw.toString('base64')],
      ['malformed', 'A'.repeat(30_000)],
      ['malformed', tpm2b.subarray(0, 100).toString('base64')],
    ] as const) {
      const read = readEndorsementKey(text);
      assert.ok(!read.ok, text.slice(0, 60));
      assert.equal(read.code, code, `${text.slice(0, 60)}: ${read.detail}`);
      assert.notEqual(read.detail, '');
    }
  });

  it('gives a key that is one, or a reason, for any text', () => {
    const good = fc.constantFrom(tpm2b.toString('base64'), der.toString('base64'), pem, hex);
    const change = fc.tuple(good, fc.nat(), fc.string({ maxLength: 3 }), fc.nat({ max: 3 }));
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 700 }), change), input => {
        let text = input as string;
        if (typeof input !== 'string') {
          const [from, at, put, cut] = input;
          const place = at % from.length;
          text = from.slice(0, place) + put + from.slice(place + cut);
        }
        const read = readEndorsementKey(text);
        if (read.ok) assert.equal(read.bytes.length, 316);
        else assert.notEqual(read.detail, '');
      }),
    );
  });
});
