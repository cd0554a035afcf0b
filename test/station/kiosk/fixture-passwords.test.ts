/** A TPM's password at the kiosk: given at a fixture by a supervisor, kept until the window locks, shown nowhere. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { KioskWindow } from '../../../src/station/kiosk/kiosk-station.ts';
import { openStation, type Station } from '../../../src/station/open-station.ts';
import type { FixtureView, LiveEvent } from '../../../src/station/views.ts';
import { tpm2 } from '../../harvest/tpm2-tools.ts';
import { DutShelf } from '../../harvest/virtual-dut.ts';
import { missing } from '../../parts.ts';
import { entriesOf } from '../station-fixture.ts';

const password = 'Xq-secret-77';
const minaPin = '240817';
const mina = { id: 'mina', name: 'Kim Mina', pin: minaPin } as const;
const park = { id: 'park', name: 'Park', role: 'operator', badge: 'B-0002' } as const;

describe('a TPM’s password at the kiosk', { skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools') }, () => {
  const shelf = new DutShelf();
  let folder: string;
  let station: Station;
  let window: KioskWindow;
  const events: LiveEvent[] = [];

  before(async () => {
    let dut = await shelf.take('certified');
    await tpm2(dut.bridge, 'changeauth', '-c', 'e', password);
    dut = await dut.powerCycle();
    folder = await mkdtemp(path.join(tmpdir(), 'keyline-fixture-password-'));
    const fixtures = [{ id: 'left', bridge: dut.bridge }];
    await writeFile(path.join(folder, 'keyline.json'), JSON.stringify({ fixtures }));
    station = await openStation({ dataDirectory: folder, env: { KEYLINE_REHEARSAL: '1' } });
    window = station.kiosk.openWindow({ own: true });
    window.subscribe(event => events.push(event));
    assert.ok((await window.addFirstSupervisor(mina)).ok);
    assert.ok((await window.people.add(park)).ok);
  });
  after(async () => {
    await station?.close();
    await shelf.clear();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const fixture = (): FixtureView => window.view().fixtures[0]!;
  /** Does it, and gives the fixture as it is decided afterwards. */
  async function decidedAfter(act: () => unknown): Promise<FixtureView> {
    const decided = new Promise<FixtureView>(resolve => {
      let runs = false;
      const leave = window.subscribe(event => {
        if (event.kind !== 'fixture') return;
        runs ||= event.fixture.state === 'running';
        if (!runs || event.fixture.state !== 'decided') return;
        leave();
        resolve(event.fixture);
      });
    });
    await act();
    return decided;
  }
  const testNow = () =>
    decidedAfter(async () => {
      await window.scan({ text: 'SN-1', fixture: 'left' });
      assert.deepEqual(await window.start({ fixture: 'left' }), { ok: true, started: 1 });
    });
  const give = (text: string, by?: { readonly id: string; readonly pin: string }) =>
    window.passwords.give({ fixture: 'left', password: text, ...(by && { by }) });
  const codeOf = ({ verdict, hasPassword }: FixtureView) => [verdict?.code, hasPassword];

  it('S1 is a supervisor’s to give, with a PIN, at a fixture that is there', async () => {
    assert.deepEqual(codeOf(await testNow()), ['hierarchy-password', undefined]);
    assert.ok((await window.signIn({ badge: park.badge })).ok);
    assert.deepEqual(await give(password), { ok: false, code: 'role-missing' });
    const other = { fixture: 'right', password, by: { id: 'mina', pin: minaPin } };
    assert.deepEqual(await window.passwords.give(other), { ok: false, code: 'unknown-fixture' });
    const wrong = await give(password, { id: 'mina', pin: '240818' });
    assert.deepEqual(wrong, { ok: false, code: 'sign-in-refused' });
    const none = await give('x'.repeat(65), { id: 'mina', pin: minaPin });
    assert.deepEqual(none, { ok: false, code: 'hierarchy-password-invalid' });
    assert.deepEqual(codeOf(fixture()), ['hierarchy-password', undefined]);
  });

  it('a refused one is forgotten at once, and the unit waits for another', async () => {
    const refused = await decidedAfter(async () =>
      assert.deepEqual(await give('wrong', { id: 'mina', pin: minaPin }), { ok: true, started: true }),
    );
    assert.deepEqual(codeOf(refused), ['hierarchy-password-refused', undefined]);
    assert.deepEqual(codeOf(await testNow()), ['hierarchy-password', undefined]);
  });

  it('the right one tests the unit again, and stays at hand until the window locks', async () => {
    const passed = await decidedAfter(() => give(password, { id: 'mina', pin: minaPin }));
    assert.deepEqual(codeOf(passed), ['passed', true]);
    assert.deepEqual(codeOf(await testNow()), ['retest', true]);
    assert.deepEqual(await window.passwords.forget({ fixture: 'left' }), { ok: true });
    assert.deepEqual(codeOf(await testNow()), ['hierarchy-password', undefined]);
    assert.deepEqual(codeOf(await decidedAfter(() => give(password, { id: 'mina', pin: minaPin }))), [
      'retest',
      true,
    ]);
    window.lock();
    assert.equal(fixture().hasPassword, undefined);
    assert.deepEqual(await give(password, { id: 'mina', pin: minaPin }), {
      ok: false,
      code: 'sign-in-needed',
    });
    assert.ok((await window.signIn({ id: 'mina', pin: minaPin })).ok);
    assert.deepEqual(codeOf(await testNow()), ['hierarchy-password', undefined]);
    assert.deepEqual(codeOf(await decidedAfter(() => give(password))), ['retest', true]);
    assert.ok((await window.signIn({ badge: park.badge })).ok);
    assert.equal(fixture().hasPassword, undefined, 'nor does it outlive the person before');
  });

  it('S2 A1 is in no event, no view and no file; the audit has who gave it', async () => {
    const people = new Map(entriesOf(station.core).map(({ data }) => [data.role, data.subjectId]));
    const uses = entriesOf(station.core).flatMap(({ type, personId, data }) =>
      type === 'harvest' && data.hierarchyPassword ? [[personId, data.hierarchyPassword]] : [],
    );
    const [operator, supervisor] = [people.get('operator'), people.get('supervisor')];
    const taken = { use: 'taken', personId: supervisor };
    assert.deepEqual(uses, [
      [operator, { use: 'refused', personId: supervisor }],
      [operator, taken],
      [operator, taken],
      [operator, taken],
      [supervisor, taken],
    ]);
    let everything = JSON.stringify([events, window.view()]);
    for (const name of await readdir(folder, { recursive: true, withFileTypes: true }))
      if (name.isFile()) everything += await readFile(path.join(name.parentPath, name.name), 'latin1');
    assert.ok(!everything.includes(password));
  });
});
