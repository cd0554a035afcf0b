/** The RSA EK certificate of a DUT from its NV index, judged against the endorsement key (rule H8, first half). */
import type { TpmChannel } from '../tpm/command.ts';
import { judgeEkCertificate } from '../tpm/ek-certificate.ts';
import { TpmError, type TpmErrorCode } from '../tpm/errors.ts';
import { nvRead, nvReadPublic } from '../tpm/nv-commands.ts';
import type { RsaPublicArea } from '../tpm/structures.ts';
import type { CertificateFinding } from './finding.ts';

/** RSA 2048 EK certificate, low range (TCG EK Credential Profile, 2.2.1.4). */
export const RSA_EK_CERTIFICATE_INDEX = 0x01c00002;

/** EK certificates have 600 to 2,000 bytes; no TPM has room for one of this size. */
const MAX_CERTIFICATE_BYTES = 8192;

/** A certificate that the TPM does not give away is unreadable; other faults of the TPM end the run. */
const certificateFaults: ReadonlySet<TpmErrorCode> = new Set([
  'nv-refused',
  'password-set',
  'hierarchy-disabled',
  'unsupported',
  'refused',
]);

/** Throws TpmError, TctiError. @param nvBufferMax TPM_PT_NV_BUFFER_MAX where the TPM names it. */
export async function readEkCertificate(
  channel: TpmChannel,
  endorsementKey: RsaPublicArea,
  nvBufferMax: number | undefined,
): Promise<CertificateFinding> {
  const nvIndex = `0x${RSA_EK_CERTIFICATE_INDEX.toString(16).toUpperCase().padStart(8, '0')}`;
  try {
    const area = await nvReadPublic(channel, RSA_EK_CERTIFICATE_INDEX);
    if (area === undefined || area.dataSize === 0) return { status: 'absent' };
    if (area.dataSize > MAX_CERTIFICATE_BYTES) {
      return { status: 'unreadable', nvIndex, detail: `the NV index has ${area.dataSize} bytes` };
    }
    const content = await nvRead(channel, area, nvBufferMax);
    return { nvIndex, ...judgeEkCertificate(content, endorsementKey) };
  } catch (error) {
    if (error instanceof TpmError && certificateFaults.has(error.code)) {
      return { status: 'unreadable', nvIndex, detail: error.message };
    }
    throw error;
  }
}
