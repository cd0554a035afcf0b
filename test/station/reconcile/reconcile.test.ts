/** What DPS holds against what the ledger says: the real emulator, Microsoft's client, a real ledger. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ReconciliationNotes, reconciliationNotesFile } from '../../../db/reconciliation-notes.ts';
import { DpsError } from '../../../src/dps/errors.ts';
import { resolveEntry } from '../../../src/station/conflict-desk/resolve-entry.ts';
import { disableEnrollment } from '../../../src/station/devices/change-enrollment.ts';
import { deleteDevice } from '../../../src/station/devices/retire-device.ts';
import { outboxStoreOf } from '../../../src/station/drain/outbox-store.ts';
import { StationError } from '../../../src/station/errors.ts';
import { cancelEntries } from '../../../src/station/queue/cancel-entry.ts';
import { reconcile } from '../../../src/station/reconcile/reconcile.ts';
import { owner } from '../access/people-fixture.ts';
import { coreForTest, entriesOf } from '../station-fixture.ts';
import { anotherDps, ComparedSides, nameless } from './compared-sides.ts';

let sides: ComparedSides;
beforeEach(async () => {
  sides = await ComparedSides.build();
});
afterEach(() => sides.close());

const notesFile = () => path.join(sides.core.directory.path, reconciliationNotesFile);
const kindsOf = (found: readonly { kind: string; registrationId: string }[]) =>
  found.map(({ kind, registrationId }) => `${kind} ${registrationId}`).sort();

/** One of each kind of difference. @returns the registration ids by what became of them */
async function everyDifference() {
  const { core, act } = sides;
  const stationId = core.identity.stationId;
  const named = (n: number, origin: object) => ({
    ...nameless(`dut-${n}`, `dut-${n}`),
    optionalDeviceInformation: { serial: `OTHER-${n}`, harvestId: 'h', ...origin },
  });
  const ids = {
    agrees: sides.record(1, 'R-1'),
    missing: sides.record(2, 'R-2'),
    disabledThere: sides.record(3, 'R-3'),
    disabledHere: sides.record(4, 'R-4'),
    otherKey: sides.record(5, 'R-5'),
    deleted: sides.record(6, 'R-6'),
    stopped: sides.record(7, 'R-7'),
    missingDisabled: sides.record(9, 'R-9'),
  };
  await sides.put(nameless(ids.stopped, 'foreign'));
  disableEnrollment(core, 'R-4', act);
  disableEnrollment(core, 'R-9', act);
  await sides.drain();
  deleteDevice(core, 'R-6', { ...act, reason: 'scrap' });
  await sides.drain();
  const cancelled = sides.record(8, 'R-8');
  const entry = core.ledger.outbox.list({ state: 'queued', limit: 1 })[0]!;
  cancelEntries(core, [entry.entry_id], act);

  for (const id of [ids.missing, ids.missingDisabled, ids.otherKey, ids.stopped]) await sides.remove(id);
  await sides.change(ids.disabledThere, { provisioningStatus: 'disabled', initialTwin: { tags: { x: 1 } } });
  await sides.change(ids.disabledHere, { provisioningStatus: 'enabled' });
  await sides.put(nameless(ids.otherKey, 'another key'));
  await sides.put(sides.documentOf(ids.deleted), sides.documentOf(ids.stopped), sides.documentOf(cancelled));
  await sides.put(
    named(1, { stationId }),
    named(2, { stationId: 'station-elsewhere' }),
    nameless('dut-3', 'dut-3'),
    nameless('dut-4', 1),
  );
  const sending = sides.record(11, 'R-11');
  outboxStoreOf(core, core.dpsTarget!).take(1, Date.now());
  await sides.put(sides.documentOf(sending));
  const queued = sides.record(10, 'R-10');
  return { ...ids, cancelled, sending, queued };
}

