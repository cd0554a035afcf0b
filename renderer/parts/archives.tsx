/** Where the entries of an archived work order rest: one line for each file. */
import { useTranslation } from 'react-i18next';
import type { WorkOrderView } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import './archives.css';

interface ArchivesProps {
  readonly archives: WorkOrderView['archives'];
}

export function Archives({ archives = [] }: ArchivesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return archives.map(({ file, entries, at }) => (
    <p key={file} className="archived">
      {t('order/archivedIn', { time: format.date(at), entries: format.number(entries), file })}
    </p>
  ));
}
