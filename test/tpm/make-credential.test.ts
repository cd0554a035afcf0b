import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, describe, test } from 'node:test';
import { makeCredential } from '../../src/tpm/make-credential.ts';
import { type EccPublicArea, parsePublic, type RsaPublicArea } from '../../src/tpm/structures.ts';
import { tpm2 } from '../harvest/tpm2-tools.ts';
import { DutShelf } from '../harvest/virtual-dut.ts';
import { missing } from '../parts.ts';
import { publishedKey } from './endorsement-keys.ts';

const published = parsePublic(Buffer.from(publishedKey.endorsementKey, 'base64')) as RsaPublicArea;
const name = Buffer.concat([Buffer.from('000b', 'hex'), Buffer.alloc(32, 7)]);

describe('makeCredential', () => {
  test('gives both structures their sizes, and other bytes each time', () => {
    const secret = randomBytes(32);
    const [one, two] = [makeCredential(published, name, secret), makeCredential(published, name, secret)];
    // TPM2B_ID_OBJECT: an HMAC of 32 bytes and a TPM2B of the secret, encrypted; TPM2B_ENCRYPTED_SECRET: 2,048 bits.
    assert.equal(one.credentialBlob.length, 2 + 2 + 32 + 2 + 32);
    assert.equal(one.secret.length, 2 + 256);
    assert.notDeepEqual(one.credentialBlob, two.credentialBlob);
    assert.notDeepEqual(one.secret, two.secret);
  });

  const p256: EccPublicArea = {
    ...published,
    type: 'ecc',
    curve: 3,
    kdf: 0x10,
    x: Buffer.alloc(32, 1),
    y: Buffer.alloc(32, 2),
  };
  const unusable: readonly (readonly [string, RsaPublicArea | EccPublicArea])[] = [
    ['an unknown name algorithm', { ...published, nameAlg: 0x0012 }],
    [
      'another cipher than AES-CFB',
      { ...published, symmetric: { algorithm: 0x0026, keyBits: 128, mode: 0x43 } },
    ],
    [
      'an AES key of a size that AES has not',
      { ...published, symmetric: { ...published.symmetric, keyBits: 384 } },
    ],
    ['an empty modulus', { ...published, modulus: new Uint8Array() }],
    ['a modulus too short for the seed', { ...published, modulus: published.modulus.subarray(0, 32) }],
    ['a point off the curve', p256],
    ['a coordinate longer than the field', { ...p256, x: Buffer.alloc(33, 1) }],
    ['an unknown curve', { ...p256, curve: 0x20 }],
  ];
  for (const [what, key] of unusable) {
    test(`refuses ${what} as malformed`, () => {
      assert.throws(() => makeCredential(key, name, randomBytes(32)), {
        name: 'TpmError',
        code: 'answer-malformed',
      });
    });
  }
});

describe('makeCredential beside tpm2-tools', { skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools') }, () => {
  const shelf = new DutShelf();
  afterEach(() => shelf.powerOff());
  after(() => shelf.clear());

  for (const algorithm of ['rsa', 'ecc']) {
    test(`H7 tpm2_activatecredential opens what it makes for tpm2_createek’s ${algorithm} key, and for no other name`, async () => {
      const dut = await shelf.take('blank');
      const file = (leaf: string) => join(dut.folder, leaf);
      const run = (tool: string, ...parameters: string[]) => tpm2(dut.bridge, tool, ...parameters);
      // Without a resource manager tpm2-tools leave what they load; three objects fill this TPM.
      const tidy = () => run('flushcontext', '-t');
      await run('createek', '-G', algorithm, '-c', file('ek.ctx'), '-f', 'tss', '-u', file('ek.pub'));
      await tidy();
      const ak = [
        '-C',
        file('ek.ctx'),
        '-c',
        file('ak.ctx'),
        '-G',
        'ecc',
        '-s',
        'ecdsa',
        '-n',
        file('ak.name'),
      ];
      await run('createak', ...ak, '-u', file('ak.pub'));
      await tidy();
      const key = parsePublic(await readFile(file('ek.pub')));
      assert.ok(key.type === algorithm && key.type !== 'other');

      async function activate(objectName: Uint8Array): Promise<[Buffer, Buffer]> {
        const secret = randomBytes(32);
        const { credentialBlob, secret: encrypted } = makeCredential(
          key as RsaPublicArea,
          objectName,
          secret,
        );
        const header = Buffer.from('badcc0de00000001', 'hex');
        await writeFile(file('credential'), Buffer.concat([header, credentialBlob, encrypted]));
        await run('startauthsession', '--policy-session', '-S', file('session'));
        await run('policysecret', '-S', file('session'), '-c', 'e');
        const input = ['-i', file('credential'), '-o', file('secret'), '-P', `session:${file('session')}`];
        try {
          await run('activatecredential', '-c', file('ak.ctx'), '-C', file('ek.ctx'), ...input);
        } finally {
          await run('flushcontext', file('session'));
          await tidy();
        }
        return [secret, await readFile(file('secret'))];
      }

      const [secret, opened] = await activate(await readFile(file('ak.name')));
      assert.deepEqual(opened, secret);
      await assert.rejects(activate(name));
    });
  }
});
