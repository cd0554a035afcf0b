/** The first rows of the file as they would be read, so that a wrong column shows before anything is judged. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { BatchSampleRow } from '../../src/api/contract.ts';
import { LongTable, type LongTableColumn } from '../parts/long-table.tsx';
import { SerialCell } from './serial-cell.tsx';
import { useRowWords } from './use-row-words.ts';

export function BatchSample({ rows }: { rows: readonly BatchSampleRow[] }) {
  const { t } = useTranslation();
  const words = useRowWords();
  const columns = useMemo<readonly LongTableColumn<BatchSampleRow>[]>(
    () => [
      { key: 'row', heading: t('batch/column/row'), width: '4rem', cell: ({ row }) => row },
      {
        key: 'serial',
        heading: t('batch/column/serial'),
        width: 'minmax(9rem, 1fr)',
        cell: ({ serial }) => <SerialCell serial={serial} />,
      },
      {
        key: 'key',
        heading: t('batch/column/key'),
        width: 'minmax(8rem, 1fr)',
        cell: ({ key }) => <span className="batch-key">{key === '' ? '—' : `${key}…`}</span>,
      },
      {
        key: 'reading',
        heading: t('batch/column/reading'),
        width: 'minmax(14rem, 1.6fr)',
        cell: sample =>
          sample.keyForm === undefined ? (
            <span className="batch-verdict" data-verdict="bad">
              {words({ code: 'row-unreadable', ...sample })}
            </span>
          ) : (
            <span className="batch-verdict" data-verdict="imported">
              {t(`batch/keyForm/${sample.keyForm}`)}
            </span>
          ),
      },
    ],
    [t, words],
  );
  return (
    <>
      <h2 className="batch-heading">{t('batch/sample')}</h2>
      <LongTable label={t('batch/sample')} columns={columns} rows={rows} keyOf={({ row }) => String(row)} />
    </>
  );
}