describe('reconcile', () => {
  it('finds each kind of difference, and changes nothing', async () => {
    const ids = await everyDifference();
    const before = await sides.dps.state();
    const size = entriesOf(sides.core).length;
    const { report, found } = await sides.reconcile();
    assert.deepEqual(
      kindsOf(found),
      [
        `missing ${ids.missing}`,
        `missing ${ids.missingDisabled}`,
        `changed ${ids.disabledThere}`,
        `changed ${ids.disabledHere}`,
        `not-ours ${ids.otherKey}`,
        `not-acknowledged ${ids.stopped}`,
        `not-acknowledged ${ids.cancelled}`,
        `not-deleted ${ids.deleted}`,
        'not-in-ledger dut-1',
        'unknown-origin dut-3',
        'same-key dut-4',
      ].sort(),
    );
    const of = (id: string) => found.find(each => each.registrationId === id)!;
    assert.deepEqual(of(ids.disabledThere).members, ['provisioningStatus']);
    assert.equal(of(ids.otherKey).reason, 'other-endorsement-key');
    assert.equal(of(ids.missing).serial, 'R-2');
    assert.ok(of(ids.missing).asked && of(ids.disabledHere).asked && !of('dut-3').asked);
    const { complete, enrollments, devices, agree, underWay, otherStations, stations } = report;
    assert.deepEqual(
      { complete, enrollments, devices, agree, underWay, otherStations, stations },
      {
        complete: true,
        enrollments: 12,
        devices: 10,
        agree: 1,
        underWay: 1,
        otherStations: 1,
        stations: { 'station-elsewhere': 1 },
      },
    );
    assert.deepEqual((await sides.dps.state()).enrollments, before.enrollments);
    const written = entriesOf(sides.core).slice(size);
    assert.deepEqual(
      written.map(({ type, data }) => [type, data]),
      [['reconciliation', { dpsHost: report.dpsHost, enrollments: 12, devices: 10, found: report.findings }]],
    );
    assert.ok(!existsSync(notesFile()));
  });

  it('O1 O3 S1 puts right what it is told to, through the outbox, by a supervisor', async () => {
    const ids = await everyDifference();
    const kinds = ['missing', 'changed', 'not-acknowledged', 'not-deleted'] as const;
    await assert.rejects(
      sides.reconcile({ apply: { kinds, act: { who: owner, reason: 'x' } } }),
      (error: unknown) => error instanceof StationError && error.code === 'sign-in-needed',
    );
    const { report } = await sides.reconcile({ apply: { kinds, act: sides.act } });
    assert.deepEqual(report.applied, { missing: 2, changed: 2, 'not-acknowledged': 1, 'not-deleted': 1 });
    await sides.drain();
    const statusOf = async (id: string) => (await sides.service.get(id))?.provisioningStatus;
    assert.deepEqual(
      [
        await statusOf(ids.missing),
        await statusOf(ids.missingDisabled),
        await statusOf(ids.disabledThere),
        await statusOf(ids.disabledHere),
        await statusOf(ids.deleted),
      ],
      ['enabled', 'disabled', 'enabled', 'disabled', undefined],
    );
    assert.deepEqual(
      (await sides.service.get(ids.disabledThere))!.initialTwin,
      { tags: { x: 1 } },
      'what others set stays',
    );
    const again = await sides.reconcile();
    assert.deepEqual(again.report.findings, {
      'not-ours': 1,
      'not-acknowledged': 1,
      'not-in-ledger': 1,
      'same-key': 1,
      'unknown-origin': 1,
    });
    assert.equal((await sides.reconcile({ apply: { kinds, act: sides.act } })).report.applied?.missing, 0);
  });

  it('runs once at a time on a ledger', async () => {
    const notes = ReconciliationNotes.open(sides.core.directory.path)!;
    await assert.rejects(
      sides.reconcile(),
      (error: unknown) => error instanceof StationError && error.code === 'reconciliation-elsewhere',
    );
    notes.close();
    assert.equal((await sides.reconcile()).report.complete, true);
  });

  it('takes for the same what another harvest of the same device made', async () => {
    const id = sides.record(1, 'R-1');
    const origin = { serial: 'R-1', stationId: 'station-elsewhere', harvestId: 'an earlier one' };
    await sides.put({ ...sides.documentOf(id), optionalDeviceInformation: origin });
    await sides.drain();
    const { report } = await sides.reconcile();
    assert.deepEqual([report.findings, report.agree], [{}, 1]);
  });

  it('has no more to say where a person decided that what DPS has stays', async () => {
    const { core, act } = sides;
    const ids = [sides.record(1, 'R-1'), sides.record(2, 'R-2')];
    await sides.drain();
    for (const id of ids) await sides.remove(id);
    await sides.put(nameless(ids[0]!, 'another key'), nameless(ids[1]!, 2));
    assert.deepEqual((await sides.reconcile()).report.findings, { 'not-ours': 2 });
    for (const id of ids) deleteDevice(core, id, act);
    await sides.drain();
    assert.equal((await sides.reconcile()).report.waitForPerson, 2);
    for (const { entry_id: entryId } of core.ledger.outbox.inState('conflict', 2))
      resolveEntry(core, { entryId, decision: 'keep', reason: 'theirs' }, act.who);
    const { report } = await sides.reconcile();
    assert.deepEqual([report.findings, report.agree], [{}, 2]);
  });

  it('O8 says nothing of devices that are enrolled in another DPS', async () => {
    sides.record(1, 'R-1');
    await sides.drain();
    await using other = await anotherDps();
    using core = coreForTest({ folder: sides.core.folder, env: other.env });
    const { findings, devices, complete } = await reconcile(core, { account: 'os:test' });
    assert.deepEqual([findings, devices, complete], [{}, 1, true]);
  });

  it('S5 looks at no emulator from a production ledger', async () => {
    using core = coreForTest({ env: { ...sides.env, KEYLINE_REHEARSAL: '' } });
    const { complete, stopped } = await reconcile(core, { account: 'os:test' });
    assert.deepEqual([complete, stopped?.code], [false, 'emulator-refused']);
  });
});

