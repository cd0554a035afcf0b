/** The act of changing the configuration: who, what is written, what is kept, and what the audit says. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { addPerson } from '../../../src/station/access/manage-people.ts';
import { signInWithPin } from '../../../src/station/access/sign-in.ts';
import { openCore, type StationCore } from '../../../src/station/open-core.ts';
import {
  type ConfigurationAct,
  ConfigurationRefused,
  changeConfiguration,
  planConfiguration,
} from '../../../src/station/settings/change-configuration.ts';
import { currentRevision, hashOf } from '../../../src/station/settings/configuration-file.ts';
import { mina } from '../access/people-fixture.ts';
import { refuseCommits } from '../refused-commit.ts';
import { entriesOf, temporaryFolder } from '../station-fixture.ts';

const owner = { proof: 'account', account: 'os:test' } as const;
const written = '{ "station": {"name": "S7"} }';

describe('changeConfiguration', () => {
  let folder: string;
  let core: StationCore;
  const file = () => readFileSync(path.join(folder, 'keyline.json'), 'utf8');
  const acts = () => entriesOf(core).filter(({ type }) => type === 'configuration');
  const change = (json: unknown, more: Partial<ConfigurationAct> = {}) =>
    changeConfiguration(core, { json, how: 'settings', who: owner, ...more });
  beforeEach(() => {
    folder = temporaryFolder();
    writeFileSync(path.join(folder, 'keyline.json'), written);
    core = openCore({ dataDirectory: folder, env: { KEYLINE_REHEARSAL: '1' } });
  });
  afterEach(() => {
    core.close();
    rmSync(folder, { recursive: true });
  });

  it('writes the canonical form, keeps both, and works with it at once', () => {
    const { from, to, changes } = change({ station: { line: 'L', name: 'S7' }, fixtures: [] });
    assert.equal(from, hashOf(written));
    assert.equal(to, hashOf(file()));
    assert.deepEqual(
      changes.map(({ path: place }) => place),
      ['station.line', 'fixtures'],
    );
    assert.match(file(), /^\{\n {2}"station": \{\n {4}"name": "S7",\n {4}"line": "L"\n/);
    assert.equal(core.configuration.station.line, 'L');
    for (const [hash, text] of [
      [from, written],
      [to, file()],
    ])
      assert.equal(readFileSync(path.join(folder, 'configurations', `${hash}.json`), 'utf8'), text);
  });

  it('A1 leaves both hashes and the names of the fields in the audit, and no value', () => {
    const { from, to } = change({
      station: { name: 'Secretville' },
      fixtures: [{ id: '1', bridge: 'cmd:hunter2' }],
    });
    const [entry, ...more] = acts();
    assert.deepEqual(entry!.data, { how: 'settings', from, to, fields: ['station.name', 'fixtures["1"]'] });
    assert.deepEqual(more, []);
    assert.ok(!JSON.stringify(entry).match(/hunter2|Secretville/));
    assert.deepEqual(
      acts().map(({ personId }) => personId),
      [entry!.personId],
    );
  });

  it('writes nothing where anything is wrong, and says all that is', () => {
    assert.throws(
      () => change({ station: { nmae: 'x' }, dps: { bulkCost: 2 } }),
      (error: unknown) => error instanceof ConfigurationRefused && error.faults.length === 2,
    );
    assert.throws(() => change({ dps: { host: 'https://x' } }), { code: 'configuration-refused' });
    assert.equal(file(), written);
    assert.deepEqual(acts(), []);
    assert.ok(!existsSync(path.join(folder, 'configurations')));
  });

  it('does nothing where nothing changes, however it is written', () => {
    assert.deepEqual(change({ station: { name: 'S7' } }).changes, []);
    assert.equal(file(), written);
    assert.deepEqual(acts(), []);
  });

  it('refuses where the file is another one than was looked at, and loses neither', () => {
    const { from } = planConfiguration(core, {});
    writeFileSync(path.join(folder, 'keyline.json'), '{"station":{"name":"by hand"}}');
    assert.throws(() => change({ station: { name: 'mine' } }, { from }), { code: 'configuration-changed' });
    assert.match(file(), /by hand/);
    change({ station: { name: 'mine' } }, { from: planConfiguration(core, {}).from });
    assert.match(file(), /mine/);
    const kept = readdirSync(path.join(folder, 'configurations'));
    assert.equal(kept.length, 3, 'what was there by hand, what is there now, and which that is');
  });

  it('A1 leaves file and revision as they were where the log does not take the entry', () => {
    const current = () => currentRevision(core.directory);
    const refused = () => {
      const before = existsSync(path.join(folder, 'keyline.json')) ? file() : undefined;
      const revision = current();
      const takeAgain = refuseCommits(core.ledger.path);
      assert.throws(() => change({ station: { name: 'lost' } }), { name: 'LedgerError' });
      takeAgain();
      assert.equal(existsSync(path.join(folder, 'keyline.json')) ? file() : undefined, before);
      assert.equal(current(), revision);
      assert.ok(!core.takeConfiguration());
    };
    refused();
    const { to } = change({ station: { name: 'S8' } });
    refused();
    assert.equal(current(), to);
    rmSync(path.join(folder, 'keyline.json'));
    refused();
    assert.equal(acts().length, 1);
  });

  it('S1 is the owner’s before there is a supervisor, then a supervisor’s and an engineer’s with their PIN', async () => {
    const name = (text: string) => ({ station: { name: text } });
    assert.throws(() => change(name('a'), { who: { proof: 'account', account: 'kiosk' } }), {
      code: 'sign-in-needed',
    });
    const supervisor = await mina(core);
    assert.throws(() => change(name('b')), { code: 'sign-in-needed' });
    change(name('c'), { who: supervisor });
    const ends = [];
    for (const role of ['operator', 'engineer', 'auditor'] as const) {
      await addPerson(core, { id: role, name: role, role, pin: '864209' }, supervisor);
      const who = await signInWithPin(core, { id: role }, '864209');
      try {
        ends.push(change(name(role), { who }).changes.length);
      } catch (error) {
        ends.push((error as { code: string }).code);
      }
    }
    assert.deepEqual(ends, ['role-missing', 1, 'role-missing']);
    assert.equal(core.configuration.station.name, 'engineer');
  });

  it('reaches another process, which takes nothing that was only written by hand', () => {
    const other = openCore({ dataDirectory: folder, env: {} });
    try {
      change({ station: { name: 'S8' } });
      assert.equal(other.configuration.station.name, 'S7');
      assert.ok(other.takeConfiguration());
      assert.equal(other.configuration.station.name, 'S8');
      writeFileSync(path.join(folder, 'keyline.json'), '{"station":{"name":"by hand"}}');
      assert.ok(!other.takeConfiguration());
      assert.equal(other.configuration.station.name, 'S8');
    } finally {
      other.close();
    }
  });
});
