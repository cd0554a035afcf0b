import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { isEndorsementKey } from '../../src/emulator/endorsement-key.ts';
import fc from '../property.ts';
import { endorsementKeyBytes } from './enrollment-documents.ts';

const good = endorsementKeyBytes('good');
const text = (bytes: Buffer) => bytes.toString('base64');
/** The good key with some bytes replaced at an offset. */
const changed = (offset: number, hex: string) => {
  const bytes = Buffer.from(good);
  Buffer.from(hex, 'hex').copy(bytes, offset);
  return text(bytes);
};

describe('isEndorsementKey', () => {
  it('takes a TPM2B_PUBLIC of template L-1, 316 bytes, whose text starts as the recorded ones do', () => {
    assert.equal(good.length, 316);
    assert.match(text(good), /^AToAAQALAAMAsgAg/);
    assert.equal(isEndorsementKey(text(good)), true);
  });

  it('takes another storage key too: with userWithAuth, SHA-384 or an explicit exponent', () => {
    assert.equal(isEndorsementKey(changed(6, '000300f2')), true);
    assert.equal(isEndorsementKey(changed(4, '000c')), true);
    assert.equal(isEndorsementKey(changed(54, '00010001')), true);
  });

  it('refuses a key that is not RSA 2048, restricted, decrypting and not signing', () => {
    const wrong = {
      'ECC type': changed(2, '0023'),
      'not restricted': changed(6, '000200b2'),
      'not decrypting': changed(6, '000100b2'),
      signing: changed(6, '000700b2'),
      'no AES': changed(44, '0010'),
      'another AES size': changed(46, '0040'),
      'not CFB': changed(48, '0042'),
      'a scheme': changed(50, '0014'),
      'RSA 3072': changed(52, '0c00'),
      'an odd exponent': changed(54, '00000003'),
      'a short modulus': changed(58, '00ff'),
      'a wrong size': changed(0, '0139'),
    };
    for (const [what, key] of Object.entries(wrong)) assert.equal(isEndorsementKey(key), false, what);
  });

  it('refuses the forms that people send by mistake', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const wrong = {
      'a bare TPMT_PUBLIC': text(good.subarray(2)),
      'DER SPKI': text(publicKey.export({ type: 'spki', format: 'der' })),
      PEM: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      'bytes behind it': text(Buffer.concat([good, Buffer.alloc(1)])),
      'cut off': text(good.subarray(0, 315)),
      'URL-safe base64': text(good).replaceAll('+', '-').replaceAll('/', '_'),
      unpadded: text(good).replace(/=+$/, ''),
      'with a line end': `${text(good)}\n`,
      nothing: '',
    };
    for (const [what, key] of Object.entries(wrong)) assert.equal(isEndorsementKey(key), false, what);
  });

  it('reads any text and any bytes to an end', () => {
    fc.assert(fc.property(fc.string(), value => isEndorsementKey(value) === false));
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 330 }),
        bytes => isEndorsementKey(text(Buffer.from(bytes))) === false,
      ),
    );
    fc.assert(fc.property(fc.nat(315), bytes => isEndorsementKey(text(good.subarray(0, bytes))) === false));
  });
});
