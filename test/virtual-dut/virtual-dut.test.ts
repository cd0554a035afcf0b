/** The software TPMs that the demo and the tests harvest: what each kind holds, told by tpm2-tools. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeSwtpmState, type SwtpmStateOptions } from '../../scripts/virtual-dut/make-swtpm-state.ts';
import { type Swtpm, startSwtpm } from '../../scripts/virtual-dut/start-swtpm.ts';
import { missing } from '../parts.ts';
import { untilGone } from '../processes.ts';

const skip = missing('swtpm', 'swtpm-tools', 'tpm2-tools');
const timeout = 60_000;

async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keyline-dut-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function started(context: TestContext, stateDir: string): Promise<Swtpm> {
  const swtpm = await startSwtpm({ stateDir });
  context.after(() => swtpm.stop());
  return swtpm;
}

async function tpm2(swtpm: Swtpm, tool: string, ...parameters: string[]): Promise<Buffer> {
  const run = promisify(execFile)(`tpm2_${tool}`, ['-T', swtpm.bridge, ...parameters], {
    encoding: 'buffer',
  });
  return (await run).stdout;
}

async function handles(swtpm: Swtpm, kind: 'persistent' | 'nv-index'): Promise<string[]> {
  const text = (await tpm2(swtpm, 'getcap', `handles-${kind}`)).toString();
  return text.match(/0x[0-9A-F]+/gi) ?? [];
}

/** The certificate at 0x01C00002 must be for the RSA EK that template L-1 gives. */
async function assertCertified(context: TestContext, swtpm: Swtpm, caDir: string): Promise<void> {
  const work = await temporaryFolder(context);
  const key = join(work, 'ek.pem');
  await tpm2(swtpm, 'createek', '-G', 'rsa', '-c', join(work, 'ek.ctx'), '-u', key, '-f', 'pem');
  const certificate = new X509Certificate(await tpm2(swtpm, 'nvread', '0x1c00002'));
  const modulus = certificate.publicKey.export({ format: 'pem', type: 'spki' });
  assert.equal(modulus, await readFile(key, 'utf8'));
  assert.ok(certificate.verify(new X509Certificate(await readFile(join(caDir, 'issuercert.pem'))).publicKey));
}

const kinds: readonly (SwtpmStateOptions & { certified: boolean; persistent: string[]; nv: string[] })[] = [
  {
    ek: 'persisted',
    certified: true,
    persistent: ['0x81010001', '0x81010016'],
    nv: ['0x1C00002', '0x1C00016', '0x1C08000'],
  },
  {
    ek: 'derivable',
    certified: true,
    persistent: ['0x81010016'],
    nv: ['0x1C00002', '0x1C00016', '0x1C08000'],
  },
  { ek: 'persisted', certified: false, persistent: ['0x81010001', '0x81010016'], nv: [] },
  { ek: 'derivable', certified: false, persistent: [], nv: [] },
];

for (const { ek, certified, persistent, nv } of kinds)
  test(`a virtual DUT with its EK ${ek}, ${certified ? 'certified' : 'without a certificate'}`, {
    skip,
    timeout,
  }, async context => {
    const folder = await temporaryFolder(context);
    const stateDir = join(folder, 'tpm');
    const caDir = join(folder, 'ca');
    await makeSwtpmState(stateDir, certified ? { ek, caDir } : { ek });
    const swtpm = await started(context, stateDir);
    assert.deepEqual(await handles(swtpm, 'persistent'), persistent);
    assert.deepEqual(await handles(swtpm, 'nv-index'), nv);
    if (certified) await assertCertified(context, swtpm, caDir);
  });

test('virtual DUTs made at once from one CA have keys of their own', { skip, timeout }, async context => {
  const folder = await temporaryFolder(context);
  const caDir = join(folder, 'ca');
  const stateDirs = ['a', 'b'].map(name => join(folder, name));
  await Promise.all(stateDirs.map(stateDir => makeSwtpmState(stateDir, { ek: 'persisted', caDir })));
  const keys = new Set<string>();
  for (const stateDir of stateDirs) {
    const swtpm = await started(context, stateDir);
    const certificate = new X509Certificate(await tpm2(swtpm, 'nvread', '0x1c00002'));
    keys.add(certificate.publicKey.export({ format: 'pem', type: 'spki' }).toString());
    assert.ok(
      certificate.verify(new X509Certificate(await readFile(join(caDir, 'issuercert.pem'))).publicKey),
    );
  }
  assert.equal(keys.size, 2);
});

test('a software TPM that cannot start says why', { skip, timeout }, async context => {
  const folder = await temporaryFolder(context);
  await assert.rejects(startSwtpm({ stateDir: join(folder, 'none') }), /swtpm did not start: .*No such file/);
  const first = await started(context, folder);
  const other = await temporaryFolder(context);
  await assert.rejects(startSwtpm({ stateDir: other, port: first.port }), /in use/);
});

test('a software TPM keeps its state over a power cut and comes back at its port', {
  skip,
  timeout,
}, async context => {
  const stateDir = await temporaryFolder(context);
  const first = await started(context, stateDir);
  await tpm2(first, 'nvdefine', '0x1500001', '-s', '8');
  await first.stop();
  await first.stop();
  const second = await startSwtpm({ stateDir, port: first.port });
  context.after(() => second.stop());
  assert.deepEqual(await handles(second, 'nv-index'), ['0x1500001']);
});

test('a software TPM ends with the process that started it, also when that is killed', {
  skip,
  timeout,
}, async context => {
  const stateDir = await temporaryFolder(context);
  const script = fileURLToPath(new URL('hold-swtpm.ts', import.meta.url));
  for (const signal of ['SIGKILL', undefined] as const) {
    const parent = spawn(process.execPath, [script, stateDir], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [pid] = await once(parent.stdout.setEncoding('utf8'), 'data');
    const ended = once(parent, 'close');
    if (signal === undefined) parent.stdin.end();
    else parent.kill(signal);
    await ended;
    await untilGone([Number(pid)]);
  }
});
