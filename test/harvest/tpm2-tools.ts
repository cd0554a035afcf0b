/** tpm2-tools at a virtual DUT: the second opinion about what is in a TPM. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { createPrimary } from '../../src/tpm/object-commands.ts';
import { TPM_RH } from '../../src/tpm/permanent-handles.ts';
import { type PublicArea, parsePublic } from '../../src/tpm/structures.ts';

/** Runs one tool over a bridge (TCTI conf string) and gives its stdout. */
export async function tpm2(bridge: string, tool: string, ...parameters: string[]): Promise<string> {
  const env = { ...process.env, TPM2TOOLS_TCTI: bridge, TSS2_LOG: 'all+NONE' };
  const { stdout } = await promisify(execFile)(`tpm2_${tool}`, parameters, { env });
  return stdout;
}

/** In the order of what tpm2_getcap printed, lower case. */
export function handlesIn(text: string): string[] {
  return Array.from(text.matchAll(/0x[0-9A-F]+/gi), match => match[0].toLowerCase());
}

/** Everything that rule H1 promises to leave alone. */
export async function stateOf(bridge: string): Promise<string> {
  const parts: string[] = [];
  for (const capability of ['persistent', 'nv-index', 'transient', 'loaded-session', 'saved-session']) {
    parts.push(`${capability}:\n${await tpm2(bridge, 'getcap', `handles-${capability}`)}`);
  }
  const variable = await tpm2(bridge, 'getcap', 'properties-variable');
  const kept = /AuthSet|inLockout|LOCKOUT_COUNTER|disableClear/;
  return [...parts, ...variable.split('\n').filter(line => kept.test(line))].join('\n');
}

/** Fails as many passwords as the TPM allows, and one more. */
export function lockOut(bridge: string): Promise<void> {
  return failPassword(bridge, 4);
}

/** Fails passwords at an NV index without NO_DA, 0x1500001, made for it. */
export async function failPassword(bridge: string, times: number): Promise<void> {
  const define = ['-C', 'o', '-s', '8', '-a', 'authread|authwrite', '-p', 'right'];
  await tpm2(bridge, 'nvdefine', ...define, '0x1500001');
  for (let i = 0; i < times; i++) await tpm2(bridge, 'nvread', '-P', 'wrong', '0x1500001').catch(() => {});
}

/** Persists an owner key of tpm2_createprimary's own template where the EK should be; no other object may be loaded. */
export async function persistOtherKey(bridge: string, algorithm: string, contextFile: string): Promise<void> {
  await tpm2(bridge, 'createprimary', '-C', 'o', '-G', algorithm, '-c', contextFile);
  await tpm2(bridge, 'evictcontrol', '-C', 'o', '-c', '0x80000000', '0x81010001');
}

/** Defines an NV index of the owner's and fills it. */
export async function storeInNv(
  dut: { readonly bridge: string; readonly folder: string },
  nvIndex: string,
  content: Uint8Array,
  attributes = 'ownerwrite|ownerread|authread|no_da',
): Promise<void> {
  const file = join(dut.folder, `nv-${nvIndex}`);
  await writeFile(file, content);
  await tpm2(dut.bridge, 'nvdefine', '-C', 'o', '-s', String(content.length), '-a', attributes, nvIndex);
  await tpm2(dut.bridge, 'nvwrite', '-C', 'o', '-i', file, nvIndex);
}

/** Makes a primary key of the endorsement hierarchy and persists it; no other object may be loaded. */
export async function persistEndorsementKey(
  bridge: string,
  template: Uint8Array,
  persistentHandle: string,
): Promise<PublicArea> {
  const tcti = await openTcti(parseTctiConf(bridge), { connectDeadlineMs: 5_000 });
  let area: PublicArea;
  try {
    const channel = { tcti, commandMs: 10_000, createPrimaryMs: 60_000, endsAt: performance.now() + 60_000 };
    const made = await createPrimary(channel, TPM_RH.ENDORSEMENT, template, () => {});
    area = parsePublic(made.tpm2bPublic);
  } finally {
    await tcti.close();
  }
  await tpm2(bridge, 'evictcontrol', '-C', 'o', '-c', '0x80000000', persistentHandle);
  await tpm2(bridge, 'flushcontext', '0x80000000');
  return area;
}
