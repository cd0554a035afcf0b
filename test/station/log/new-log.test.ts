import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, cpSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { signCheckpoint } from '../../../src/audit/checkpoint.ts';
import { KeyChain } from '../../../src/audit/key-chain.ts';
import { verifyLedger } from '../../../src/audit/verify/verify-ledger.ts';
import { examineCheckpoints } from '../../../src/station/doctor/examine-checkpoints.ts';
import { auditTree } from '../../../src/station/log/audit-tree.ts';
import { writeCheckpointFile } from '../../../src/station/log/checkpoint-files.ts';
import { checkpointFolders } from '../../../src/station/log/checkpoint-folders.ts';
import { keepCheckpoint } from '../../../src/station/log/keep-checkpoint.ts';
import { keyChainOf } from '../../../src/station/log/log-keys.ts';
import { lookOutside } from '../../../src/station/log/outside-checkpoints.ts';
import { rotateKey } from '../../../src/station/log/rotate-key.ts';
import { startShiftCheckpoints } from '../../../src/station/log/shift-checkpoints.ts';
import { openCore, type StationCore } from '../../../src/station/open-core.ts';
import { personOf } from '../../../src/station/people.ts';
import { readStatus } from '../../../src/station/status.ts';
import { mina, movedClock, owner } from '../access/people-fixture.ts';

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-log-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, 'data');
}

const machine = (id: string) => ({ KEYLINE_REHEARSAL: '1', KEYLINE_MACHINE_ID: id });

function open(
  t: TestContext,
  dataDirectory: string,
  env: Record<string, string> = machine('a'),
): StationCore {
  const core = openCore({ dataDirectory, env });
  let closed = false;
  const { close } = core;
  core.close = () => {
    if (!closed) close();
    closed = true;
  };
  t.after(() => core.close());
  return core;
}

function grow(core: StationCore, count: number): void {
  for (let n = 0; n < count; n += 1)
    core.ledger.transaction(() => {
      core.audit.append(core.identity, personOf(core.ledger, 'os:test', 1), {
        type: 'drain',
        data: { change: 'paused', because: `${n}` },
      });
    });
}

const firstEntry = (core: StationCore) => JSON.parse(core.ledger.audit.get(0)!.entry.toString());

async function logsVerify(core: StationCore): Promise<void> {
  for (const log of core.ledger.logs.all()) {
    const chain = keyChainOf(core, log.log_id);
    const size = core.ledger.audit.size(log.log_id);
    const verdict = await verifyLedger({
      origin: log.origin,
      rehearsal: true,
      verifierKey: chain.keys.at(-1)!,
      rotations: [...chain.rotations.values()],
      size,
      entries: core.ledger.audit.iterate(0, size, log.log_id),
      checkpoints: core.ledger.checkpoints.ofLog(log.log_id).map(row => row.note),
    });
    assert.ok(verdict.ok, JSON.stringify(verdict));
  }
}

