/**
 * The template that a TPM's L-1 key is made from: the table's, unless the maker left a nonce or a template of his own in
 * NV (EK Credential Profile for TPM Family 2.0, 2.2.1.5): then only those give the key that he certified. What lies there
 * is the TPM's word; what cannot be read, or is no template of an RSA key, is passed over.
 */
import { sized } from '../tpm/bytes.ts';
import type { TpmChannel } from '../tpm/command.ts';
import { EK_NONCE_L1, EK_TEMPLATE_INDEX_L1 } from '../tpm/ek-indices.ts';
import { EK_TEMPLATE_L1 } from '../tpm/ek-templates.ts';
import { TpmError } from '../tpm/errors.ts';
import { getHandles } from '../tpm/get-capability.ts';
import { nvRead, nvReadPublic } from '../tpm/nv-commands.ts';
import { marshalStorageKey, parsePublic } from '../tpm/structures.ts';
import { nvReadFaults } from './read-certificate.ts';

/** One command where the maker left nothing. @returns TPM2B_PUBLIC. Throws TpmError, TctiError. */
export async function readL1Template(
  channel: TpmChannel,
  nvBufferMax: number | undefined,
): Promise<Uint8Array> {
  const indices = await getHandles(channel, EK_NONCE_L1);
  const read = (index: number) =>
    indices.includes(index) ? readSmallIndex(channel, index, nvBufferMax) : undefined;
  const [nonce, own] = [await read(EK_NONCE_L1), await read(EK_TEMPLATE_INDEX_L1)];
  const template = asRsaTemplate(own) ?? EK_TEMPLATE_L1;
  if (nonce === undefined || nonce.length === 0 || nonce.length > 256) return template;
  const area = parsePublic(template);
  if (area.type !== 'rsa') return template;
  const unique = new Uint8Array(256);
  unique.set(nonce);
  return marshalStorageKey({ ...area, modulus: unique });
}

/** Larger than any template or nonce. */
const MOST_BYTES = 1024;

async function readSmallIndex(
  channel: TpmChannel,
  nvIndex: number,
  nvBufferMax: number | undefined,
): Promise<Uint8Array | undefined> {
  try {
    const area = await nvReadPublic(channel, nvIndex);
    if (area === undefined || area.dataSize > MOST_BYTES) return undefined;
    return await nvRead(channel, area, nvBufferMax);
  } catch (error) {
    if (error instanceof TpmError && nvReadFaults.has(error.code)) return undefined;
    throw error;
  }
}

/** In NV lies a TPMT_PUBLIC, without the size that TPM2B_PUBLIC begins with. */
function asRsaTemplate(tpmtPublic: Uint8Array | undefined): Uint8Array | undefined {
  if (tpmtPublic === undefined) return undefined;
  try {
    const template = sized(tpmtPublic);
    return parsePublic(template).type === 'rsa' ? template : undefined;
  } catch (error) {
    if (error instanceof TpmError) return undefined;
    throw error;
  }
}
