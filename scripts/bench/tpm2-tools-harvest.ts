/** The peer of a harvest: the usual script on tpm2-tools, as a line runs it for every device. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = path.join(import.meta.dirname, 'tpm2-tools-harvest.sh');

/** @returns milliseconds. Rejects where a tool failed or the secret did not come back. */
export async function timeToolsHarvest(tcti: string): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-tools-'));
  try {
    const begun = performance.now();
    await run('sh', [script, folder], {
      env: { ...process.env, TPM2TOOLS_TCTI: tcti, TSS2_LOG: 'all+none' },
    });
    return performance.now() - begun;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
