/** tpm2-tools at a virtual DUT: the second opinion about what is in a TPM. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs one tool over a bridge (TCTI conf string) and gives its stdout. */
export async function tpm2(bridge: string, tool: string, ...parameters: string[]): Promise<string> {
  const env = { ...process.env, TPM2TOOLS_TCTI: bridge, TSS2_LOG: 'all+NONE' };
  const { stdout } = await promisify(execFile)(`tpm2_${tool}`, parameters, { env });
  return stdout;
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
