/** What is known of a certificate, in a word. */
import { useTranslation } from 'react-i18next';
import type { CertificateDebt } from '../../src/api/contract.ts';
import type { en } from '../messages/en.ts';

export function useCertificateWord(): (debt: CertificateDebt) => string {
  const { t } = useTranslation();
  return ({ certificate }) => t(`outbox/certificate/${certificate as keyof typeof en.outbox.certificate}`);
}
