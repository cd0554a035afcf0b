/** Every EK certificate in a TPM's NV, with the persisted key that it is for (`tpm info`). Reads only: no key is made. */
import { keyDifference } from '../tpm/certificate-key.ts';
import type { TpmChannel } from '../tpm/command.ts';
import { parseEkCertificate } from '../tpm/ek-certificate.ts';
import { certifiedTemplate, ekIndexUse } from '../tpm/ek-indices.ts';
import type { EkTemplateName } from '../tpm/ek-templates.ts';
import { recogniseEkTemplate } from '../tpm/ek-templates.ts';
import { formatHandle, type StoredKey } from './persistent-keys.ts';
import { readCertificateIndex } from './read-certificate.ts';

export interface EkCertificateReport {
  /** `0x` and eight digits. */
  readonly nvIndex: string;
  /** The template whose key belongs to a certificate at this index. */
  readonly ekTemplate?: EkTemplateName;
  /**
   * `unchecked` = it is for the key at `keyHandle`, its issuer not judged; `mismatch` = a key of its template is persisted
   * and is another one; `key-not-persisted` = it is for a key that is not stored, so there is none to compare with.
   */
  readonly status: 'unchecked' | 'mismatch' | 'key-not-persisted' | 'unreadable';
  /** `0x` and eight digits. */
  readonly keyHandle?: string;
  readonly subject?: string;
  readonly issuer?: string;
  /** RFC 3339. */
  readonly notAfter?: string;
  /** Of the DER, hex. */
  readonly sha256?: string;
  readonly detail?: string;
}

/** @param indices defined NV indices. Throws TpmError, TctiError. */
export async function readEkCertificates(
  channel: TpmChannel,
  indices: readonly number[],
  keys: readonly StoredKey[],
  nvBufferMax: number | undefined,
): Promise<EkCertificateReport[]> {
  const reports: EkCertificateReport[] = [];
  for (const index of indices.filter(candidate => ekIndexUse(candidate) === 'certificate')) {
    const template = certifiedTemplate(index);
    const judged = await judgeIndex(channel, index, keys, nvBufferMax);
    if (judged === undefined) continue;
    reports.push({
      nvIndex: formatHandle(index),
      ...(template === undefined ? {} : { ekTemplate: template }),
      ...judged,
    });
  }
  return reports;
}

/** Undefined where the index was taken away meanwhile, or is empty. */
async function judgeIndex(
  channel: TpmChannel,
  index: number,
  keys: readonly StoredKey[],
  nvBufferMax: number | undefined,
): Promise<Omit<EkCertificateReport, 'nvIndex' | 'ekTemplate'> | undefined> {
  const read = await readCertificateIndex(channel, index, nvBufferMax);
  if ('status' in read) {
    if (read.status === 'absent') return undefined;
    return { status: 'unreadable', ...(read.detail === undefined ? {} : { detail: read.detail }) };
  }
  const parsed = parseEkCertificate(read.content);
  if ('status' in parsed) return { status: 'unreadable', detail: parsed.detail };
  const { der: _der, ...content } = parsed.content;
  const comparable = keys.flatMap(({ handle, area }) =>
    area === undefined || area.type === 'other' ? [] : [{ handle, area }],
  );
  const own = comparable.find(({ area }) => keyDifference(parsed.key, area) === undefined);
  if (own !== undefined) return { status: 'unchecked', keyHandle: formatHandle(own.handle), ...content };
  const template = certifiedTemplate(index);
  const other = comparable.find(({ area }) => recogniseEkTemplate(area) === template);
  if (other === undefined) return { status: 'key-not-persisted', ...content };
  return {
    status: 'mismatch',
    ...content,
    detail: `${formatHandle(other.handle)} holds another key of this template`,
  };
}
