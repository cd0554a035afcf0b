/** The trust store of a plant from the command line, with EK certificates that swtpm's own CA issued. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeSwtpmState } from '../../scripts/virtual-dut/make-swtpm-state.ts';
import { type Swtpm, startSwtpm } from '../../scripts/virtual-dut/start-swtpm.ts';
import { missing } from '../parts.ts';
import { documentOf, keyline } from './run-keyline.ts';

describe('a station with a trust store', { skip: missing('swtpm', 'swtpm-tools') }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-cli-trust-'));
  const dataDir = path.join(folder, 'station');
  const trust = path.join(dataDir, 'trust');
  const env = { KEYLINE_REHEARSAL: '1' };
  const duts: Record<string, Swtpm> = {};
  const run = (...args: string[]) => keyline(args, { dataDir, env });
  const harvest = (dut: string, ...args: string[]) =>
    run('harvest', '--bridge', duts[dut]!.bridge, '--serial', `SN-${dut}`, ...args);

  before(async () => {
    mkdirSync(trust, { recursive: true });
    const products = [{ name: 'default' }, { name: 'strict', certificate: 'require' }];
    writeFileSync(path.join(dataDir, 'keyline.json'), JSON.stringify({ products }));
    for (const [name, ca] of [
      ['ours', 'ca'],
      ['stranger', 'other-ca'],
      ['bare', undefined],
    ] as const) {
      const stateDir = path.join(folder, name);
      const caDir = ca && path.join(folder, ca);
      await makeSwtpmState(stateDir, { ek: 'persisted', ...(caDir ? { caDir } : {}) });
      duts[name] = await startSwtpm({ stateDir });
    }
  });
  after(async () => {
    await Promise.all(Object.values(duts).map(dut => dut.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  it('H8 leaves certificates unchecked while it is empty, and doctor says what to do', async () => {
    const first = documentOf(await harvest('ours', '--json'));
    assert.deepEqual(
      [first.verdict, (first.certificate as { status: string }).status],
      ['passed', 'unchecked'],
    );
    const { stdout } = await run('doctor');
    assert.match(stdout, /note +trust store +0 anchors, 0 intermediates\n.*Put the CA certificates/);
    assert.equal(documentOf(await run('status', '--json')).certificateDebt, 1);
  });

  it('H8 verifies by its anchor once the CA is there, and the retest settles the debt', async () => {
    copyFileSync(path.join(folder, 'ca', 'issuercert.pem'), path.join(trust, 'issuer.pem'));
    copyFileSync(path.join(folder, 'ca', 'swtpm-localca-rootca-cert.pem'), path.join(trust, 'root.pem'));
    const { code, stdout } = await harvest('ours');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /certificate +verified \(anchor CN=swtpm-localca-rootca\)/);
    assert.match(stdout, /certified TPM +IBM swtpm/);
    assert.doesNotMatch(stdout, /certificate-/);
    const status = documentOf(await run('status', '--json'));
    assert.equal(status.certificateDebt, 0);
    assert.deepEqual(status.trust, { anchors: 1, intermediates: 1, setAside: 0 });
    assert.match(
      (await run('doctor')).stdout,
      /ok +trust store +1 anchors, 1 intermediates; CN=swtpm-localca-rootca/,
    );
  });

  it('H8 refuses with 4 what a strict product requires, and records nothing to enrol', async () => {
    const stranger = await harvest('stranger', '--json', '--product', 'strict');
    const refused = documentOf(stranger);
    assert.deepEqual([stranger.code, refused.code], [4, 'certificate-untrusted']);
    assert.match(String(refused.detail), /^signature: /);
    const bare = await harvest('bare', '--json', '--product', 'strict');
    assert.deepEqual([bare.code, documentOf(bare).code], [4, 'certificate-missing']);
    assert.equal(documentOf(await run('status', '--json')).devices, 1);
  });

  it('H8 passes the same with a warning otherwise, and lists them as certificate debt', async () => {
    const stranger = documentOf(await harvest('stranger', '--json'));
    assert.deepEqual([stranger.verdict, stranger.code], ['passed', 'passed']);
    assert.ok((stranger.warnings as string[]).includes('certificate-untrusted'));
    assert.ok(
      (documentOf(await harvest('bare', '--json')).warnings as string[]).includes('certificate-absent'),
    );
    const listed = documentOf(await run('queue', 'list', '--debt', '--json')).debts as Record<
      string,
      string
    >[];
    assert.deepEqual(
      listed.map(({ serial, certificate }) => [serial, certificate]),
      [
        ['SN-stranger', 'untrusted'],
        ['SN-bare', 'absent'],
      ],
    );
    assert.match((await run('queue', 'list', '--debt')).stdout, /SN-stranger +default +untrusted/);
    assert.match((await run('status')).stdout, /in certificate debt +2/);
  });

  it('H8 trust fetch and trust judge settle off the DUT what the store explains now; 2 where there is none', async () => {
    const nothing = path.join(folder, 'nothing-trusted');
    const refused = await keyline(['trust', 'fetch', '--json'], { dataDir: nothing, env });
    assert.deepEqual([refused.code, documentOf(refused).code], [2, 'trust-store-empty']);
    copyFileSync(path.join(folder, 'other-ca', 'issuercert.pem'), path.join(trust, 'other-issuer.pem'));
    copyFileSync(
      path.join(folder, 'other-ca', 'swtpm-localca-rootca-cert.pem'),
      path.join(trust, 'other-root.pem'),
    );
    const fetched = await run('trust', 'fetch', '--json');
    assert.deepEqual(
      [fetched.code, documentOf(fetched)],
      [0, { fetched: [], faults: [], notDue: 0, unlisted: [], settled: 1, revoked: [] }],
    );
    assert.match((await run('trust', 'judge')).stdout, /debt settled +0\n *newly revoked +0/);
    const { stdout } = await run('audit', 'verify', path.join(dataDir, 'ledger.sqlite'));
    assert.match(stdout, /INTACT/i);
  });

  it('doctor names each file that it cannot use', async () => {
    writeFileSync(path.join(trust, 'notes.txt'), 'from the maker');
    assert.match(
      (await run('doctor')).stdout,
      /note +trust store .*cannot use notes\.txt: neither PEM nor DER/,
    );
  });

  it('stops with 2 where the configuration names a folder that is not there', async () => {
    const other = path.join(folder, 'misconfigured');
    mkdirSync(other);
    writeFileSync(path.join(other, 'keyline.json'), JSON.stringify({ trustStore: 'gone' }));
    const ended = await keyline(['status', '--json'], { dataDir: other, env });
    assert.deepEqual([ended.code, documentOf(ended).code], [2, 'trust-store-missing']);
  });
});
