import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCheckpoint, signCheckpoint } from '../../src/audit/checkpoint.ts';
import { AuditError } from '../../src/audit/errors.ts';
import { openNote, parseVerifierKey, signNote, verifierKeyOf } from '../../src/audit/signed-note.ts';
import { generateStationKey, stationKeyFromSecret } from '../../src/audit/station-key.ts';

/** From the documentation and tests of golang.org/x/mod/sumdb/note; the seed is in its signer key. */
const go = {
  verifierKey: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  seed: Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1).toString('base64'),
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  signature:
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
};
/** From https://c2sp.org/signed-note. */
const c2sp = {
  verifierKey: 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
  note: 'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n',
};
const verifierOf = (text: string) => {
  const verifier = parseVerifierKey(text);
  assert.ok(verifier, text);
  return verifier;
};

describe('signed notes', () => {
  it('A2 opens the published notes with their published keys', () => {
    assert.deepEqual(openNote(c2sp.note, verifierOf(c2sp.verifierKey)), {
      ok: true,
      text: 'This is an example message.\n',
    });
    const note = `${go.text}\n${go.signature}`;
    assert.deepEqual(openNote(note, verifierOf(go.verifierKey)), { ok: true, text: go.text });
  });

  it('A2 signs the published note byte by byte', () => {
    const key = stationKeyFromSecret(go.seed, 'PeterNeumann');
    assert.equal(key.verifierKey, go.verifierKey);
    assert.equal(signNote(go.text, key), `${go.text}\n${go.signature}`);
  });

  it('passes over signatures of other keys, and condemns a note with a false one of ours', () => {
    const verifier = verifierOf(go.verifierKey);
    const stranger = c2sp.note.split('\n').at(-2)!;
    assert.equal(openNote(`${go.text}\n${stranger}\n${go.signature}`, verifier).ok, true);
    assert.deepEqual(openNote(`${go.text}\n${stranger}\n`, verifier), {
      ok: false,
      why: 'not-signed-by-key',
    });
    const changed = openNote(`${go.text.replace('problem', 'Problem')}\n${go.signature}`, verifier);
    assert.deepEqual(changed, { ok: false, why: 'signature-wrong' });
    const spoiled = go.signature.replace('x08go/ZJ', 'x08go/ZK');
    assert.equal(openNote(`${go.text}\n${spoiled}${go.signature}`, verifier).ok, false);
  });

  it('refuses what is malformed', () => {
    const verifier = verifierOf(go.verifierKey);
    const { text, signature } = go;
    for (const note of [
      '',
      text,
      `${text}\n`,
      `${text}${signature}`,
      `${text}\n${signature.trimEnd()}`,
      `${text}\n${signature}\n`,
      `${text}\n${signature.replace('—', '-')}`,
      `${text}\n${signature.replace('=\n', '\n')}`,
      `\n${signature}`,
      `${text.replace('y', '\u0007')}\n${signature}`,
      `${text}\n${signature.repeat(101)}`,
    ]) {
      assert.equal(openNote(note, verifier).ok, false, JSON.stringify(note));
    }
  });

  it('refuses every verifier key with one character changed', () => {
    assert.equal(
      parseVerifierKey('PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=='),
      undefined,
    );
    assert.equal(
      parseVerifierKey('PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'),
      undefined,
    );
    for (let at = 0; at < go.verifierKey.length; at++) {
      const next = String.fromCharCode(go.verifierKey.charCodeAt(at) + 1);
      const changed = go.verifierKey.slice(0, at) + next + go.verifierKey.slice(at + 1);
      assert.equal(parseVerifierKey(changed), undefined, changed);
      assert.equal(parseVerifierKey(go.verifierKey.slice(0, at)), undefined);
    }
  });
});

describe('checkpoints', () => {
  const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';

  it('A2 reads and writes the published example', () => {
    const checkpoint = parseCheckpoint(text);
    assert.equal(checkpoint?.origin, 'example.com/behind-the-sofa');
    assert.equal(checkpoint.size, 20852163);
    assert.equal(
      checkpoint.rootHash.toString('hex'),
      '0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62',
    );
    const key = stationKeyFromSecret(generateStationKey(), checkpoint.origin);
    const note = signCheckpoint(key, checkpoint);
    assert.deepEqual(openNote(note, verifierOf(key.verifierKey)), { ok: true, text });
  });

  it('refuses what is no checkpoint', () => {
    for (const bad of [
      text.replace('20852163', '020852163'),
      text.replace('20852163', '-1'),
      text.replace('20852163', '99999999999999999999'),
      text.replace('CsUY', ''),
      text.replace('q2I=', 'q2J='),
      `${text}extension\n`,
      text.trimEnd(),
      '',
    ]) {
      assert.equal(parseCheckpoint(bad), undefined, JSON.stringify(bad));
    }
  });
});

describe('stationKeyFromSecret', () => {
  it('S2 refuses a broken secret without repeating it', () => {
    for (const secret of ['', 'not a key', Buffer.alloc(31, 1).toString('base64'), '{"seed":1}']) {
      assert.throws(
        () => stationKeyFromSecret(secret, 'station/log'),
        (error: unknown) =>
          error instanceof AuditError &&
          error.code === 'key-invalid' &&
          !(secret && error.message.includes(secret)),
      );
    }
  });

  it('gives the same key for the same secret, and another one for each secret', () => {
    const secret = generateStationKey();
    assert.equal(
      verifierKeyOf(stationKeyFromSecret(secret, 'a')),
      verifierKeyOf(stationKeyFromSecret(secret, 'a')),
    );
    assert.notEqual(
      stationKeyFromSecret(generateStationKey(), 'a').verifierKey,
      stationKeyFromSecret(secret, 'a').verifierKey,
    );
    assert.throws(() => stationKeyFromSecret(secret, 'a name'), AuditError);
  });
});
