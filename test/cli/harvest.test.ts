/** `harvest` and `tpm info` against a real swtpm, beside tpm2-tools on the same TPM. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeSwtpmState } from '../../scripts/virtual-dut/make-swtpm-state.ts';
import { type Swtpm, startSwtpm } from '../../scripts/virtual-dut/start-swtpm.ts';
import { missing } from '../parts.ts';
import { documentOf, keyline } from './run-keyline.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'keyline-cli-harvest-'));
const dataDir = path.join(folder, 'rehearsal');
const env = { KEYLINE_REHEARSAL: '1' };
const harvest = (args: readonly string[], directory = dataDir) =>
  keyline(['harvest', '--json', ...args], { dataDir: directory, env });

async function makeDut(name: string): Promise<Swtpm> {
  const stateDir = path.join(folder, name);
  mkdirSync(stateDir);
  await makeSwtpmState(stateDir, { ek: 'persisted', caDir: path.join(folder, 'ca') });
  return startSwtpm({ stateDir });
}

describe('keyline harvest', { skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools') }, () => {
  let dut: Swtpm;
  const tpm2 = (command: string, ...args: string[]) => execFileSync(command, [...args, '-T', dut.bridge]);
  const handles = () =>
    ['handles-persistent', 'handles-nv-index', 'handles-transient', 'handles-loaded-session'].map(kind =>
      tpm2('tpm2_getcap', kind).toString(),
    );

  before(async () => {
    dut = await makeDut('dut');
  });
  after(async () => {
    await dut.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('H1 H2 gives the EK and certificate that tpm2-tools read, and leaves every handle as it was', async () => {
    const before = handles();
    const ended = await harvest(['--bridge', dut.bridge, '--serial', 'SN-1']);
    assert.equal(ended.code, 0, ended.stderr);
    const result = documentOf(ended);
    assert.deepEqual(handles(), before);
    const publicFile = path.join(folder, 'ek.pub');
    tpm2('tpm2_readpublic', '-Q', '-c', '0x81010001', '-o', publicFile);
    const { readFileSync } = await import('node:fs');
    assert.equal(result.endorsementKey, readFileSync(publicFile).toString('base64'));
    const certificate = result.certificate as { status: string; der: string };
    assert.equal(certificate.status, 'unchecked');
    assert.equal(certificate.der, tpm2('tpm2_nvread', '0x1c00002', '-C', 'o').toString('base64'));
    assert.deepEqual(
      [result.verdict, result.serial, result.ekTemplate, result.possession, result.rehearsal],
      ['passed', 'SN-1', 'L-1', 'proved', true],
    );
  });

  it('H6 takes the same device again as a retest, and refuses its TPM under another serial with 4', async () => {
    const again = await harvest(['--bridge', dut.bridge, '--serial', 'SN-1']);
    assert.deepEqual([again.code, documentOf(again).verdict], [0, 'retest']);
    const other = await harvest(['--bridge', dut.bridge, '--serial', 'SN-2']);
    assert.deepEqual([other.code, documentOf(other).code], [4, 'clone']);
  });

  it('takes bridge, deadlines and name of a configured fixture', async () => {
    const directory = path.join(folder, 'configured');
    mkdirSync(directory);
    const fixtures = [
      { id: 'left', bridge: dut.bridge },
      { id: 'mute', bridge: `swtpm:host=127.0.0.1,port=${await muteServer()}`, commandSeconds: 0.3 },
    ];
    writeFileSync(path.join(directory, 'keyline.json'), JSON.stringify({ fixtures }));
    const passed = await harvest(['--fixture', 'left', '--serial', 'SN-1'], directory);
    assert.deepEqual([passed.code, documentOf(passed).code], [0, 'passed'], passed.stdout + passed.stderr);
    const slow = documentOf(await harvest(['--fixture', 'mute', '--serial', 'SN-2'], directory));
    assert.deepEqual([slow.code, (slow.durationMs as number) < 4_000], ['bridge-timeout', true]);
    for (const args of [
      ['--fixture', 'right'],
      ['--fixture', 'left', '--bridge', dut.bridge],
    ]) {
      const refused = await harvest([...args, '--serial', 'SN-3'], directory);
      assert.deepEqual([refused.code, documentOf(refused).code], [2, 'usage']);
    }
  });

  async function muteServer(): Promise<number> {
    const server = createServer(socket => void socket.on('error', () => {}));
    after(() => server.close());
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  it('S5 refuses swtpm in a production ledger with 4', async () => {
    const production = path.join(folder, 'production');
    const ended = await keyline(['harvest', '--json', '--bridge', dut.bridge, '--serial', 'SN-1'], {
      dataDir: production,
    });
    assert.deepEqual([ended.code, documentOf(ended).code], [4, 'simulator-refused']);
    const later = await harvest(['--bridge', dut.bridge, '--serial', 'SN-1'], production);
    assert.deepEqual([later.code, documentOf(later).code], [4, 'simulator-refused']);
    assert.match(later.stderr, /production one and stays so/);
  });

  it('H4 records every one of these attempts', async () => {
    const { attempts, devices } = documentOf(await keyline(['status', '--json'], { dataDir }));
    assert.deepEqual([attempts, devices], [3, 1]);
  });

  it('tells of a TPM without recording anything', async () => {
    const ended = await keyline(['tpm', 'info', '--json', '--bridge', dut.bridge], {
      dataDir: path.join(folder, 'untouched'),
    });
    assert.equal(ended.code, 0, ended.stderr);
    const report = documentOf(ended);
    assert.deepEqual(report.dps, { fit: true, reasons: [] });
    const limpet = await keyline(['tpm', 'info', '--format', 'limpet', '--bridge', dut.bridge], { dataDir });
    assert.match(limpet.stdout, /^<\?xml version="1.0" encoding="utf-8"\?>\n<TpmInfo>/);
  });

  describe('against what is no TPM', () => {
    const servers: Server[] = [];
    const sockets = new Set<Socket>();
    const serve = async (answer: (socket: Socket) => void): Promise<string> => {
      const server = createServer(socket => {
        sockets.add(socket);
        socket.on('error', () => {});
        answer(socket);
      });
      servers.push(server);
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      return `swtpm:host=127.0.0.1,port=${(server.address() as AddressInfo).port}`;
    };
    after(() => {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
    });

    it('ends with 3 and a hint at a dead port, at garbage, and at silence within the deadline', async () => {
      const dead = await serve(() => {});
      const deadServer = servers.pop()!;
      await new Promise(resolve => deadServer.close(resolve));
      const garbage = await serve(socket => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
      const silent = await serve(() => {});
      const expected = [
        [dead, 'bridge-unreachable'],
        [garbage, 'bridge-garbage'],
        [silent, 'bridge-timeout'],
      ] as const;
      for (const [bridge, code] of expected) {
        const begun = performance.now();
        const ended = await harvest(['--bridge', bridge, '--serial', 'SN-9', '--timeout', '3']);
        const result = documentOf(ended);
        assert.deepEqual([ended.code, result.verdict, result.code], [3, 'failed', code], bridge);
        assert.ok(String(result.hint).length > 20);
        assert.ok(performance.now() - begun < 12_000);
      }
    });
  });

  it('H1 leaves nothing in the TPM and records the attempt when it is stopped in the middle', async () => {
    const silent = createServer(socket => socket.on('error', () => {}));
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
    const bridge = `swtpm:host=127.0.0.1,port=${(silent.address() as AddressInfo).port}`;
    const ended = await keyline(['harvest', '--json', '--bridge', bridge, '--serial', 'SN-3'], {
      dataDir,
      env,
      started: child => silent.once('connection', () => child.kill('SIGINT')),
    });
    silent.close();
    assert.deepEqual([ended.code, documentOf(ended).code], [3, 'cancelled']);
  });
});
