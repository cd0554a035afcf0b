/** The Batch screen's desk on a real ledger: the file in pieces, the dry run, the import and its report, all by a thread. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Actor } from '../../../src/station/access/authorize.ts';
import { StationBatch } from '../../../src/station/batch-import/batch-desk.ts';
import type { BatchAnswer, BatchDesk, BatchView } from '../../../src/station/batch-import/batch-view.ts';
import { base64Key } from '../attempt/endorsement-keys.ts';
import { coreForTest, entriesOf, type TestCore } from '../station-fixture.ts';

describe('StationBatch', () => {
  let core: TestCore;
  let batch: StationBatch;
  let desk: BatchDesk;
  let actor: Actor = { proof: 'account', account: 'kiosk' };
  before(() => {
    core = coreForTest({ configuration: { products: [{ name: 'gateway' }, { name: 'sensor' }] } });
    batch = new StationBatch(core);
    desk = batch.desk({ account: () => 'kiosk', actor: async () => actor });
  });
  after(async () => {
    await batch.close();
    core[Symbol.dispose]();
  });

  const done = (answer: BatchAnswer): BatchView => {
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.batch;
  };
  async function send(name: string, text: string, piece = 3_000): Promise<BatchView> {
    const bytes = Buffer.from(text);
    let last: BatchView | undefined;
    for (let at = 0; at < bytes.length; at += piece)
      last = done(
        await desk.send({
          name,
          size: bytes.length,
          at,
          data: bytes.subarray(at, at + piece).toString('base64'),
        }),
      );
    return last!;
  }
  async function run(dryRun: boolean): Promise<BatchView> {
    done(await desk.run({ dryRun }));
    while (desk.read().state.endsWith('ing')) await turn();
    return desk.read();
  }

  it('takes a file in pieces, looks, judges without a trace, imports, and says what became of each row', async () => {
    const rows = Array.from({ length: 60 }, (_, n) => `SN-${n};${base64Key(n)}`);
    const read = await send(
      'list (2).csv',
      `No;Blob\r\n${rows.join('\r\n')}\r\nSN-0;${base64Key(0)}\r\nSN-X;no key!\r\n`,
    );
    assert.equal(read.state, 'read');
    assert.match(read.fault ?? '', /^list \(2\)\.csv has no column "endorsementKey"/);
    assert.deepEqual([read.file?.delimiter, read.file?.columns], [';', ['No', 'Blob']]);

    const mapped = done(
      await desk.set({ mapping: { serial: 'No', ek: 'Blob' }, product: 'sensor', workOrder: 'WO-1' }),
    );
    assert.equal(mapped.fault, undefined);
    assert.deepEqual([mapped.sample?.length, mapped.sample?.[0]?.serial], [8, 'SN-0']);

    const size = core.ledger.audit.size();
    const checked = await run(true);
    const expected = { imported: 60, duplicate: 1, known: 0, refused: 0, bad: 1 };
    assert.deepEqual([checked.state, checked.counts], ['checked', expected]);
    assert.equal(core.ledger.audit.size(), size);

    const imported = await run(false);
    assert.deepEqual([imported.state, imported.counts, imported.stopped], ['imported', expected, false]);
    assert.equal(core.ledger.counts.devices(), 60);
    const device = core.ledger.devices.bySerial('SN-59', 'sensor')!;
    assert.deepEqual([device.origin, device.work_order], ['imported', 'WO-1']);
    assert.equal(entriesOf(core).at(-1)!.type, 'import');

    const bad = await desk.rows({ verdict: 'bad', limit: 10 });
    assert.deepEqual(
      bad.map(({ row, code }) => [row, code]),
      [[63, 'ek-not-base64']],
    );
    const some = await desk.rows({ limit: 50 });
    const rest = await desk.rows({ limit: 50, after: some.at(-1)!.number });
    assert.deepEqual([some.length, rest.length, rest.at(-1)?.row], [50, 12, 63]);

    const { report } = done(await desk.save());
    assert.match(path.basename(report!), /^import-.*-list-2-csv\.csv$/);
    const lines = readFileSync(report!, 'utf8').trimEnd().split('\r\n');
    assert.equal(lines.length, 63);
    assert.match(lines.at(-1)!, /^63,bad,ek-not-base64,SN-X,/);
    assert.equal(done(await desk.discard()).state, 'empty');
    assert.equal(existsSync(path.join(core.directory.path, 'import-upload')), false);
  });

  it('S1 lets nobody import whose role does not include it, and takes no piece out of its place', async () => {
    await send('list.csv', `serial,endorsementKey\nSN-900,${base64Key(900)}\n`);
    const person = (id: string, role: 'operator' | 'supervisor' | 'engineer') =>
      core.ledger.persons.enter({
        person_id: id,
        account: `person:${id}`,
        created_at: 0,
        name: id,
        role,
        badge_digest: null,
        pin_hash: 'none',
      });
    person('su', 'supervisor');
    person('en', 'engineer');
    person('op', 'operator');
    for (const [who, code] of [
      [{ proof: 'account', account: 'kiosk' }, 'sign-in-needed'],
      [{ proof: 'pin', personId: 'op' }, 'role-missing'],
      [{ proof: 'badge', personId: 'en' }, 'pin-needed'],
    ] as const) {
      actor = who;
      const answers = [
        await desk.run({ dryRun: false }),
        await desk.discard(),
        await desk.send({ name: 'a', size: 3, at: 0, data: 'YWFh' }),
      ];
      assert.deepEqual(answers, [
        { ok: false, code },
        { ok: false, code },
        { ok: false, code },
      ]);
    }
    actor = { proof: 'pin', personId: 'en' };
    assert.equal((await run(false)).counts?.imported, 1);
    assert.equal(entriesOf(core).at(-1)!.personId, 'en');

    const piece = { name: 'b', size: 6, at: 0, data: 'YWFh' } as const;
    done(await desk.send(piece));
    for (const [wrong, code] of [
      [{ ...piece, at: 2 }, 'batch-busy'],
      [{ ...piece, at: 3, name: 'other' }, 'batch-busy'],
      [{ ...piece, at: 3, data: 'YWFhYWFh' }, 'batch-too-large'],
      [{ ...piece, size: 2 ** 40 }, 'batch-too-large'],
    ] as const)
      assert.deepEqual(await desk.send(wrong), { ok: false, code });
    assert.deepEqual(await desk.run({ dryRun: true }), { ok: false, code: 'batch-empty' });
    assert.match(done(await desk.send({ ...piece, at: 3 })).fault ?? '', /^b has no column/);
  });

  it('stops where it is told to, and goes on behind it when it is run again', async () => {
    const rows = Array.from({ length: 1_500 }, (_, n) => `T-${n},${base64Key(`t${n}`)}`);
    await send('many.csv', `serial,endorsementKey\n${rows.join('\n')}\n`, 30_000);
    const before = core.ledger.counts.devices();
    done(await desk.run({ dryRun: false }));
    while ((desk.read().counts?.imported ?? 0) === 0) await turn();
    assert.deepEqual(await desk.discard(), { ok: false, code: 'batch-busy' });
    done(await desk.stop());
    while (desk.read().state === 'importing') await turn();
    const { counts, stopped } = desk.read();
    assert.equal(core.ledger.counts.devices() - before, counts?.imported);
    assert.ok(stopped && counts!.imported < rows.length, JSON.stringify(counts));
    const again = (await run(false)).counts!;
    assert.deepEqual([again.known, again.imported], [counts!.imported, rows.length - counts!.imported]);
  });
});
