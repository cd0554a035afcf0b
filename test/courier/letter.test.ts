/** Bundles from a stick that anybody may have had: each change is found and named, and nothing that is read can hang or crash. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signRotation } from '../../src/audit/key-chain.ts';
import { generateStationKey, stationKeyFromSecret } from '../../src/audit/station-key.ts';
import { openBundleLog, readBundleEntry } from '../../src/courier/bundle-entry.ts';
import { canonicalLine, parseCanonical } from '../../src/courier/canonical-json.ts';
import { decryptWith, encryptFor, generateIdentity, recipientOf } from '../../src/courier/encryption.ts';
import { CourierError } from '../../src/courier/errors.ts';
import { readLetter } from '../../src/courier/letter.ts';
import { joinParts, splitIntoParts } from '../../src/courier/parts.ts';
import fc from '../property.ts';
import { bundleOf, checkpointOver, entry, key, origin } from './letters.ts';

/** As a receiving station reads a bundle that lies on a stick. */
function open(files: readonly Buffer[], pinned = key.verifierKey) {
  const carried = joinParts(files.map((bytes, at) => ({ name: `file ${at}`, bytes })));
  const letter = readLetter('bundle', carried.bytes);
  const { keys, lines } = letter.verify(pinned);
  const log = openBundleLog(keys, letter.manifest.checkpoint);
  return lines.map((line, at) => readBundleEntry(line, at + 1, log));
}

const filesOf = (letter: { bytes: Buffer; id: string }, mostBytes?: number) =>
  splitIntoParts({ kind: 'bundle', id: letter.id, bytes: letter.bytes }, mostBytes);
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof CourierError) return error.code;
    throw error;
  }
  return 'taken';
};

