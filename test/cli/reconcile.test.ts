/** `keyline sync --reconcile` as its users have it, against the emulator as a process of its own. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmulatorProcess } from '../emulator/emulator-process.ts';
import { base64Key } from '../station/attempt/endorsement-keys.ts';
import { documentOf, keyline } from './run-keyline.ts';
import './cheap-pins.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'keyline-cli-reconcile-'));
const dataDir = path.join(folder, 'station');
const api = 'api-version=2021-10-01';

describe('keyline sync --reconcile', () => {
  let emulator: EmulatorProcess;
  let env: Record<string, string>;
  const run = (...args: string[]) => keyline(args, { dataDir, env });
  const reconcile = (started?: (child: ChildProcess) => void) =>
    keyline(['sync', '--reconcile', '--json'], { dataDir, env, ...(started ? { started } : {}) });
  const linesOf = ({ stdout }: { stdout: string }) =>
    stdout.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line)]));
  const summaryOf = (ended: { stdout: string }) => linesOf(ended).at(-1).summary;
  const arm = (fault: object) => emulator.call('POST', '/$emulator/faults', fault);
  /** Ends it in the midst of a page that never comes. */
  const endedBy = async (signal: 'SIGINT' | 'SIGKILL') => {
    await arm({ kind: 'hang', operations: ['query'] });
    const { requests } = await emulator.state('?limit=0');
    const ended = await reconcile(async child => {
      while ((await emulator.state('?limit=0')).requests === requests) await sleep(50);
      const itself = child.pid!;
      process.kill(itself, signal);
    });
    await emulator.call('DELETE', '/$emulator/faults');
    return ended;
  };

  before(async () => {
    emulator = await EmulatorProcess.start(folder);
    env = {
      KEYLINE_REHEARSAL: '1',
      KEYLINE_DPS_CONNECTION_STRING: emulator.announced.connectionString,
      KEYLINE_DPS_CA_FILE: emulator.announced.caFile,
    };
    const file = path.join(folder, 'devices.csv');
    const rows = Array.from({ length: 15 }, (_, n) => `SN-${n},${base64Key(n)}`);
    writeFileSync(file, `serial,endorsementKey\n${rows.join('\n')}\n`);
    await run('import', file);
    assert.equal((await run('sync', '--once')).code, 0);
  });
  after(async () => {
    await emulator.end('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  it('ends with 0 where both sides are the same, and says so', async () => {
    const ended = await run('sync', '--reconcile');
    assert.deepEqual([ended.code, ended.stderr], [0, '']);
    assert.match(ended.stdout, /enrollments in DPS\s+15\n.*?devices in service\s+15\n.*no differences/s);
    const { complete, findings, proposals } = summaryOf(await reconcile());
    assert.deepEqual({ complete, findings, proposals }, { complete: true, findings: {}, proposals: {} });
  });

  it('ends with 4 where they differ: a line for each finding, a summary with what to do', async () => {
    const { devices } = documentOf(await run('devices', 'find', 'SN-1', '--json')) as {
      devices: { registrationId: string; serial: string }[];
    };
    const gone = devices.slice(0, 3);
    for (const { registrationId } of gone)
      await emulator.call('DELETE', `/enrollments/${registrationId}?${api}`, undefined, { 'If-Match': '*' });
    const ended = await reconcile();
    assert.equal(ended.code, 4, ended.stderr);
    const lines = linesOf(ended);
    assert.deepEqual(
      lines
        .slice(0, -1)
        .map(({ finding }) => [finding.kind, finding.registrationId, finding.asked])
        .sort(),
      gone.map(({ registrationId }) => ['missing', registrationId, true]).sort(),
    );
    assert.deepEqual(lines.at(-1).summary.findings, { missing: 3 });
    assert.match(lines.at(-1).summary.proposals.missing.remedy, /--apply missing/);
    const text = (await run('sync', '--reconcile')).stdout;
    assert.match(text, /missing: 3\. The ledger has it as enrolled/);
    for (const { registrationId, serial } of gone)
      assert.match(text, new RegExp(`${registrationId}  ${serial} `));
    const refused = await run('sync', '--reconcile', '--apply', 'missing', '--json');
    assert.deepEqual([refused.code, documentOf(refused).code], [4, 'sign-in-needed']);
  });

  it('O1 S1 creates again what is missing, when a supervisor says so', async () => {
    const pin = { ...env, KEYLINE_PIN: '240817', KEYLINE_NEW_PIN: '240817' };
    const asMina = (...args: string[]) => keyline([...args, '--json'], { dataDir, env: pin });
    const made = await asMina('people', 'add', 'mina', '--name', 'Mina', '--role', 'supervisor');
    assert.equal(made.code, 0, made.stdout);
    const applied = await asMina('sync', '--reconcile', '--apply', 'missing,changed', '--as', 'mina');
    assert.deepEqual([applied.code, summaryOf(applied).applied], [4, { missing: 3, changed: 0 }]);
    assert.equal((await run('sync', '--once')).code, 0);
    assert.equal((await reconcile()).code, 0);
  });

  it('ends with 5 where DPS refuses, and calls nothing missing', async () => {
    await arm({ kind: 'unauthorized', operations: ['query'] });
    const ended = await reconcile();
    await emulator.call('DELETE', '/$emulator/faults');
    const { complete, findings, stopped } = summaryOf(ended);
    assert.deepEqual([ended.code, complete, findings, stopped.code], [5, false, {}, 'access-revoked']);
  });

  it('ends when it is told to and says how far it was; killed, it leaves nothing behind and stops nobody', async () => {
    const asked = await endedBy('SIGINT');
    const { complete, pages, stopped } = summaryOf(asked);
    assert.deepEqual([asked.code, complete, pages, stopped.code], [1, false, 0, 'cancelled']);
    const killed = await endedBy('SIGKILL');
    assert.deepEqual([killed.code, killed.stdout], [null, '']);
    assert.ok(!readdirSync(dataDir).some(name => name.startsWith('reconciliation.sqlite')));
    assert.equal(summaryOf(await reconcile()).complete, true);
  });

  it('takes its options together or not at all', async () => {
    for (const args of [
      ['--once', '--reconcile'],
      ['--apply', 'missing'],
      ['--reconcile', '--as', 'mina'],
      ['--reconcile', '--apply', 'unknown-origin'],
    ]) {
      const ended = await run('sync', ...args, '--json');
      assert.deepEqual([ended.code, documentOf(ended).code], [2, 'usage'], args.join(' '));
    }
  });
});
