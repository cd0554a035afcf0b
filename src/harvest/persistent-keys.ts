/** The keys that a TPM keeps over a restart, whoever put them there (TPM 2.0 Part 2, 7.4: handles from 0x81000000). */
import type { TpmChannel } from '../tpm/command.ts';
import { type EkTemplate, keyKind, recogniseEkTemplate } from '../tpm/ek-templates.ts';
import { TpmError } from '../tpm/errors.ts';
import { getHandles, handleRange } from '../tpm/get-capability.ts';
import { readPublic } from '../tpm/object-commands.ts';
import { type PublicArea, parsePublic } from '../tpm/structures.ts';

export interface PersistentKey {
  /** `0x` and eight digits. */
  readonly handle: string;
  /** E.g. `RSA 2048`; absent where the public area could not be read. */
  readonly kind?: string;
  readonly ekTemplate?: EkTemplate;
}

export interface StoredKey {
  readonly handle: number;
  readonly tpm2bPublic?: Uint8Array;
  readonly area?: PublicArea;
}

/** Throws TpmError, TctiError. */
export async function readPersistentKeys(channel: TpmChannel): Promise<StoredKey[]> {
  const keys: StoredKey[] = [];
  for (const handle of await getHandles(channel, handleRange.persistent)) {
    keys.push({ handle, ...(await readKey(channel, handle)) });
  }
  return keys;
}

/** A key that the TPM does not show, or whose public area no TPM 2.0 has, is listed without its kind. */
async function readKey(channel: TpmChannel, handle: number): Promise<Omit<StoredKey, 'handle'>> {
  try {
    const tpm2bPublic = await readPublic(channel, handle);
    return tpm2bPublic === undefined ? {} : { tpm2bPublic, area: parsePublic(tpm2bPublic) };
  } catch (error) {
    if (error instanceof TpmError) return {};
    throw error;
  }
}

export function describeKey(area: PublicArea | undefined): Omit<PersistentKey, 'handle'> {
  if (area === undefined) return {};
  if (area.type === 'other') return { kind: keyKind(area) };
  return { kind: keyKind(area), ekTemplate: recogniseEkTemplate(area) };
}

/** `0x` and eight digits. */
export function formatHandle(handle: number): string {
  return `0x${handle.toString(16).toUpperCase().padStart(8, '0')}`;
}
