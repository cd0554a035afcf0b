/**
 * Manufactures the TPM of a virtual DUT with swtpm_setup(8), as its maker would: endorsement keys, and certificates
 * from a CA that lies in a folder of ours. The configuration is our own, so that nothing under /etc, /var or the home
 * directory is read or written. Takes about half a second a TPM; several may share one CA folder at once.
 */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { startSwtpm } from './start-swtpm.ts';

export interface SwtpmStateOptions {
  /**
   * `persisted`: the RSA 2048 EK (template L-1) at 0x81010001, P-384 at 0x81010016.
   * `derivable`: no RSA EK is persisted; CreatePrimary from L-1 gives the one that the certificate is for.
   */
  readonly ek: 'persisted' | 'derivable';
  /**
   * Folder of the CA, made at first use (issuer: `issuercert.pem`, root: `swtpm-localca-rootca-cert.pem`). With it the
   * TPM has an EK certificate at 0x01C00002 and a platform certificate at 0x01C08000; without it, none.
   */
  readonly caDir?: string;
}

/** TPM2_EvictControl(owner, 0x81010001) with the empty owner password: takes the persisted RSA EK away. */
const EVICT_RSA_EK = Buffer.from(
  '8002' +
    '00000023' +
    '00000120' +
    '40000001' +
    '81010001' +
    '00000009' +
    '40000009' +
    '0000000000' +
    '81010001',
  'hex',
);

/** Fills `stateDir` (made if missing) with a new TPM 2.0. Throws with swtpm_setup's own words when that fails. */
export async function makeSwtpmState(stateDir: string, { ek, caDir }: SwtpmStateOptions): Promise<void> {
  const configuration = await writeConfiguration(stateDir, caDir);
  const wanted = [
    ...(ek === 'persisted' || caDir !== undefined ? ['--createek'] : []),
    ...(caDir === undefined ? [] : ['--create-ek-cert', '--create-platform-cert']),
  ];
  await run('swtpm_setup', [
    '--tpm2',
    '--tpmstate',
    stateDir,
    '--config',
    configuration,
    '--overwrite',
    ...wanted,
  ]);
  if (ek === 'derivable' && caDir !== undefined) await evictRsaEk(stateDir);
}

/** Writes the three files that swtpm_setup and swtpm_localca(8) read, one set for each TPM; gives the first one's path. */
async function writeConfiguration(stateDir: string, caDir: string | undefined): Promise<string> {
  const folder = join(stateDir, 'setup');
  await mkdir(folder, { recursive: true });
  if (caDir !== undefined) await mkdir(caDir, { recursive: true });
  const ca = caDir ?? join(folder, 'no-ca');
  const file = (name: string) => join(folder, name);
  const write = (name: string, lines: string[]) => writeFile(file(name), `${lines.join('\n')}\n`);
  await write('swtpm_setup.conf', [
    'create_certs_tool = swtpm_localca',
    `create_certs_tool_config = ${file('swtpm-localca.conf')}`,
    `create_certs_tool_options = ${file('swtpm-localca.options')}`,
    'active_pcr_banks = sha256',
  ]);
  await write('swtpm-localca.conf', [
    `statedir = ${ca}`,
    `signingkey = ${join(ca, 'signkey.pem')}`,
    `issuercert = ${join(ca, 'issuercert.pem')}`,
    `certserial = ${join(ca, 'certserial')}`,
  ]);
  await write('swtpm-localca.options', [
    '--platform-manufacturer Keyline',
    '--platform-version 1.0',
    '--platform-model virtual-dut',
  ]);
  return file('swtpm_setup.conf');
}

async function evictRsaEk(stateDir: string): Promise<void> {
  const swtpm = await startSwtpm({ stateDir });
  const tpm = await openTcti(parseTctiConf(swtpm.bridge), { connectDeadlineMs: 5_000 });
  try {
    const response = Buffer.from(await tpm.transmit(EVICT_RSA_EK, { deadlineMs: 10_000 }));
    const code = response.readUInt32BE(6);
    if (code !== 0) throw new Error(`swtpm kept its EK: response code 0x${code.toString(16)}`);
  } finally {
    await tpm.close();
    await swtpm.stop();
  }
}

async function run(program: string, parameters: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(program, parameters);
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`${program} failed: ${message}\n${stdout}${stderr}`.trim());
  }
}
