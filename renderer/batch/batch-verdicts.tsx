/** What the station said of each row, by verdict, in a table that may hold millions; a row opens with its whole reason. */
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BatchRow, BatchView, ImportVerdictKind } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { useFormat } from '../messages/format.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Facts } from '../parts/facts.tsx';
import { LongTable, type LongTableColumn } from '../parts/long-table.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { SerialCell } from './serial-cell.tsx';
import { useBatchRows } from './use-batch-rows.ts';
import { useRowWords } from './use-row-words.ts';

interface BatchVerdictsProps {
  readonly session: Session;
  readonly batch: BatchView;
  readonly kind: ImportVerdictKind | undefined;
  readonly onKind: (kind: ImportVerdictKind | undefined) => void;
}

/** What calls for a person stands behind what is well. */
const kinds = [
  'imported',
  'known',
  'duplicate',
  'refused',
  'bad',
] as const satisfies readonly ImportVerdictKind[];

export function BatchVerdicts({ session, batch, kind, onKind }: BatchVerdictsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { counts, state, name, size } = batch;
  const told = counts ? kinds.reduce((sum, each) => sum + counts[each], 0) : 0;
  const dry = state === 'checking' || state === 'checked';
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a flex line in every Chromium */}
      <div className="batch-kinds" role="group" aria-label={t('batch/kinds')}>
        <Kind pressed={kind === undefined} count={format.number(told)} onPress={() => onKind(undefined)}>
          {t('batch/all')}
        </Kind>
        {kinds.map(each => (
          <Kind
            key={each}
            kind={each}
            pressed={kind === each}
            count={format.number(counts?.[each] ?? 0)}
            onPress={() => onKind(each)}
          >
            {each === 'imported' && dry ? t('batch/valid') : t(`batch/verdict/${each}`)}
          </Kind>
        ))}
      </div>
      {batch.made !== undefined && batch.made > 0 && (
        <p className="batch-quiet">
          {t('batch/made', { count: batch.made, formatted: format.number(batch.made) })}
        </p>
      )}
      <Rows
        // Another run, file or kind is another list.
        key={`${kind} ${dry} ${name} ${size}`}
        session={session}
        kind={kind}
        told={told}
        dry={dry}
      />
    </>
  );
}

interface KindProps {
  readonly kind?: ImportVerdictKind;
  readonly pressed: boolean;
  readonly count: string;
  readonly onPress: () => void;
  readonly children: string;
}

function Kind({ kind, pressed, count, onPress, children }: KindProps) {
  return (
    <button type="button" className="button batch-kind" aria-pressed={pressed} onClick={onPress}>
      <span className={kind && 'batch-verdict'} data-verdict={kind}>
        {children}
      </span>
      <b>{count}</b>
    </button>
  );
}

interface RowsProps {
  readonly session: Session;
  readonly kind: ImportVerdictKind | undefined;
  readonly told: number;
  readonly dry: boolean;
}

function Rows({ session, kind, told, dry }: RowsProps) {
  const { t } = useTranslation();
  const found = useBatchRows(session, kind, told);
  const words = useRowWords();
  const [open, setOpen] = useState<BatchRow>();
  const columns = useMemo<readonly LongTableColumn<BatchRow>[]>(
    () => [
      { key: 'row', heading: t('batch/column/row'), width: '5rem', cell: ({ row }) => row },
      {
        key: 'serial',
        heading: t('batch/column/serial'),
        width: 'minmax(9rem, 1fr)',
        cell: ({ serial }) => <SerialCell serial={serial} />,
      },
      {
        key: 'verdict',
        heading: t('batch/column/verdict'),
        width: 'minmax(9rem, 0.7fr)',
        cell: ({ verdict }) => (
          <span className="batch-verdict" data-verdict={verdict}>
            {verdict === 'imported' && dry ? t('batch/valid') : t(`batch/verdict/${verdict}`)}
          </span>
        ),
      },
      {
        key: 'reason',
        heading: t('batch/column/reason'),
        width: 'minmax(12rem, 1.6fr)',
        cell: row => words(row),
      },
    ],
    [t, words, dry],
  );
  if (found.rows.length === 0)
    return (
      <Nothing>
        <p>{t('batch/noRows')}</p>
      </Nothing>
    );
  return (
    <>
      <LongTable
        label={t('batch/rows')}
        columns={columns}
        rows={found.rows}
        keyOf={({ number }) => String(number)}
        more={found.more}
        onMore={found.loadMore}
        onOpen={setOpen}
      />
      {open && (
        <Dialog title={t('batch/rowTitle', { row: open.row })} onClose={() => setOpen(undefined)}>
          <Facts
            facts={[
              [t('batch/column/serial'), open.serial],
              [t('batch/column/verdict'), t(`batch/verdict/${open.verdict}`)],
              [t('batch/column/reason'), words(open)],
              [t('batch/detail'), open.detail],
              [t('batch/field/registrationId'), open.registrationId],
              [t('batch/field/ek'), open.keyForm && t(`batch/keyForm/${open.keyForm}`)],
              [t('batch/code'), open.code],
            ]}
          />
        </Dialog>
      )}
    </>
  );
}
