/** A serial in a table, or that there is none. */
import { useTranslation } from 'react-i18next';

export function SerialCell({ serial }: { serial: string | null | undefined }) {
  const { t } = useTranslation();
  return serial ? (
    <span className="batch-serial">{serial}</span>
  ) : (
    <span className="batch-quiet">{t('batch/noSerial')}</span>
  );
}
