/** EK certificates of a DUT from their NV indices; that of the RSA EK judged against the key (rule H8, first half). */
import type { TpmChannel } from '../tpm/command.ts';
import { certifies, judgeEkCertificate } from '../tpm/ek-certificate.ts';
import { TpmError, type TpmErrorCode } from '../tpm/errors.ts';
import type { CredentialKey } from '../tpm/make-credential.ts';
import { nvRead, nvReadPublic } from '../tpm/nv-commands.ts';
import type { CertificateFinding, ReadCertificate } from './finding.ts';
import { formatHandle } from './persistent-keys.ts';

/** RSA 2048 EK certificate, low range (TCG EK Credential Profile, 2.2.1.4). */
export const RSA_EK_CERTIFICATE_INDEX = 0x01c00002;

/** EK certificates have 600 to 2,000 bytes; no TPM has room for one of this size. */
const MAX_CERTIFICATE_BYTES = 8192;

/** What a TPM does not give away is unreadable; other faults of the TPM end the run. */
export const nvReadFaults: ReadonlySet<TpmErrorCode> = new Set([
  'nv-refused',
  'password-set',
  'hierarchy-disabled',
  'unsupported',
  'refused',
]);

/** Throws TpmError, TctiError. @param nvBufferMax TPM_PT_NV_BUFFER_MAX where the TPM names it. */
export async function readEkCertificate(
  channel: TpmChannel,
  endorsementKey: CredentialKey,
  nvBufferMax: number | undefined,
): Promise<ReadCertificate> {
  const read = await readCertificateIndex(channel, RSA_EK_CERTIFICATE_INDEX, nvBufferMax);
  return judgeCertificateIndex(read, endorsementKey);
}

/** Whether nothing but the names can still be wrong with it. @param read what `RSA_EK_CERTIFICATE_INDEX` held */
export function isForKey(read: CertificateIndex, endorsementKey: CredentialKey): boolean {
  return 'content' in read && certifies(read.content, endorsementKey);
}

/** @param read what `RSA_EK_CERTIFICATE_INDEX` held */
export function judgeCertificateIndex(
  read: CertificateIndex,
  endorsementKey: CredentialKey,
): ReadCertificate {
  if ('status' in read) return read;
  return {
    nvIndex: formatHandle(RSA_EK_CERTIFICATE_INDEX),
    ...judgeEkCertificate(read.content, endorsementKey),
  };
}

export type CertificateIndex =
  | { readonly content: Uint8Array }
  | (CertificateFinding & { readonly status: 'absent' | 'unreadable' });

/** The bytes as they lie in the index. Throws TpmError, TctiError. */
export async function readCertificateIndex(
  channel: TpmChannel,
  index: number,
  nvBufferMax: number | undefined,
): Promise<CertificateIndex> {
  const nvIndex = formatHandle(index);
  try {
    const area = await nvReadPublic(channel, index);
    if (area === undefined || area.dataSize === 0) return { status: 'absent' };
    if (area.dataSize > MAX_CERTIFICATE_BYTES) {
      return { status: 'unreadable', nvIndex, detail: `the NV index has ${area.dataSize} bytes` };
    }
    return { content: await nvRead(channel, area, nvBufferMax) };
  } catch (error) {
    if (error instanceof TpmError && nvReadFaults.has(error.code)) {
      return { status: 'unreadable', nvIndex, detail: error.message };
    }
    throw error;
  }
}
