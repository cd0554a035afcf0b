/** What NV indices in the endorsement key's range are for (EK Credential Profile for TPM Family 2.0, 2.2.1.4 and 2.2.1.5). */
import { EK_TEMPLATES, type EkTemplateName } from './ek-templates.ts';

export type EkIndexUse = 'certificate' | 'nonce' | 'template' | 'chain' | 'policy';

/** Nonce and template of the RSA 2048 key of the low range. */
export const EK_NONCE_L1 = 0x01c00003;
export const EK_TEMPLATE_INDEX_L1 = 0x01c00004;

const lowRangeUses: Readonly<Record<number, EkIndexUse>> = {
  [EK_NONCE_L1]: 'nonce',
  [EK_TEMPLATE_INDEX_L1]: 'template',
  29360139: 'nonce',
  29360140: 'template',
};

/** Undefined outside the range. */
export function ekIndexUse(nvIndex: number): EkIndexUse | undefined {
  if (nvIndex < 0x01c00000 || nvIndex > 0x01c07fff) return undefined;
  if (nvIndex >= 0x01c07f00) return 'policy';
  if (nvIndex >= 0x01c00100 && nvIndex <= 0x01c001ff) return 'chain';
  const low = lowRangeUses[nvIndex];
  if (low !== undefined) return low;
  // In the high range a certificate has an even index, and its key's template the next one.
  return nvIndex >= 0x01c00012 && nvIndex < 0x01c00100 && nvIndex % 2 === 1 ? 'template' : 'certificate';
}

/** The template whose key the certificate at this index is for. */
export function certifiedTemplate(nvIndex: number): EkTemplateName | undefined {
  return EK_TEMPLATES.find(row => row.certificateIndex === nvIndex)?.name;
}
