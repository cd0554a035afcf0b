import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { sameBytes } from '../../src/tpm/bytes.ts';
import { EK_TEMPLATE_L1, POLICY_A } from '../../src/tpm/ek-templates.ts';
import { TpmError } from '../../src/tpm/errors.ts';
import { marshalStorageKey, parseNvPublic, parsePublic } from '../../src/tpm/structures.ts';
import fc from '../property.ts';
import { publishedKey } from './endorsement-keys.ts';

const endorsementKey = Buffer.from(publishedKey.endorsementKey, 'base64');
const malformed = { name: 'TpmError', code: 'answer-malformed' };

describe('parsePublic', () => {
  test('H2 reads an endorsement key, attributes as a positive number', () => {
    const area = parsePublic(endorsementKey);
    assert.equal(area.type, 'rsa');
    assert.ok(area.type === 'rsa');
    assert.equal(area.attributes, 0x000300b2);
    assert.equal(area.keyBits, 2048);
    assert.deepEqual(Buffer.from(area.authPolicy), POLICY_A);
    assert.deepEqual(Buffer.from(area.modulus), endorsementKey.subarray(60));
    const high = parsePublic(withByte(endorsementKey, 6, 0x80));
    assert.equal(high.attributes, 0x800300b2);
  });

  test('H2 refuses the key cut at every length, with its size left or mended', () => {
    for (let length = 0; length < endorsementKey.length; length++) {
      const cut = endorsementKey.subarray(0, length);
      assert.throws(() => parsePublic(cut), malformed);
      if (length < 2) continue;
      const mended = Buffer.from(cut);
      mended.writeUInt16BE(length - 2, 0);
      assert.throws(() => parsePublic(mended), malformed, `cut at ${length}`);
    }
  });

  test('H2 refuses bytes after the key, inside its size and behind it', () => {
    const longer = Buffer.concat([endorsementKey, Buffer.alloc(3)]);
    assert.throws(() => parsePublic(longer), malformed);
    longer.writeUInt16BE(longer.length - 2, 0);
    assert.throws(() => parsePublic(longer), malformed);
  });

  test('H2 refuses a size of zero and one that is no public area can have', () => {
    assert.throws(() => parsePublic(Buffer.from('0000', 'hex')), malformed);
    assert.throws(() => parsePublic(Buffer.alloc(60_000)), malformed);
  });

  test('H2 whatever the bytes: TpmError, or a key that marshals to the same bytes', () => {
    const mutated = fc
      .array(fc.tuple(fc.nat(endorsementKey.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .map(changes =>
        changes.reduce<Uint8Array>((bytes, [at, value]) => withByte(bytes, at, value), endorsementKey),
      );
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 400 })), bytes => {
        try {
          const area = parsePublic(bytes);
          if (area.type !== 'rsa' || area.scheme !== 0x10 || area.symmetric.algorithm === 0x10) return;
          const again = marshalStorageKey(area);
          // The exponent is the one field that this marshaller fixes at its default.
          if (area.exponent === 0) assert.ok(sameBytes(again, bytes));
        } catch (error) {
          assert.ok(error instanceof TpmError, String(error));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

test('the template L-1 marshals to 316 bytes as the EK Credential Profile has it', () => {
  const head = '013a0001000b000300b20020837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa';
  const parameters = '0006008000430010' + '0800' + '00000000' + '0100';
  assert.equal(Buffer.from(EK_TEMPLATE_L1).toString('hex'), head + parameters + '00'.repeat(256));
});

test('parseNvPublic gives index and attributes as positive numbers and is as strict', () => {
  const bytes = Buffer.from('000e01c00002000b6207280100000' + '3f8', 'hex');
  assert.deepEqual(parseNvPublic(bytes), { nvIndex: 0x01c00002, attributes: 0x62072801, dataSize: 1016 });
  assert.throws(() => parseNvPublic(bytes.subarray(0, 10)), malformed);
  assert.throws(() => parseNvPublic(Buffer.concat([bytes, bytes])), malformed);
});

test('tpm2-ts prints no deprecation warning, also where Node would show one', async () => {
  const script = `const { parsePublic } = await import(${JSON.stringify(new URL('../../src/tpm/structures.ts', import.meta.url).href)});
    parsePublic(Buffer.from(${JSON.stringify(publishedKey.endorsementKey)}, 'base64'));
    console.log(process.noDeprecation === true ? 'left off' : 'as before');`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--pending-deprecation',
    '--input-type=module',
    '--eval',
    script,
  ]);
  assert.equal(stderr, '');
  assert.equal(stdout.trim(), 'as before');
});

function withByte(bytes: Uint8Array, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
}
