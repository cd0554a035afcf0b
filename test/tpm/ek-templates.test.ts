import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { certifiedTemplate, ekIndexUse } from '../../src/tpm/ek-indices.ts';
import { ekPolicies, ekPolicyOf } from '../../src/tpm/ek-policies.ts';
import {
  EK_TEMPLATES,
  keyKind,
  recogniseEkTemplate,
  SDK_EMPTY_UNIQUE_TEMPLATE,
} from '../../src/tpm/ek-templates.ts';
import {
  marshalStorageKey,
  parsePublic,
  type RsaPublicArea,
  type StorageKey,
} from '../../src/tpm/structures.ts';
import { publishedKey } from './endorsement-keys.ts';

const key = parsePublic(Buffer.from(publishedKey.endorsementKey, 'base64')) as RsaPublicArea;

/** As the EK Credential Profile and the TPM tools of others have them. */
const A256 = '837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa';
const B256 = 'ca3d0a99a2b93906f7a3342414efcfb3a385d44cd1fd459089d19b5071c0b7a0';
const B384 =
  'b26e7d28d11a50bc53d882bcf5fd3a1a074148bb35d3b4e4cb1c0ad9bde419cacb47ba09699646150f9fc000f3f80e12';
const B512 =
  'b8221ca69e8550a4914de3faa6a18c072cc01208073a928d5d66d59ef79e49a429c41a6b269571d57edb25fbdb1838425608b413cd616a5f6db5b6071af99bea';
const C256 = '3767e2edd43ff45a3a7e1eaefcef78643dca964632e7aad82c673a30d8633fde';

/** Name, kind, nameAlg, attributes, policy, AES bits, bytes of `unique`, bytes of a key's TPM2B_PUBLIC, certificate. */
const golden = [
  ['L-1', 'RSA 2048', 0x000b, 0x000300b2, A256, 128, 256, 316, 0x01c00002],
  ['L-2', 'ECC P-256', 0x000b, 0x000300b2, A256, 128, 64, 124, 0x01c0000a],
  ['H-1', 'RSA 2048', 0x000b, 0x000300f2, B256, 128, 0, 316, 0x01c00012],
  ['H-2', 'ECC P-256', 0x000b, 0x000300f2, B256, 128, 0, 124, 0x01c00014],
  ['H-3', 'ECC P-384', 0x000c, 0x000300f2, B384, 256, 0, 172, 0x01c00016],
  ['H-4', 'ECC P-521', 0x000d, 0x000300f2, B512, 256, 0, 224, 0x01c00018],
  ['H-6', 'RSA 3072', 0x000c, 0x000300f2, B384, 256, 0, 460, 0x01c0001c],
  ['H-7', 'RSA 4096', 0x000c, 0x000300f2, B384, 256, 0, 588, 0x01c0001e],
] as const;

describe('EK templates', () => {
  test('are those of the profile, field by field', () => {
    const described = EK_TEMPLATES.map(row => {
      const area = parsePublic(marshalStorageKey(row.key));
      assert.ok(area.type !== 'other');
      return [
        row.name,
        keyKind(area),
        area.nameAlg,
        area.attributes,
        Buffer.from(area.authPolicy).toString('hex'),
        area.symmetric.keyBits,
        area.type === 'rsa' ? area.modulus.length : area.x.length + area.y.length,
        marshalStorageKey(keyOf(row.key)).length,
        row.certificateIndex,
      ];
    });
    assert.deepEqual(described, golden);
    assert.equal(Buffer.from(ekPolicies(0x000b)!.c).toString('hex'), C256);
  });

  test('H9 each is recognised in a key made from it, and in no key that differs in one field', () => {
    for (const row of EK_TEMPLATES) {
      const area = parsePublic(marshalStorageKey(keyOf(row.key)));
      assert.ok(area.type !== 'other');
      assert.equal(recogniseEkTemplate(area), row.name);
      assert.equal(ekPolicyOf(area), row.name.startsWith('L') ? 'A' : 'B');
      for (const change of [
        { attributes: area.attributes ^ 0x40 },
        { nameAlg: 0x0004 },
        { authPolicy: new Uint8Array(32) },
        { scheme: 0x0015 },
        { symmetric: { ...area.symmetric, keyBits: 192 } },
        { symmetric: { ...area.symmetric, mode: 0x0042 } },
        area.type === 'rsa' ? { exponent: 3 } : { kdf: 0x0020 },
        area.type === 'rsa' ? { keyBits: 1024 } : { curve: 0x0010 },
      ]) {
        const other = { ...area, ...change } as typeof area;
        assert.equal(recogniseEkTemplate(other), 'unknown', `${row.name} ${JSON.stringify(change)}`);
      }
    }
    assert.equal(recogniseEkTemplate(key), 'L-1');
    const hmacKey = { ...key, type: 'other', algorithm: 8 } as const;
    assert.equal(recogniseEkTemplate(hmacKey), 'unknown');
  });

  test('the SDKs’ template is L-1 with an empty unique, as a key shows no more', () => {
    const area = parsePublic(SDK_EMPTY_UNIQUE_TEMPLATE);
    assert.equal(recogniseEkTemplate(area), 'L-1');
    assert.equal(area.type === 'rsa' && area.modulus.length, 0);
    assert.equal(SDK_EMPTY_UNIQUE_TEMPLATE.length, 60);
  });
});

test('indices of the EK range have their use, and certificates their template', () => {
  const uses = [
    [0x01bfffff, undefined],
    [0x01c00002, 'certificate'],
    [0x01c00003, 'nonce'],
    [0x01c00004, 'template'],
    [0x01c0000a, 'certificate'],
    [0x01c0000b, 'nonce'],
    [0x01c0000c, 'template'],
    [0x01c00016, 'certificate'],
    [0x01c00017, 'template'],
    [0x01c00100, 'chain'],
    [0x01c07f01, 'policy'],
    [0x01c08000, undefined],
  ] as const;
  for (const [index, use] of uses) assert.equal(ekIndexUse(index), use, index.toString(16));
  assert.equal(certifiedTemplate(0x01c00016), 'H-3');
  assert.equal(certifiedTemplate(0x01c00100), undefined);
});

/** A template with its `unique` filled as in a key. */
function keyOf(template: StorageKey): StorageKey {
  if (template.type === 'rsa')
    return { ...template, modulus: new Uint8Array(template.keyBits / 8).fill(0x81) };
  const bytes = { 3: 32, 4: 48, 5: 66 }[template.curve]!;
  return { ...template, x: new Uint8Array(bytes).fill(1), y: new Uint8Array(bytes).fill(2) };
}
