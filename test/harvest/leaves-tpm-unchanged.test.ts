import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, describe, test } from 'node:test';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { startPolicySession } from '../../src/tpm/session-commands.ts';
import { missing } from '../parts.ts';
import { type Break, CuttingRelay } from './cutting-relay.ts';
import { harvestAt, memoryNotes, testDeadlines } from './harvest-at.ts';
import { killAtBreak, notesInFile, startRun } from './killed-run.ts';
import { stateOf, tpm2 } from './tpm2-tools.ts';
import { DutShelf, type VirtualDut } from './virtual-dut.ts';

const CREATE_PRIMARY = 0x131;
const FLUSH_CONTEXT = 0x165;
const ACTIVATE_CREDENTIAL = 0x147;
/** CreatePrimary of the helper object, StartAuthSession, PolicySecret, ActivateCredential, FlushContext of the helper. */
const PROOF = [CREATE_PRIMARY, 0x176, 0x151, ACTIVATE_CREDENTIAL, FLUSH_CONTEXT];
/** GetCapability of loaded objects and of loaded sessions: only where no resource manager stands between. */
const LISTING = [0x17a, 0x17a];
/** Identity, ReadPublic, NV_ReadPublic, NV_Read, and the proof: nine commands without the listing. */
const PERSISTED = [0x17a, 0x173, 0x169, 0x14e, ...LISTING, ...PROOF];
/** GetCapability of NV indices: whether the maker left a nonce or template for the key. */
const NV_HANDLES = 0x17a;
/** A run that must make its key, and flush it. */
const COMMAND_CODES = [
  0x17a,
  0x173,
  NV_HANDLES,
  ...LISTING,
  CREATE_PRIMARY,
  0x169,
  0x14e,
  ...PROOF,
  FLUSH_CONTEXT,
];

