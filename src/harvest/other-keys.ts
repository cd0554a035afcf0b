/**
 * The other endorsement keys of a DUT, looked at only where something does not fit: the one that the maker's certificate
 * is for (rule H9), and the one that the ledger has for this serial (rule H6). All of it is the TPM's own word: it tells
 * a supervisor where to look and decides nothing that passes. Every key made for it is flushed at once.
 */
import { createHash } from 'node:crypto';
import { judgeEkCertificate } from '../tpm/ek-certificate.ts';
import { TpmError } from '../tpm/errors.ts';
import { parsePublic } from '../tpm/structures.ts';
import type { HarvestRun } from './harvest-run.ts';
import { formatHandle, readPersistentKeys } from './persistent-keys.ts';
import { type MadeFrom, makeKey } from './read-endorsement-key.ts';

/** SHA-256 (hex) of the L-1 key, where the certificate is for that. Throws TctiError. */
export async function certifiedL1Key(run: HarvestRun, certificate: Uint8Array): Promise<string | undefined> {
  return unlessRefused(() =>
    withKey(run, 'L-1', tpm2bPublic => {
      const area = parsePublic(tpm2bPublic);
      const fits = area.type === 'rsa' && judgeEkCertificate(certificate, area).status === 'unchecked';
      return fits ? sha256(tpm2bPublic) : undefined;
    }),
  );
}

/**
 * Where in this TPM the key with this SHA-256 (hex) is: `0x81010001` or another handle, or what it is made from; `none`
 * where it is nowhere, `unknown` where the TPM did not let us look everywhere. Throws TctiError.
 */
export async function findKey(run: HarvestRun, ekSha256: string): Promise<string> {
  const found = await unlessRefused(async () => {
    for (const { handle, tpm2bPublic } of await readPersistentKeys(run.channel)) {
      if (tpm2bPublic !== undefined && sha256(tpm2bPublic) === ekSha256) return formatHandle(handle);
    }
    for (const madeFrom of ['L-1', 'sdk-empty-unique'] as const) {
      if (await withKey(run, madeFrom, made => sha256(made) === ekSha256)) return madeFrom;
    }
    return 'none';
  });
  return found ?? 'unknown';
}

async function withKey<T>(run: HarvestRun, madeFrom: MadeFrom, look: (made: Uint8Array) => T): Promise<T> {
  const { handle, tpm2bPublic } = await makeKey(run, madeFrom);
  try {
    return look(tpm2bPublic);
  } finally {
    await run.loaded.flush(handle);
  }
}

/** What a TPM does not let us see here takes nothing away from the run. */
async function unlessRefused<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TpmError) return undefined;
    throw error;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
