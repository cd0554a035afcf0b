import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import Database from 'better-sqlite3';
import canonicalize from 'canonicalize';
import { verifyManifest } from '../../../src/audit/verify/verify-manifest.ts';
import { recordAttempt } from '../../../src/station/attempt/record-attempt.ts';
import { importDevices } from '../../../src/station/batch-import/import-devices.ts';
import { exportAudit } from '../../../src/station/export/export-audit.ts';
import { verifyFile } from '../../../src/station/export/verify-audit.ts';
import { rotateKey } from '../../../src/station/log/rotate-key.ts';
import { openCore } from '../../../src/station/open-core.ts';
import { mina } from '../access/people-fixture.ts';
import { base64Key } from '../attempt/endorsement-keys.ts';
import { coreForTest, entriesOf, readAttempt, type TestCore, temporaryFolder } from '../station-fixture.ts';

const noTrust = { key: undefined, checkpoints: [] };

describe('lists of devices', () => {
  let core: TestCore;
  const folder = temporaryFolder();
  const out = (name: string) => path.join(folder, name);
  const write = async (format: 'limpet-csv' | 'limpet-json' | 'dps-bulk', name: string, more = {}) => {
    const result = await exportAudit(core, { format, out: out(name), account: 'os:test', ...more });
    return { result, text: readFileSync(out(name), 'utf8') };
  };
  before(() => {
    core = coreForTest();
    for (let key = 1; key <= 23; key += 1)
      recordAttempt(core, readAttempt(key, `SN-${key}`, { workOrder: key <= 12 ? 'W-1' : 'W-2' }));
  });
  after(() => {
    core[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });

  for (const format of ['limpet-csv', 'limpet-json'] as const)
    it(`A4 ${format} comes out as it went in, byte for byte, through an empty station`, async () => {
      const { text } = await write(format, 'first');
      using other = coreForTest();
      const verdicts = await Array.fromAsync(
        importDevices(other, out('first'), { dryRun: false, account: 'os:test' }),
      );
      assert.equal(verdicts.filter(({ verdict }) => verdict === 'imported').length, 23);
      await exportAudit(other, { format, out: out('second'), account: 'os:test' });
      assert.equal(readFileSync(out('second'), 'utf8'), text);
    });

  it('A1 what left the station is put on record, whoever holds the ledger when it is due', async t => {
    const other = new Database(core.ledger.path);
    t.after(() => other.close());
    const whenFree = core.ledger.whenFree.bind(core.ledger);
    t.mock.method(core.ledger, 'whenFree', async (work: () => unknown) => {
      const done = whenFree(work);
      other.exec('ROLLBACK');
      const result = await done;
      other.exec('BEGIN IMMEDIATE');
      return result;
    });
    other.exec('BEGIN IMMEDIATE');
    for (const format of ['jsonl', 'limpet-csv'] as const) {
      await exportAudit(core, { format, out: out('held'), account: 'os:test' });
      assert.partialDeepStrictEqual(entriesOf(core).at(-1), { type: 'export', data: { format } });
    }
  });

  it('A4 limpet-json of one device is what Limpet prints of one', async () => {
    using one = coreForTest();
    const { registrationId } = recordAttempt(one, readAttempt(7, 'SN-7'));
    await exportAudit(one, { format: 'limpet-json', out: out('one'), account: 'os:test' });
    const lines = ['[', '{', '\t"attestation": {', '\t\t"type": "tpm",', '\t\t"tpm": {'];
    lines.push(`\t\t\t"endorsementKey": "${base64Key(7)}"`, '\t\t}', '\t},');
    lines.push(`\t"registrationId": "${registrationId}"`, '}', ']', '');
    assert.equal(readFileSync(out('one'), 'utf8'), lines.join('\r\n'));
  });

  it('A4 dps-bulk has ten enrollments a request at most, as they are sent', async () => {
    const { text } = await write('dps-bulk', 'bulk');
    const requests = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    assert.deepEqual(
      requests.map(({ mode, enrollments }) => [mode, enrollments.length]),
      [
        ['create', 10],
        ['create', 10],
        ['create', 3],
      ],
    );
    const stored = JSON.parse(core.ledger.outbox.inState('queued', 1)[0]!.document);
    assert.deepEqual(requests[0].enrollments[0], stored);
    assert.equal(stored.optionalDeviceInformation.serial, 'SN-1');
  });

  it('A4 selects by work order, time and state', async () => {
    assert.equal((await write('limpet-csv', 'w1', { workOrder: 'W-1' })).result.devices, 12);
    assert.equal((await write('limpet-csv', 'none', { since: Date.now() + 60_000 })).result.devices, 0);
    assert.equal((await write('limpet-json', 'none', { state: 'enrolled' })).text, '[\r\n]\r\n');
    assert.equal((await write('dps-bulk', 'queued', { state: 'queued' })).result.devices, 23);
    await assert.rejects(write('dps-bulk', 'no', { state: 'passed' }), { code: 'export-state-unknown' });
  });

  it('A4 the manifest beside it counts and hashes, is signed, and is on record', async () => {
    const { result, text } = await write('limpet-csv', 'list.csv', { workOrder: 'W-2' });
    assert.equal(result.manifest, out('list.csv.manifest.json'));
    const manifest = JSON.parse(readFileSync(result.manifest!, 'utf8'));
    const sha256 = createHash('sha256').update(text).digest('hex');
    assert.partialDeepStrictEqual(manifest, {
      devices: 11,
      bytes: Buffer.byteLength(text),
      sha256,
      list: 'limpet-csv',
      filter: { workOrder: 'W-2' },
      verifierKey: core.identity.verifierKey,
      rehearsal: true,
    });
    assert.partialDeepStrictEqual(entriesOf(core).at(-1)!.data, {
      format: 'limpet-csv',
      devices: 11,
      sha256,
    });
    assert.equal(statSync(out('list.csv')).mode & 0o007, 0);
    const verdict = await verifyFile(result.manifest!, { ...noTrust, key: core.identity.verifierKey });
    assert.partialDeepStrictEqual(verdict, { ok: true, level: 'signed', devices: 11 });
  });

  it('A3 finds a changed list, a changed manifest, and a list that is another’s', async () => {
    const { result, text } = await write('limpet-csv', 'changed.csv');
    const problem = async () => {
      const verdict = await verifyFile(result.manifest!, noTrust);
      return verdict.ok ? verdict.level : verdict.problem;
    };
    assert.equal(await problem(), 'intact');
    writeFileSync(out('changed.csv'), text.replace('AToA', 'AToB'));
    assert.equal(await problem(), 'list-differs');
    writeFileSync(out('changed.csv'), text);
    const manifest = readFileSync(result.manifest!, 'utf8');
    for (const [from, to] of [
      ['"devices":23', '"devices":24'],
      ['"rehearsal":true', '"rehearsal":false'],
      ['"filter":{}', '"filter":{"workOrder":"W-1"}'],
    ] as const) {
      assert.ok(manifest.includes(from));
      writeFileSync(result.manifest!, manifest.replace(from, to));
      assert.equal(await problem(), 'seal-differs');
    }
    writeFileSync(result.manifest!, `${manifest} `);
    assert.equal(await problem(), 'not-an-export');
    writeFileSync(out('other.csv.manifest.json'), manifest);
    writeFileSync(out('other.csv'), text);
    const moved = await verifyFile(out('other.csv.manifest.json'), noTrust);
    assert.partialDeepStrictEqual(moved, { ok: false, problem: 'list-differs' });
  });

  it('A2 a list made after the key was exchanged verifies with the first key and the newest, and with no other', async t => {
    const rotated = openCore({ dataDirectory: out('rotated'), env: { KEYLINE_REHEARSAL: '1' } });
    t.after(() => rotated.close());
    recordAttempt(rotated, readAttempt(1, 'SN-1'));
    const { verifierKey: first } = rotated.identity;
    const old = await exportAudit(rotated, { format: 'limpet-csv', out: out('old'), account: 'os:test' });
    const { verifierKey: newest } = rotateKey(rotated, { who: await mina(rotated), reason: 'once a year' });
    const made = await exportAudit(rotated, { format: 'limpet-csv', out: out('new'), account: 'os:test' });
    const verify = async (key: string, checkpoints: string[] = [], file = made.manifest!) => {
      const verdict = await verifyManifest(file, { key, checkpoints });
      return verdict.ok ? verdict.level : verdict.problem;
    };
    assert.deepEqual([await verify(first), await verify(newest)], ['signed', 'signed']);
    assert.equal(await verify(first, [old.checkpoint]), 'signed', 'a checkpoint by the first key');
    assert.equal(await verify(core.identity.verifierKey), 'key-differs');
    const foreign = core.audit.checkpoint(() => core.identity).note;
    assert.equal(await verify(newest, [foreign]), 'witness-other-log');
    assert.equal(await verify(first, [], old.manifest), 'signed');
    const manifest = readFileSync(made.manifest!, 'utf8');
    const { rotations, ...without } = JSON.parse(manifest);
    assert.equal(rotations.length, 1);
    writeFileSync(made.manifest!, `${canonicalize(without)}\n`);
    assert.equal(await verify(newest), 'seal-differs');
    assert.equal(await verify(first), 'key-differs');
    writeFileSync(
      made.manifest!,
      `${canonicalize({ ...without, rotations: [...rotations, ...rotations] })}\n`,
    );
    assert.equal(await verify(newest), 'signature-wrong');
  });

  it('S4 leaves neither file where it is stopped, and what was there stays', async () => {
    await write('limpet-csv', 'kept');
    const before = readdirSync(folder).sort();
    const kept = readFileSync(out('kept'));
    const stopping = new AbortController();
    const stopped = write('dps-bulk', 'kept', {
      signal: stopping.signal,
      onProgress: () => stopping.abort(),
    });
    await assert.rejects(stopped, { code: 'export-stopped' });
    assert.deepEqual(readdirSync(folder).sort(), before);
    assert.deepEqual(readFileSync(out('kept')), kept);
    await assert.rejects(write('limpet-csv', 'no/where'), { code: 'export-unwritable' });
    assert.equal(existsSync(out('no')), false);
  });

  it('A4 reads back what it wrote, past the cache where the file system lets it', async () => {
    const { result } = await write('limpet-csv', 'again', { verify: true });
    assert.ok(result.readBack === 'medium' || result.readBack === 'cache');
    assert.equal((await write('limpet-csv', 'again', { verify: false })).result.readBack, undefined);
    if (!existsSync('/dev/shm')) return;
    const onMemoryDisk = await exportAudit(core, {
      format: 'jsonl',
      out: '/dev/shm/keyline-export-test.jsonl',
      account: 'os:test',
    }).finally(() => rmSync('/dev/shm/keyline-export-test.jsonl', { force: true }));
    assert.ok(onMemoryDisk.readBack, 'another device is read back by itself');
  });
});
