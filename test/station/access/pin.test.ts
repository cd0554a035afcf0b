import assert from 'node:assert/strict';
import { randomBytes, scryptSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { checkPin, hashPin, pinWeakness } from '../../../src/station/access/pin.ts';
import { keyedDigest } from '../../../src/station/access/sign-in-key.ts';
import fc from '../../property.ts';

const key = randomBytes(32);

describe('a PIN at rest', () => {
  it('S2 is a salted scrypt hash with its parameters, and another one each time', async () => {
    const [one, two] = await Promise.all([hashPin(key, '240817'), hashPin(key, '240817')]);
    assert.match(one!, /^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    assert.notEqual(one, two);
    const [salt, hash] = one!.split('$').slice(3);
    const expected = scryptSync(keyedDigest(key, 'pin', '240817'), Buffer.from(salt!, 'base64'), 32, {
      N: 2 ** 15,
      r: 8,
      p: 3,
      maxmem: 2 ** 27,
    });
    assert.equal(expected.toString('base64').replace('=', ''), hash);
  });

  it('is right for the same PIN only, and for the station’s own key only', async () => {
    const stored = await hashPin(key, '한글핀번호예');
    assert.equal(await checkPin(key, '한글핀번호예'.normalize('NFD'), stored), 'right');
    assert.equal(await checkPin(key, '한글핀번호에', stored), 'wrong');
    assert.equal(await checkPin(randomBytes(32), '한글핀번호예', stored), 'wrong');
  });

  it('is read with the parameters that it was made with', async () => {
    const salt = randomBytes(16);
    const hash = scryptSync(keyedDigest(key, 'pin', '240817'), salt, 32, { N: 2 ** 10, r: 8, p: 1 });
    const [saltText, hashText] = [salt, hash].map(bytes => bytes.toString('base64').replace(/=+$/, ''));
    const old = `$scrypt$ln=10,r=8,p=1$${saltText}$${hashText}`;
    assert.equal(await checkPin(key, '240817', old), 'outdated');
    assert.equal(await checkPin(key, '240818', old), 'wrong');
  });

  it('that is damaged is a fault and never a match, and asks for no boundless memory', async () => {
    const stored = await hashPin(key, '240817');
    for (const damaged of [
      '',
      stored.slice(0, -10),
      stored.replace('ln=15', 'ln=60'),
      stored.replace('r=8', 'r=99'),
    ])
      await assert.rejects(checkPin(key, '240817', damaged), /damaged/);
  });
});

describe('a PIN that is taken', () => {
  it('is neither short nor a run', () => {
    for (const pin of [
      '',
      '12345',
      '123456',
      '987654',
      '000000',
      'abcdef',
      '1'.repeat(65),
      '12 456',
      '12345\u200b',
    ])
      assert.notEqual(pinWeakness(pin), undefined, pin);
    for (const pin of ['240817', '135792', 'ab12cd', '112233'])
      assert.equal(pinWeakness(pin), undefined, pin);
  });

  it('has 6 to 64 characters, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), pin => {
        const { length } = [...pin];
        return pinWeakness(pin) !== undefined || (length >= 6 && length <= 64);
      }),
    );
  });
});
