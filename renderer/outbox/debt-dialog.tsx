/** One device in certificate debt: which one, and why in the station's own words, which no cell has room for. */
import { useTranslation } from 'react-i18next';
import type { CertificateDebt } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Facts } from '../parts/facts.tsx';
import { useCertificateWord } from './use-certificate-word.ts';

interface DebtDialogProps {
  readonly debt: CertificateDebt;
  readonly onClose: () => void;
}

export function DebtDialog({ debt, onClose }: DebtDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useCertificateWord();
  const { serial, registrationId, detail, product, workOrder, recordedAt } = debt;
  return (
    <Dialog title={t('outbox/debtOf', { serial: serial ?? registrationId })} onClose={onClose}>
      <Facts
        facts={[
          [t('outbox/column/certificate'), word(debt)],
          [t('outbox/debtWhy'), detail ?? undefined],
          [t('detail/registrationId'), registrationId],
          [t('outbox/column/product'), product],
          [t('outbox/column/workOrder'), workOrder ?? undefined],
          [t('outbox/column/recordedAt'), format.date(recordedAt)],
        ]}
      />
    </Dialog>
  );
}
