import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { generateStationKey } from '../../../src/audit/station-key.ts';
import { openCore } from '../../../src/station/open-core.ts';
import { coreForTest, entriesOf, temporaryFolder } from '../station-fixture.ts';

const open = (folder: string, env: Record<string, string> = {}) => openCore({ dataDirectory: folder, env });
const keyFile = (folder: string) => path.join(folder, 'secrets', 'station-key');

describe('the identity of a station', () => {
  it('A1 is made at first start, begins the log with it, and stays', () => {
    using core = coreForTest();
    const [first] = entriesOf(core);
    assert.equal(first!.type, 'log-started');
    assert.equal(first!.data.verifierKey, core.identity.verifierKey);
    const again = open(core.folder);
    assert.equal(again.identity.origin, core.identity.origin);
    assert.equal(again.identity.verifierKey, core.identity.verifierKey);
    assert.equal(again.ledger.audit.size(), 1);
    again.close();
  });

  it('A1 is one also where two processes start for the first time at once', async () => {
    const folder = temporaryFolder();
    const program = `
      import { openCore } from ${JSON.stringify(new URL('../../../src/station/open-core.ts', import.meta.url).href)};
      const core = openCore({ dataDirectory: ${JSON.stringify(folder)}, env: {} });
      console.log(core.identity.verifierKey);
      core.close();`;
    const run = () =>
      new Promise<string>(resolve => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        let text = '';
        child.stdout.on('data', chunk => {
          text += chunk;
        });
        child.once('close', () => resolve(text.trim()));
      });
    const keys = await Promise.all(Array.from({ length: 4 }, run));
    assert.equal(new Set(keys).size, 1, keys.join('\n'));
    assert.notEqual(keys[0], '');
    const core = open(folder);
    assert.equal(core.ledger.audit.size(), 1);
    core.close();
    rmSync(folder, { recursive: true });
  });

  it('S2 keeps the key in a file of its owner and nowhere else', () => {
    using core = coreForTest();
    assert.equal(statSync(keyFile(core.folder)).mode & 0o777, 0o600);
    assert.equal(statSync(path.dirname(keyFile(core.folder))).mode & 0o777, 0o700);
    const secret = readFileSync(keyFile(core.folder), 'utf8').trim();
    for (const name of readdirSync(core.folder).filter(name => name.startsWith('ledger')))
      assert.ok(!readFileSync(path.join(core.folder, name)).includes(secret), name);
    assert.deepEqual(core.secrets.exposed(['station-key']), []);
    chmodSync(keyFile(core.folder), 0o644);
    assert.deepEqual(core.secrets.exposed(['station-key']), ['station-key']);
  });

  it('S4 stops where the key is gone or is another one, and goes on when it is back', () => {
    using core = coreForTest();
    const secret = readFileSync(keyFile(core.folder), 'utf8');
    rmSync(keyFile(core.folder));
    assert.throws(() => open(core.folder), { code: 'station-key-missing' });
    writeFileSync(keyFile(core.folder), generateStationKey());
    assert.throws(() => open(core.folder), { code: 'station-key-foreign' });
    writeFileSync(keyFile(core.folder), 'garbage');
    assert.throws(() => open(core.folder), { code: 'station-key-foreign' });
    writeFileSync(keyFile(core.folder), secret);
    open(core.folder).close();
  });

  it('S4 stops where the ledger is gone and the key is still there', () => {
    const folder = temporaryFolder();
    open(folder).close();
    rmSync(path.join(folder, 'ledger.sqlite'));
    assert.throws(() => open(folder), { code: 'ledger-missing' });
    rmSync(folder, { recursive: true });
  });

  it('S5 makes a ledger production or rehearsal once and for ever', () => {
    const folder = temporaryFolder();
    open(folder).close();
    const later = open(folder, { KEYLINE_REHEARSAL: '1' });
    assert.equal(later.rehearsal, false);
    assert.equal(later.notices.length, 1);
    later.close();
    rmSync(folder, { recursive: true });
    using rehearsal = coreForTest();
    const without = open(rehearsal.folder);
    assert.equal(without.rehearsal, true);
    without.close();
  });
});