describe('a courier’s bundle', () => {
  const one = entry(1);
  const letter = bundleOf([one]);

  it('is read as it was packed, whole or in parts of any order', () => {
    assert.deepEqual(open(filesOf(letter))[0]?.entryId, one.entryId);
    fc.assert(
      fc.property(fc.integer({ min: 4096, max: 5000 }), fc.integer({ min: 0, max: 99 }), (size, turn) => {
        const many = bundleOf([one, entry(1), entry(1), entry(1)]);
        const files = filesOf(many, size);
        const at = turn % files.length;
        assert.equal(open([...files.slice(at), ...files.slice(0, at)]).length, 4);
        const without = files.toSpliced(at, 1);
        assert.equal(
          codeOf(() => open(without)),
          'courier-part-missing',
        );
        const foreign = filesOf(bundleOf([one, entry(1), entry(1), entry(1)]), size)[at]!;
        assert.equal(
          codeOf(() => open(files.with(at, foreign))),
          'courier-part-foreign',
        );
      }),
      { numRuns: 20 },
    );
  });

  it('shows any changed byte: on the stick by its part, and where the part was made to fit, by the signature', () => {
    const [file] = filesOf(letter);
    const expected = new Set([
      'courier-damaged',
      'courier-cut-short',
      'courier-unreadable',
      'courier-part-missing',
      'courier-tampered',
    ]);
    for (let at = 0; at < file!.length; at += 7) {
      const changed = Buffer.from(file!);
      changed[at]! ^= 1 << (at % 8);
      const code = codeOf(() => open([changed]));
      // The id in the first line is held against the signed one by the station.
      assert.ok(expected.has(code) || at < 62, `byte ${at}: ${code}`);
    }
    const within = new Set([
      'courier-tampered',
      'courier-malformed',
      'courier-other-key',
      'courier-unreadable',
    ]);
    for (let at = 0; at < letter.bytes.length; at += 3) {
      const bytes = Buffer.from(letter.bytes);
      bytes[at]! ^= 1 << (at % 8);
      const code = codeOf(() => open(filesOf({ bytes, id: letter.id })));
      assert.ok(within.has(code), `byte ${at} of ${bytes.length}: ${code}`);
    }
  });

  it('names one that was cut short at any place', () => {
    const [file] = filesOf(letter);
    fc.assert(
      fc.property(fc.nat(file!.length - 1), length => {
        assert.equal(
          codeOf(() => open([file!.subarray(0, length)])),
          'courier-cut-short',
        );
      }),
    );
    assert.equal(
      codeOf(() => open([Buffer.alloc(5000)])),
      'courier-cut-short',
      'zeros of a stick pulled out',
    );
  });

  it('never does anything but read or refuse, whatever a stick holds', () => {
    const begun = Buffer.from(`keyline courier 1 bundle ${letter.id} 1/1 `);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (random, asPart) => {
        const bytes = Buffer.from(random);
        const files = asPart ? filesOf({ bytes, id: letter.id }) : [Buffer.concat([begun, bytes])];
        assert.notEqual(
          codeOf(() => open(files)),
          'taken',
        );
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), text => {
        const code = codeOf(() => parseCanonical(text, 'line'));
        const value = JSON.parse(text) as unknown;
        const canonical = typeof value === 'object' && value !== null && canonicalLine(value) === text;
        assert.equal(code, canonical ? 'taken' : 'courier-malformed');
      }),
    );
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    assert.equal(
      codeOf(() => parseCanonical(deep, 'line')),
      'courier-malformed',
    );
    assert.equal(
      codeOf(() => parseCanonical(`"${'x'.repeat(300_000)}"`, 'line')),
      'courier-too-large',
    );
  });

  it('takes no bundle that is signed well and says what is not so', () => {
    const signed = (changes: Parameters<typeof entry>[1], over = entry(1, changes)) =>
      codeOf(() => open(filesOf(bundleOf([over]))));
    const { document } = one;
    assert.equal(
      signed({ harvestId: 'harvest-2' }),
      'courier-malformed',
      'another harvest than the document',
    );
    assert.equal(signed({ serial: 'SN-2' }), 'courier-malformed', 'another serial than the document');
    assert.equal(signed({ document: { ...document, registrationId: '../../etc' } }), 'courier-malformed');
    const otherKey = { ...document, attestation: entry(2).document.attestation };
    assert.equal(
      signed({ document: otherKey }),
      'courier-tampered',
      'the log has this harvest with another key',
    );
    assert.equal(signed({ evidence: { ...one.evidence!, index: 1 } }), 'courier-tampered');
    assert.equal(
      signed({ document: { ...document, attestation: { type: 'tpm', tpm: { endorsementKey: 'AAAA' } } } }),
      'courier-malformed',
    );
    const foreign = stationKeyFromSecret(generateStationKey(), origin);
    const elsewhere = bundleOf([one], { checkpoint: checkpointOver(one, foreign) });
    assert.equal(
      codeOf(() => open(filesOf(elsewhere))),
      'courier-tampered',
      'a checkpoint of another key',
    );
  });

  it('A2 follows a key that took the place of the known one, and no other', () => {
    const next = stationKeyFromSecret(generateStationKey(), origin);
    const rotation = { origin, index: 5, from: key.verifierKey, to: next.verifierKey };
    // A checkpoint of one entry is of the time of the first key.
    const rotations = [signRotation(rotation, key, next)];
    const followed = bundleOf(
      [one],
      { verifierKey: next.verifierKey, rotations, checkpoint: checkpointOver(one) },
      next,
    );
    assert.equal(
      codeOf(() => open(filesOf(followed))),
      'taken',
    );
    assert.equal(
      codeOf(() => open(filesOf(letter), next.verifierKey)),
      'courier-other-key',
      'the old one is over',
    );
    const alone = bundleOf([one], { verifierKey: next.verifierKey }, next);
    assert.equal(
      codeOf(() => open(filesOf(alone))),
      'courier-other-key',
    );
    const stolen = bundleOf([one], { verifierKey: key.verifierKey }, next);
    assert.equal(
      codeOf(() => open(filesOf(stolen))),
      'courier-tampered',
    );
  });

  it('is for the eyes of its receiver where it is encrypted', async () => {
    const [mine, other] = await Promise.all([generateIdentity(), generateIdentity()]);
    const sealed = await (await encryptFor(await recipientOf(mine)))(letter.bytes);
    assert.equal(sealed.includes('SN-1'), false);
    assert.ok((await decryptWith(mine, sealed)).equals(letter.bytes));
    await assert.rejects(decryptWith(other, sealed), { code: 'courier-encrypted' });
    await assert.rejects(decryptWith(undefined, sealed), { code: 'courier-encrypted' });
    sealed[sealed.length - 1]! ^= 1;
    await assert.rejects(decryptWith(mine, sealed), { code: 'courier-encrypted' });
    await assert.rejects(encryptFor('age1nobody'), { code: 'courier-recipient-invalid' });
  });
});
