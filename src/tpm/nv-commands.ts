/** TPM2_NV_ReadPublic and TPM2_NV_Read (Part 3, clauses 31.6, 31.13). */
import { u16 } from './bytes.ts';
import { execute, type TpmChannel } from './command.ts';
import { TPM_CC } from './command-codes.ts';
import { TpmError } from './errors.ts';
import { TPM_RH } from './permanent-handles.ts';
import { type NvPublicArea, parseNvPublic } from './structures.ts';

/** TPMA_NV bits (Part 2, 13.4). */
export const TPMA_NV = {
  OWNERREAD: 1 << 17,
  AUTHREAD: 1 << 18,
  NO_DA: 1 << 25,
  READLOCKED: 1 << 28,
  WRITTEN: 1 << 29,
} as const;

/** Used where the TPM does not name its NV_BUFFER_MAX, or names one that no TPM has. */
export const DEFAULT_NV_CHUNK = 512;
const SMALLEST_NV_CHUNK = 64;
const LARGEST_NV_CHUNK = 2048;

/** Undefined where the index is not defined. */
export async function nvReadPublic(channel: TpmChannel, nvIndex: number): Promise<NvPublicArea | undefined> {
  try {
    const { parameters } = await execute(channel, {
      name: 'NV_ReadPublic',
      code: TPM_CC.NV_ReadPublic,
      handles: [nvIndex],
    });
    const area = parseNvPublic(parameters.sizedWhole());
    parameters.sized(); // nvName
    parameters.end();
    if (area.nvIndex !== nvIndex) {
      throw new TpmError('answer-malformed', 'NV_ReadPublic response names another index');
    }
    return area;
  } catch (error) {
    if (error instanceof TpmError && error.code === 'nothing-there') return undefined;
    throw error;
  }
}

/**
 * The content of an index, read with an empty password in chunks of the TPM's NV_BUFFER_MAX. A password protected
 * against guessing is never tried (rule H1): a wrong one, or a power cut after a right one, counts towards lockout.
 * Throws TpmError `nv-refused` where no other way is open.
 */
export async function nvRead(
  channel: TpmChannel,
  area: NvPublicArea,
  nvBufferMax: number | undefined,
): Promise<Uint8Array> {
  const chunk =
    nvBufferMax !== undefined && nvBufferMax >= SMALLEST_NV_CHUNK
      ? Math.min(nvBufferMax, LARGEST_NV_CHUNK)
      : DEFAULT_NV_CHUNK;
  const authHandle = readerOf(area);
  const parts: Uint8Array[] = [];
  for (let offset = 0; offset < area.dataSize; offset += chunk) {
    const size = Math.min(chunk, area.dataSize - offset);
    const { parameters } = await execute(channel, {
      name: 'NV_Read',
      code: TPM_CC.NV_Read,
      handles: [authHandle, area.nvIndex],
      authorizations: ['empty-password'],
      parameters: [u16(size), u16(offset)],
    });
    const part = parameters.sized();
    parameters.end();
    if (part.length !== size) {
      throw new TpmError('answer-malformed', `NV_Read gave ${part.length} bytes of ${size}`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function readerOf(area: NvPublicArea): number {
  if (!(area.attributes & TPMA_NV.WRITTEN)) throw new TpmError('nv-refused', 'the index was never written');
  if (area.attributes & TPMA_NV.READLOCKED)
    throw new TpmError('nv-refused', 'the index is locked for reading');
  if (area.attributes & TPMA_NV.AUTHREAD && area.attributes & TPMA_NV.NO_DA) return area.nvIndex;
  if (area.attributes & TPMA_NV.OWNERREAD) return TPM_RH.OWNER;
  throw new TpmError('nv-refused', 'the index can be read only with a password that counts towards lockout');
}