describe('another log', () => {
  it('A1 begins where the data directory wakes up on another machine, citing the old one, and nowhere else', async t => {
    const data = folderFor(t);
    const first = open(t, data);
    grow(first, 3);
    const old = first.identity;
    first.close();
    const again = open(t, data);
    assert.equal(again.identity.origin, old.origin);
    again.close();
    const moved = open(t, data, machine('b'));
    assert.ok(moved.notices.some(notice => notice.includes('another machine')));
    assert.notEqual(moved.identity.origin, old.origin);
    assert.equal(moved.identity.stationId, old.stationId);
    assert.notEqual(moved.identity.verifierKey.split('+')[2], old.verifierKey.split('+')[2]);
    const { data: said } = firstEntry(moved);
    assert.equal(said.because, 'machine-changed');
    const cited = keyChainOf(moved, old.logId).openCheckpoint(said.previousCheckpoint);
    assert.equal(cited?.size, 4);
    assert.deepEqual(cited?.rootHash, auditTree(moved.ledger, old.logId).rootHash(4));
    grow(moved, 2);
    await logsVerify(moved);
    moved.close();
    assert.equal(open(t, data, machine('b')).ledger.logs.all().length, 2);
  });

  it('A1 begins where the ledger is older than a checkpoint outside of it, and doctor goes on knowing what is lost', async t => {
    const data = folderFor(t);
    const first = open(t, data);
    grow(first, 3);
    keepCheckpoint(first);
    first.close();
    const backup = `${data}-backup`;
    cpSync(data, backup, { recursive: true });
    const longer = open(t, data);
    grow(longer, 5);
    const lost = keepCheckpoint(longer);
    longer.close();
    rmSync(path.join(data, 'ledger.sqlite'));
    cpSync(path.join(backup, 'ledger.sqlite'), path.join(data, 'ledger.sqlite'));
    const core = open(t, data);
    assert.ok(core.notices.some(notice => notice.includes('lost')));
    const { data: said } = firstEntry(core);
    assert.deepEqual([said.because, said.outsideCheckpoint], ['rolled-back', lost.note]);
    assert.equal(
      keyChainOf(core, core.ledger.logs.all()[0]!.log_id).openCheckpoint(said.previousCheckpoint)?.size,
      4,
    );
    keepCheckpoint(core);
    const { contradictions, size } = lookOutside(core.ledger, checkpointFolders(core)[0]);
    assert.partialDeepStrictEqual(contradictions, [
      { kind: 'missing', size: 4, outsideSize: 9, onRecord: true },
    ]);
    assert.equal(size, 1);
    const [finding] = examineCheckpoints(core);
    assert.partialDeepStrictEqual(finding, { state: 'notice' });
    assert.match(finding!.found, /had 9 entries .* has 4, so that 5 are lost/);
    assert.equal((await readStatus(core)).audit.contradiction, null);
    await logsVerify(core);
    core.close();
    assert.equal(open(t, data).ledger.logs.all().length, 2);
  });

  it('A2 a process that has the ledger open goes on with a key or a log that another one brought in', async t => {
    const data = folderFor(t);
    const [one, two] = [open(t, data), open(t, data)];
    grow(one, 2);
    const before = two.identity.verifierKey;
    const act = { who: owner, reason: 'it was seen' };
    assert.throws(() => rotateKey(one, act), { code: 'sign-in-needed' });
    assert.equal(two.identity.verifierKey, before);
    const { verifierKey: rotated, checkpoint } = rotateKey(one, { ...act, who: await mina(one) });
    assert.equal(checkpoint.verifierKey, rotated);
    assert.notEqual(two.identity.verifierKey, before);
    assert.equal(two.identity.verifierKey, rotated);
    grow(two, 2);
    keepCheckpoint(two);
    await logsVerify(two);
    const third = open(t, data);
    assert.equal(third.identity.verifierKey, rotated);
    third.close();
    const moved = open(t, data, machine('c'));
    assert.equal(two.identity.origin, moved.identity.origin);
    grow(two, 1);
    grow(one, 1);
    keepCheckpoint(one);
    await logsVerify(one);
  });

  it('A2 a station that meets another past of its own log in the folder of witnesses says so loudly', async t => {
    const data = folderFor(t);
    const share = `${data}-share`;
    mkdirSync(data);
    writeFileSync(path.join(data, 'keyline.json'), JSON.stringify({ audit: { witnessFolder: share } }));
    const core = open(t, data);
    grow(core, 3);
    assert.equal(keepCheckpoint(core).files.length, 2);
    assert.deepEqual(
      examineCheckpoints(core).map(({ state }) => state),
      ['good', 'good'],
    );
    // As if the same identity had run elsewhere: a checkpoint by the same key over other entries.
    const { origin, key } = core.identity;
    const note = signCheckpoint(key, { origin, size: 3, rootHash: Buffer.alloc(32) });
    const keys = KeyChain.of(origin, core.identity.verifierKey);
    writeCheckpointFile(share, note, { keys, now: Date.UTC(2030, 0, 1) });
    const forged = note.replace(/\n3\n/, '\n2\n');
    writeCheckpointFile(share, forged, { keys, now: Date.UTC(2031, 0, 1) });
    const [own, witness] = examineCheckpoints(core);
    assert.equal(own!.state, 'good');
    assert.partialDeepStrictEqual(witness, { state: 'bad', kind: 'ledger' });
    assert.match(witness!.found, /first 3 entries .* are not those that were signed/);
    assert.match((await readStatus(core)).audit.contradiction ?? '', /first 3 entries/);
  });

  it('A2 a running station keeps a checkpoint after every shift, and one when it is closed', {
    timeout: 60_000,
  }, async t => {
    const data = folderFor(t);
    const clock = movedClock();
    const core = openCore({ dataDirectory: data, env: machine('a'), clock });
    t.after(() => core.close());
    grow(core, 300);
    const shifts = startShiftCheckpoints(core, { lookEveryMs: 5 });
    const latest = () => core.ledger.checkpoints.latest(core.identity.logId)?.size;
    assert.equal(latest(), undefined);
    clock.now += 9 * 3_600_000;
    while (latest() === undefined) await setImmediate();
    assert.equal(latest(), 301);
    assert.equal(core.ledger.subtrees.count(core.identity.logId, 8), 1);
    grow(core, 2);
    await shifts.close();
    assert.equal(latest(), 303);
    assert.equal(lookOutside(core.ledger, checkpointFolders(core)[0]).size, 303);
  });

  it('A2 a share of the witnesses that does not answer holds up neither the station nor its own checkpoints', {
    timeout: 60_000,
  }, async t => {
    const [data, share] = [folderFor(t), folderFor(t)];
    mkdirSync(data);
    mkdirSync(share);
    writeFileSync(path.join(data, 'keyline.json'), JSON.stringify({ audit: { witnessFolder: share } }));
    const clock = movedClock();
    const core = openCore({ dataDirectory: data, env: machine('a'), clock });
    t.after(() => core.close());
    grow(core, 2);
    clock.now += 9 * 3_600_000;
    // Whoever opens a pipe that nobody writes waits, as one does for a share whose server is gone.
    const day = new Date(clock.now).toISOString().slice(0, 10);
    const pipe = path.join(share, `${core.identity.origin.replaceAll('/', '.')}.${day}.checkpoint`);
    execFileSync('mkfifo', [pipe]);
    const shifts = startShiftCheckpoints(core, { lookEveryMs: 5 });
    const kept = () => lookOutside(core.ledger, checkpointFolders(core)[0]).size;
    while (kept() === null) await setImmediate();
    grow(core, 2);
    await shifts.close();
    assert.equal(kept(), core.ledger.audit.size());
    const writer = openSync(pipe, 'r+');
    t.after(() => closeSync(writer));
  });
});