describe('a harvest', { skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools') }, () => {
  const shelf = new DutShelf();
  const relays: CuttingRelay[] = [];
  afterEach(() => {
    for (const relay of relays.splice(0)) relay.stop();
    return shelf.powerOff();
  });
  after(() => shelf.clear());

  async function relayTo(dut: VirtualDut, break_: Break): Promise<CuttingRelay> {
    const relay = await CuttingRelay.start(dut.port, break_);
    relays.push(relay);
    return relay;
  }

  for (const how of ['before-command', 'instead-of-response'] as const) {
    test(`H1 leaves handles, NV and lockout as they were when the line is cut ${how}, at every command`, async () => {
      const dut = await shelf.take('unpersisted');
      const before = await stateOf(dut.bridge);
      for (let at = 0; at < COMMAND_CODES.length; at++) {
        const relay = await relayTo(dut, { at, how });
        const runNotes = memoryNotes();
        const finding = await harvestAt(relay.bridge, { runNotes });
        assert.ok(finding.outcome === 'failed', `cut at ${at}: ${JSON.stringify(finding)}`);
        assert.equal(finding.code, 'bridge-closed');
        assert.deepEqual(finding.warnings.includes('handles-left'), false);
        assert.equal(runNotes.notes.size, 0, `cut at ${at} leaves no note`);
        assert.equal(await loadedAt(dut), '', `cut at ${at}`);
        relay.stop();
      }
      assert.equal(await stateOf(dut.bridge), before);
      assert.equal((await harvestAt(dut.bridge)).outcome, 'read');
      assert.equal(await stateOf((await dut.powerCycle()).bridge), before);
    });
  }

  test('sends no other commands than those that the cuts above go through', async () => {
    const dut = await shelf.take('unpersisted');
    const relay = await relayTo(dut, { at: COMMAND_CODES.length, how: 'before-command' });
    assert.equal((await harvestAt(relay.bridge)).outcome, 'read');
    assert.deepEqual(relay.commandCodes, COMMAND_CODES);
  });

  test('needs nine commands for a persisted key, two more where it must list what is loaded', async () => {
    const dut = await shelf.take('certified');
    const relay = await relayTo(dut, { at: COMMAND_CODES.length, how: 'before-command' });
    assert.equal((await harvestAt(relay.bridge)).outcome, 'read');
    assert.deepEqual(relay.commandCodes, PERSISTED);
    assert.equal(PERSISTED.length - LISTING.length, 9);
  });

  test('H1 leaves nothing loaded when it is cancelled, at every command', async () => {
    const dut = await shelf.take('unpersisted');
    const before = await stateOf(dut.bridge);
    for (let at = 0; at < COMMAND_CODES.length; at++) {
      const relay = await relayTo(dut, { at, how: 'mute' });
      const cancel = new AbortController();
      const runNotes = memoryNotes();
      const running = harvestAt(relay.bridge, { runNotes, signal: cancel.signal });
      await Promise.race([relay.broken, running]);
      cancel.abort();
      const finding = await running;
      assert.ok(finding.outcome === 'failed');
      assert.equal(finding.code, 'cancelled', `cancelled at ${at}`);
      assert.equal(runNotes.notes.size, 0);
      relay.stop();
    }
    assert.equal(await stateOf(dut.bridge), before);
  });

  test('H1 power lost at any command, again and again, costs the TPM nothing, seen after the next start', async () => {
    let dut = await shelf.take('unpersisted');
    const before = await stateOf(dut.bridge);
    for (let at = 0; at < COMMAND_CODES.length; at++) {
      const relay = await relayTo(dut, { at, how: at % 2 === 0 ? 'mute' : 'instead-of-response' });
      const running = harvestAt(relay.bridge);
      await Promise.race([relay.broken, running]);
      dut = await dut.powerCycle();
      relay.stop();
      assert.equal((await running).outcome, 'failed');
    }
    assert.equal(await stateOf(dut.bridge), before);
  });

  test('H1 cleans up when the flush times out', async () => {
    const dut = await shelf.take('unpersisted');
    const relay = await relayTo(dut, { at: { commandCode: FLUSH_CONTEXT }, how: 'mute' });
    const finding = await harvestAt(relay.bridge, { deadlines: { ...testDeadlines, commandMs: 500 } });
    assert.ok(finding.outcome === 'failed');
    assert.equal(finding.code, 'bridge-timeout');
    assert.equal(await tpm2(dut.bridge, 'getcap', 'handles-transient'), '');
  });

  test('H1 says handles-left and keeps the note when it cannot clean up, and the next run does', async () => {
    const dut = await shelf.take('unpersisted');
    const relay = await relayTo(dut, { at: { commandCode: FLUSH_CONTEXT }, how: 'before-command' });
    void relay.broken.then(() => relay.stop());
    const runNotes = memoryNotes();
    const finding = await harvestAt(relay.bridge, { runNotes });
    assert.equal(finding.outcome, 'failed');
    assert.ok(finding.warnings.includes('handles-left'));
    assert.match(await tpm2(dut.bridge, 'getcap', 'handles-transient'), /0x80000000/);

    const [note] = runNotes.notes.values();
    assert.deepEqual(note?.handlesBefore, []);
    const nextNotes = memoryNotes();
    nextNotes.write({ ...note!, bridge: dut.bridge });
    assert.equal((await harvestAt(dut.bridge, { runNotes: nextNotes })).outcome, 'read');
    assert.equal(nextNotes.notes.size, 0);
    assert.equal(await tpm2(dut.bridge, 'getcap', 'handles-transient'), '');
  });

  test('H1 killed between CreatePrimary and FlushContext, the next contact flushes by the written note', async () => {
    const dut = await shelf.take('unpersisted');
    const relay = await relayTo(dut, { at: { commandCode: FLUSH_CONTEXT }, how: 'mute' });
    const notesFile = join(dut.folder, 'notes.json');
    await killAtBreak(relay, startRun(relay.bridge, notesFile));
    assert.match(await tpm2(dut.bridge, 'getcap', 'handles-transient'), /0x80000000/);
    assert.ok(existsSync(notesFile));

    // Without the note what is loaded counts as somebody else's.
    assert.equal((await harvestAt(dut.bridge, { possession: 'off' })).outcome, 'read');
    assert.match(await tpm2(dut.bridge, 'getcap', 'handles-transient'), /0x80000000/);

    assert.equal((await harvestAt(relay.bridge, { runNotes: notesInFile(notesFile) })).outcome, 'read');
    assert.equal(await tpm2(dut.bridge, 'getcap', 'handles-transient'), '');
    assert.ok(!existsSync(notesFile));
  });

  test('H1 killed in the middle of the proof, the next contact flushes helper, session and key by the written note', async () => {
    const dut = await shelf.take('unpersisted');
    const before = await stateOf(dut.bridge);
    const relay = await relayTo(dut, { at: { commandCode: ACTIVATE_CREDENTIAL }, how: 'mute' });
    const notesFile = join(dut.folder, 'notes.json');
    await killAtBreak(relay, startRun(relay.bridge, notesFile));
    assert.match(await loadedAt(dut), /0x80000000[\s\S]*0x80000001[\s\S]*0x3000000/);
    const finding = await harvestAt(relay.bridge, { runNotes: notesInFile(notesFile) });
    assert.deepEqual([finding.outcome, finding.possession], ['read', 'proved']);
    assert.equal(await stateOf(dut.bridge), before);
    assert.equal(await stateOf((await dut.powerCycle()).bridge), before);
  });

  test('H1 leaves the sessions of others, also when its own proof is cut', async () => {
    const dut = await shelf.take('certified');
    // tpm2_startauthsession parks its session; this one stays loaded, as a program's that is at work.
    const theirs = await startSession(dut);
    const before = await stateOf(dut.bridge);
    assert.match(before, new RegExp(theirs, 'i'));
    const cut = await relayTo(dut, { at: { commandCode: ACTIVATE_CREDENTIAL }, how: 'before-command' });
    assert.equal((await harvestAt(cut.bridge)).outcome, 'failed');
    assert.equal(await stateOf(dut.bridge), before);
    assert.equal((await harvestAt(dut.bridge)).outcome, 'read');
    assert.equal(await stateOf(dut.bridge), before);
  });

  test('H1 leaves alone what others loaded, also a key of the same template', async () => {
    const dut = await shelf.take('unpersisted');
    await tpm2(dut.bridge, 'createek', '-G', 'rsa', '-c', join(dut.folder, 'ek.ctx'));
    const theirs = await tpm2(dut.bridge, 'getcap', 'handles-transient');
    assert.match(theirs, /0x80000000/);
    const cut = await relayTo(dut, { at: { commandCode: CREATE_PRIMARY }, how: 'instead-of-response' });
    assert.equal((await harvestAt(cut.bridge)).outcome, 'failed');
    assert.equal(await tpm2(dut.bridge, 'getcap', 'handles-transient'), theirs);
    assert.equal((await harvestAt(dut.bridge)).outcome, 'read');
    assert.equal(await tpm2(dut.bridge, 'getcap', 'handles-transient'), theirs);
  });

  test('H1 names a TPM that is full of others’ objects, and leaves them', async () => {
    const dut = await shelf.take('unpersisted');
    for (let i = 0; i < 3; i++)
      await tpm2(dut.bridge, 'createek', '-G', 'rsa', '-c', join(dut.folder, 'ek.ctx'));
    const theirs = await tpm2(dut.bridge, 'getcap', 'handles-transient');
    const finding = await harvestAt(dut.bridge);
    assert.ok(finding.outcome === 'failed', JSON.stringify(finding));
    assert.deepEqual([finding.code, finding.responseCode], ['tpm-out-of-memory', '0x902']);
    assert.equal(await tpm2(dut.bridge, 'getcap', 'handles-transient'), theirs);
  });
});

/** Objects and sessions in the TPM's memory. */
async function loadedAt(dut: VirtualDut): Promise<string> {
  return (
    (await tpm2(dut.bridge, 'getcap', 'handles-transient')) +
    (await tpm2(dut.bridge, 'getcap', 'handles-loaded-session'))
  );
}

/** A fresh policy session as another program has it; @returns its handle as tpm2_getcap prints it. */
async function startSession(dut: VirtualDut): Promise<string> {
  const tcti = await openTcti(parseTctiConf(dut.bridge), { connectDeadlineMs: 5_000 });
  try {
    const channel = { tcti, commandMs: 5_000, createPrimaryMs: 5_000, endsAt: performance.now() + 10_000 };
    const handle = await startPolicySession(channel, 0x000b, () => {});
    return `0x${handle.toString(16)}`;
  } finally {
    await tcti.close();
  }
}
