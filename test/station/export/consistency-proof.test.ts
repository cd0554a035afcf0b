/** Checkpoints beside each other: what proves that one extends another, and what two of them alone can say. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import canonicalize from 'canonicalize';
import { signCheckpoint } from '../../../src/audit/checkpoint.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { writeConsistencyProof } from '../../../src/station/export/consistency-proof.ts';
import { exportAudit } from '../../../src/station/export/export-audit.ts';
import { type AuditVerdict, verifyEvidence } from '../../../src/station/export/verify-audit.ts';
import { keepCheckpoint } from '../../../src/station/log/keep-checkpoint.ts';
import { rotateKey } from '../../../src/station/log/rotate-key.ts';
import { openCore, type StationCore } from '../../../src/station/open-core.ts';
import { mina } from '../access/people-fixture.ts';
import { readAttempt, temporaryFolder } from '../station-fixture.ts';

// biome-ignore lint/suspicious/noExplicitAny: a file taken apart
type Loose = any;

describe('checkpoints beside each other', () => {
  const folder = temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  const witnesses = at('witnesses');
  const opened: StationCore[] = [];
  let core: StationCore;
  let other: StationCore;
  let firstKey: string;
  /** Checkpoints of 11 and 21 entries, the second one by the second key. */
  const early = at('early.checkpoint');
  const late = at('late.checkpoint');
  const proof = at('proof.json');
  const open = (name: string): StationCore => {
    mkdirSync(at(name));
    writeFileSync(
      path.join(at(name), 'keyline.json'),
      JSON.stringify({ audit: { witnessFolder: witnesses } }),
    );
    const station = openCore({ dataDirectory: at(name), env: { KEYLINE_REHEARSAL: '1' } });
    opened.push(station);
    return station;
  };
  const record = (station: StationCore, from: number, count: number) => {
    for (let key = from; key < from + count; key += 1) recordAttempt(station, readAttempt(key, `SN-${key}`));
  };
  const verify = async (
    file: string,
    given: { key?: string; checkpoints?: string[]; beside?: string[] } = {},
  ) => {
    const { key, checkpoints = [], beside } = given;
    return (await verifyEvidence(file, { key, checkpoints, beside })).at(-1)!;
  };
  const said = (verdict: AuditVerdict) => (verdict.ok ? verdict.level : verdict.problem);
  const prove = (more: object = {}) =>
    writeConsistencyProof(core, { from: early, to: late, out: proof, account: 'os:test', ...more });

  before(async () => {
    core = open('station');
    other = open('other');
    firstKey = core.identity.verifierKey;
    record(core, 1, 10);
    writeFileSync(early, keepCheckpoint(core).note);
    rotateKey(core, { who: await mina(core), reason: 'once a year' });
    record(core, 11, 8);
    writeFileSync(late, keepCheckpoint(core).note);
    record(other, 1, 3);
    keepCheckpoint(other);
  });
  after(() => {
    for (const station of opened) station.close();
    rmSync(folder, { recursive: true });
  });

  it('A2 A3 proves that a later one extends an earlier one, over an exchange of the key', async () => {
    const written = await prove();
    assert.deepEqual([written.from, written.size], [11, 21]);
    assert.equal(said(await verify(proof)), 'intact');
    for (const key of [firstKey, core.identity.verifierKey])
      assert.equal(said(await verify(proof, { key })), 'signed');
    const witnessed = await verify(proof, { key: firstKey, checkpoints: [early] });
    assert.partialDeepStrictEqual(witnessed, {
      ok: true,
      level: 'witnessed',
      extends: 11,
      size: 21,
      witnessedUpTo: 11,
    });
    assert.ok(
      witnessed.ok &&
        /log of 21 entries begins with the whole log of 11, which is your checkpoint/.test(witnessed.means),
    );
    assert.partialDeepStrictEqual(await verify(proof, { checkpoints: [late] }), {
      level: 'witnessed',
      witnessedUpTo: 21,
    });
    assert.equal(said(await verify(proof, { key: other.identity.verifierKey })), 'key-differs');
    const text = readFileSync(proof, 'utf8');
    assert.equal(text.includes('SN-'), false, 'it shows no entry');
    const now = await prove({ to: undefined, out: at('now.json') });
    assert.ok(now.size > 21);
    assert.equal(said(await verify(at('now.json'), { key: firstKey })), 'signed');
    assert.equal((await prove({ to: early })).size, 11);
    await prove();
  });

  it('A3 finds whatever is changed in it', async () => {
    const found: Record<string, string> = {};
    const flipped = (text: string) => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;
    for (const [what, change] of [
      ['a hash', (p: Loose) => (p.proof[0] = flipped(p.proof[0]))],
      ['a hash left out', (p: Loose) => p.proof.pop()],
      ['a hash more', (p: Loose) => p.proof.push(p.proof[0])],
      ['the order of the hashes', (p: Loose) => p.proof.reverse()],
      ['the other way round', (p: Loose) => ([p.from, p.to] = [p.to, p.from])],
      ['the same twice', (p: Loose) => (p.from = p.to)],
      ['a checkpoint of another station', (p: Loose) => (p.from = keepCheckpoint(other).note)],
      ['the exchange of the key left out', (p: Loose) => delete p.rotations],
      ['the origin', (p: Loose) => (p.origin = other.identity.origin)],
      ['the key', (p: Loose) => (p.verifierKey = other.identity.verifierKey)],
      ['the first key', (p: Loose) => (p.verifierKey = firstKey)],
      ['when it was made', (p: Loose) => (p.madeAt = '2020-01-01T00:00:00.000Z')],
      ['production for rehearsal', (p: Loose) => (p.rehearsal = false)],
      ['another member', (p: Loose) => (p.note = 'x')],
      ['the seal', (p: Loose) => (p.seal = p.to)],
    ] as const) {
      const json = JSON.parse(readFileSync(proof, 'utf8'));
      change(json);
      writeFileSync(at('changed.json'), `${canonicalize(json)}\n`);
      found[what] = said(await verify(at('changed.json')));
    }
    assert.deepEqual(found, {
      'a hash': 'root-differs',
      'a hash left out': 'root-differs',
      'a hash more': 'root-differs',
      'the order of the hashes': 'root-differs',
      'the other way round': 'root-differs',
      'the same twice': 'root-differs',
      'a checkpoint of another station': 'checkpoint-differs',
      'the exchange of the key left out': 'checkpoint-differs',
      'the origin': 'signature-wrong',
      'the key': 'signature-wrong',
      'the first key': 'signature-wrong',
      'when it was made': 'seal-differs',
      'production for rehearsal': 'seal-differs',
      'another member': 'malformed',
      'the seal': 'seal-differs',
    });
  });

  it('A2 writes none where the log does not go on from the checkpoint, and says why', async () => {
    const before = readdirSync(folder).sort();
    const out = at('none.json');
    const { origin, key } = core.identity;
    const forked = at('forked');
    writeFileSync(forked, signCheckpoint(key, { origin, size: 18, rootHash: Buffer.alloc(32, 1) }));
    const ahead = at('ahead');
    writeFileSync(ahead, signCheckpoint(key, { origin, size: 900, rootHash: Buffer.alloc(32, 1) }));
    const strange = at('strange');
    writeFileSync(strange, keepCheckpoint(other).note);
    await assert.rejects(prove({ from: forked, out }), {
      code: 'log-damaged',
      message: /not those that were signed/,
    });
    await assert.rejects(prove({ from: ahead, to: undefined, out }), {
      code: 'log-damaged',
      message: /newest are missing/,
    });
    await assert.rejects(prove({ from: strange, out }), {
      code: 'checkpoint-invalid',
      message: /this station writes/,
    });
    await assert.rejects(prove({ from: late, to: early, out }), {
      code: 'checkpoint-invalid',
      message: /comes after/,
    });
    await assert.rejects(prove({ from: at('nothing'), out }), { code: 'checkpoint-invalid' });
    for (const made of [forked, ahead, strange]) rmSync(made);
    assert.deepEqual(readdirSync(folder).sort(), before);
  });

  it('A3 says of a checkpoint alone what its key says, and that two of them do not prove one another', async () => {
    const key = core.identity.verifierKey;
    assert.equal(said(await verify(late)), 'key-missing');
    assert.equal(said(await verify(late, { key: firstKey })), 'key-differs');
    const signed = await verify(late, { key, beside: [early, late] });
    assert.partialDeepStrictEqual(signed, { ok: true, level: 'signed', size: 21, entries: 0 });
    assert.ok(
      signed.ok &&
        /shows none of them, and whether it extends another checkpoint only a consistency proof/.test(
          signed.means,
        ),
    );
    assert.equal(said(await verify(late, { key, checkpoints: [late] })), 'witnessed');
    const forked = at('forked');
    const { origin } = core.identity;
    writeFileSync(
      forked,
      signCheckpoint(core.identity.key, { origin, size: 21, rootHash: Buffer.alloc(32, 1) }),
    );
    for (const file of [late, forked])
      assert.equal(said(await verify(file, { key, beside: [late, forked] })), 'root-differs', 'two pasts');
    writeFileSync(forked, readFileSync(late, 'utf8').replace('\n21\n', '\n22\n'));
    assert.equal(said(await verify(forked, { key })), 'signature-wrong');
  });

  it('A2 keeps the files of stations apart in a folder of witnesses, and takes those of the log from it', async () => {
    const names = readdirSync(witnesses);
    assert.equal(names.length, 2);
    const file = at('log.jsonl');
    await exportAudit(core, { format: 'jsonl', out: file, account: 'os:test' });
    const witnessed = await verify(file, { checkpoints: [witnesses] });
    assert.partialDeepStrictEqual(witnessed, { level: 'witnessed', unused: { otherLogs: 1, newer: 0 } });
    record(core, 50, 1);
    keepCheckpoint(core);
    const older = await verify(file, { key: firstKey, checkpoints: [witnesses] });
    assert.partialDeepStrictEqual(older, { level: 'signed', unused: { otherLogs: 1, newer: 1 } });
    const ledger = await verify(core.ledger.path, { checkpoints: [witnesses] });
    assert.partialDeepStrictEqual(ledger, { level: 'witnessed', unused: { otherLogs: 1, newer: 0 } });
    const { origin } = core.identity;
    const mine = path.join(witnesses, names.find(name => name.startsWith(core.identity.stationId))!);
    writeFileSync(mine, readFileSync(mine, 'utf8').replace(/^(.*)\n\d+\n/, '$1\n999999\n'));
    const anew = keepCheckpoint(core);
    assert.equal(readFileSync(mine, 'utf8'), anew.note, 'what nobody signed keeps no place for itself');
    writeFileSync(mine, signCheckpoint(core.identity.key, { origin, size: 999, rootHash: Buffer.alloc(32) }));
    keepCheckpoint(core);
    assert.match(readFileSync(mine, 'utf8'), /\n999\n/, 'what the key signed stays: this log was put back');
    writeFileSync(mine, anew.note);
    const own = names.find(name => name.startsWith(core.identity.stationId))!;
    const kept = readFileSync(path.join(witnesses, own));
    rmSync(path.join(witnesses, own));
    assert.equal(said(await verify(file, { checkpoints: [witnesses] })), 'witness-other-log');
    assert.equal(said(await verify(core.ledger.path, { checkpoints: [witnesses] })), 'witness-other-log');
    writeFileSync(path.join(witnesses, own), kept.subarray(0, 40));
    await assert.rejects(verify(file, { checkpoints: [witnesses] }), { code: 'checkpoint-invalid' });
    await assert.rejects(verify(file, { checkpoints: [at('station')] }), { code: 'checkpoint-invalid' });
  });
});