describe('a reconciliation’s walk', () => {
  /** So many that there are three pages. */
  const fill = async () => {
    const documents = Array.from({ length: 2_010 }, (_, n) => nameless(`fill-${n}`, 'fill'));
    const parts = Array.from({ length: 6 }, (_, n) => documents.slice(n * 340, (n + 1) * 340));
    await Promise.all(parts.map(part => sides.put(...part)));
  };

  it('calls nothing missing or changed that became so, or otherwise, on the way', async () => {
    await fill();
    const stays = Array.from({ length: 12 }, (_, n) => sides.record(n, `W-${n}`));
    await sides.drain();
    const moved: string[] = [];
    const { error, found, counts } = await sides.walk(async page => {
      // Half of them are shown by then, whichever half: made anew they have other places in the ledger's story.
      moved.push(sides.record(`moved ${page}`, `M-${page}`));
      disableEnrollment(sides.core, `W-${page}`, sides.act);
      deleteDevice(sides.core, `W-${page + 5}`, sides.act);
      await sides.drain();
      sides.record(`queued ${page}`, `Q-${page}`);
    });
    assert.equal(error, undefined);
    assert.deepEqual(
      found.filter(({ kind }) => kind !== 'unknown-origin'),
      [],
    );
    assert.equal(counts.pages, 3);
    assert.equal(stays.length + moved.length, 15);
    await sides.remove(moved[0]!);
    assert.deepEqual(
      (await sides.walk(() => {})).found
        .filter(({ kind }) => kind !== 'unknown-origin')
        .map(({ kind }) => kind),
      ['missing'],
    );
  });

  it('asks again where the ledger changed while DPS answered', async () => {
    const id = sides.record(1, 'A-1');
    await sides.drain();
    await sides.change(id, { provisioningStatus: 'disabled' });
    let answers = 0;
    const { found, counts } = await sides.walk(() => {}, {
      afterGet: async () => {
        answers += 1;
        if (answers > 1) return;
        disableEnrollment(sides.core, id, sides.act);
        await sides.drain();
        deleteDevice(sides.core, id, sides.act);
        await sides.drain();
      },
    });
    assert.deepEqual([found, counts.asked, counts.agree], [[], 2, 1]);
  });

  it('O5 waits faults out, and where they stay calls nothing missing', async () => {
    await fill();
    const id = sides.record(1, 'F-1');
    await sides.drain();
    await sides.remove(id);
    const waited = await sides.walk(async page => {
      if (page === 1) await sides.dps.arm({ kind: 'garbage', operations: ['query'], requests: 1 });
      if (page === 2) await sides.dps.arm({ kind: 'server-error', operations: ['query'], requests: 3 });
      if (page === 3) await sides.dps.arm({ kind: 'throttled', operations: ['query', 'get'], requests: 2 });
      if (page === 3) await sides.dps.arm({ kind: 'reply-dropped', operations: ['query'], requests: 1 });
    });
    assert.deepEqual([waited.error, waited.counts.pages], [undefined, 3]);
    assert.ok(waited.found.some(({ kind }) => kind === 'missing'));
    const cut = await sides.walk(async page => {
      if (page === 2) await sides.dps.arm({ kind: 'server-error', operations: ['query'] });
    });
    assert.ok(cut.error instanceof DpsError && cut.error.code === 'server-error');
    assert.deepEqual([cut.counts.pages, cut.counts.enrollments, cut.counts.devices], [1, 1_000, 0]);
    assert.ok(!cut.found.some(({ kind }) => kind === 'missing'));
  });

  it('takes smaller pages where one is longer than an answer may be', async () => {
    const twin = { tags: { long: 'x'.repeat(5_000) } };
    await sides.put(
      ...Array.from({ length: 1_010 }, (_, n) => ({ ...nameless(`long-${n}`, 'long'), initialTwin: twin })),
    );
    const { error, counts } = await sides.walk(() => {});
    assert.deepEqual([error, counts.enrollments], [undefined, 1_010]);
    assert.equal(counts.pages, 11);
  });

  it('ends when it is told to, and says how far it was', async () => {
    await fill();
    sides.record(1, 'C-1');
    await sides.drain();
    const ending = new AbortController();
    const { error, counts } = await sides.walk(page => page === 3 && ending.abort(), ending);
    assert.equal((error as Error).name, 'AbortError');
    assert.deepEqual([counts.pages, counts.devices], [2, 0]);
    const ended = await sides.reconcile({ signal: AbortSignal.abort() });
    assert.deepEqual([ended.report.complete, ended.report.stopped?.code], [false, 'cancelled']);
    assert.ok(!entriesOf(sides.core).some(({ type }) => type === 'reconciliation'));
  });
});
