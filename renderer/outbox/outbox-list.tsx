/** What is in the outbox by state, or what is in certificate debt: one list at a time, with how much there is of each. */
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CertificateDebt, OutboxView, QueueEntry } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { useCard } from '../messages/card.ts';
import type { en } from '../messages/en.ts';
import { useFormat } from '../messages/format.ts';
import { LongTable, type LongTableColumn } from '../parts/long-table.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { useNow } from '../station/use-now.ts';
import { DebtDialog } from './debt-dialog.tsx';
import { useCertificateWord } from './use-certificate-word.ts';
import { type Pages, usePages } from './use-pages.ts';
import './outbox-list.css';

export const filters = ['conflict', 'quarantined', 'queued', 'sending', 'debt'] as const;
export type Filter = (typeof filters)[number];
type QueueFilter = Exclude<Filter, 'debt'>;

interface OutboxListProps {
  readonly session: Session;
  readonly outbox: OutboxView;
  readonly debts: number | undefined;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  readonly onOpen: (entry: QueueEntry) => void;
}

export function OutboxList({ session, outbox, debts, filter, onFilter, onOpen }: OutboxListProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const countOf = (each: Filter) => (each === 'debt' ? debts : outbox[each]);
  return (
    <section className="outbox-list" aria-label={t('outbox/show')}>
      <fieldset className="outbox-filters" aria-label={t('outbox/show')}>
        {filters.map(each => {
          const count = countOf(each);
          return (
            <button
              key={each}
              type="button"
              className="button outbox-filter"
              data-filter={each}
              data-calls={
                (each === 'conflict' || each === 'quarantined') && (count ?? 0) > 0 ? '' : undefined
              }
              aria-pressed={filter === each}
              onClick={() => onFilter(each)}
            >
              {t(`outbox/filter/${each}`)}{' '}
              <span className="outbox-filter-count figures">
                {count === undefined ? '' : format.number(count)}
              </span>
            </button>
          );
        })}
      </fieldset>
      {filter === 'debt' ? (
        <DebtTable session={session} outbox={outbox} />
      ) : (
        <QueueTable key={filter} session={session} outbox={outbox} state={filter} onOpen={onOpen} />
      )}
    </section>
  );
}

interface QueueTableProps {
  readonly session: Session;
  readonly outbox: OutboxView;
  readonly state: QueueFilter;
  readonly onOpen: (entry: QueueEntry) => void;
}

const entryId = (entry: QueueEntry) => entry.entryId;

function QueueTable({ session, outbox, state, onOpen }: QueueTableProps) {
  const { t } = useTranslation();
  const pages = usePages<QueueEntry>({
    load: page => session.listQueue({ state, ...page }),
    idOf: entryId,
    changed: outbox,
  });
  const columns = useQueueColumns(state, pages.gone);
  const toneOf = useCallback(
    (entry: QueueEntry) => (pages.gone.has(entry.entryId) ? 'gone' : undefined),
    [pages.gone],
  );
  if (pages.rows.length === 0) return <NoneThere filter={state} pages={pages} />;
  return (
    <LongTable
      label={t(`outbox/filter/${state}`)}
      columns={columns}
      rows={pages.rows}
      keyOf={entryId}
      more={pages.more}
      onMore={pages.loadMore}
      onRange={pages.onRange}
      onOpen={onOpen}
      toneOf={toneOf}
    />
  );
}

function useQueueColumns(
  state: QueueFilter,
  gone: ReadonlySet<string>,
): readonly LongTableColumn<QueueEntry>[] {
  const { t } = useTranslation();
  const card = useCard();
  const format = useFormat();
  const now = useNow(10_000);
  const why = (entry: QueueEntry) => {
    if (gone.has(entry.entryId)) return t('outbox/gone');
    if (entry.reason !== null) return card(`cause/${entry.reason as keyof typeof en.cause}`).title;
    if (entry.waitsFor !== null) return t('outbox/behind');
    return state === 'sending' ? t('outbox/asked') : '';
  };
  return [
    serialColumn(t('outbox/column/serial'), t('outbox/noSerial')),
    {
      key: 'operation',
      heading: t('outbox/column/operation'),
      width: '6rem',
      cell: entry => t(`outbox/operation/${entry.operation}`),
    },
    { key: 'why', heading: t('outbox/column/why'), width: 'minmax(8rem, 1.4fr)', cell: why },
    {
      key: 'attempts',
      heading: t('outbox/column/attempts'),
      width: '5rem',
      cell: entry => t('outbox/times', { formatted: format.number(entry.attempts) }),
    },
    {
      key: 'since',
      heading: t('outbox/column/since'),
      width: '6rem',
      cell: entry => format.age(now - entry.createdAt),
    },
  ];
}

const debtId = (debt: CertificateDebt) => debt.deviceId;

function DebtTable({ session, outbox }: { session: Session; outbox: OutboxView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useCertificateWord();
  const [opened, setOpened] = useState<CertificateDebt>();
  const pages = usePages<CertificateDebt>({
    load: page => session.listDebts(page),
    idOf: debtId,
    changed: outbox,
  });
  if (pages.rows.length === 0) return <NoneThere filter="debt" pages={pages} />;
  return (
    <>
      <LongTable
        label={t('outbox/filter/debt')}
        columns={[
          serialColumn(t('outbox/column/serial'), t('outbox/noSerial')),
          {
            key: 'certificate',
            heading: t('outbox/column/certificate'),
            width: 'minmax(9.5rem, 1.2fr)',
            cell: word,
          },
          {
            key: 'product',
            heading: t('outbox/column/product'),
            width: 'minmax(6rem, 1fr)',
            cell: debt => debt.product,
          },
          {
            key: 'workOrder',
            heading: t('outbox/column/workOrder'),
            width: 'minmax(6rem, 0.8fr)',
            cell: debt => debt.workOrder ?? t('foot/none'),
          },
          {
            key: 'recordedAt',
            heading: t('outbox/column/recordedAt'),
            width: '10.5rem',
            cell: debt => format.date(debt.recordedAt),
          },
        ]}
        rows={pages.rows}
        keyOf={debtId}
        more={pages.more}
        onMore={pages.loadMore}
        onRange={pages.onRange}
        onOpen={setOpened}
      />
      {opened && <DebtDialog debt={opened} onClose={() => setOpened(undefined)} />}
    </>
  );
}

function serialColumn<Row extends { readonly serial: string | null }>(
  heading: string,
  none: string,
): LongTableColumn<Row> {
  return {
    key: 'serial',
    heading,
    width: 'minmax(9rem, 1.3fr)',
    cell: row => (row.serial === null ? none : <span className="mono outbox-serial">{row.serial}</span>),
  };
}

function NoneThere({ filter, pages }: { filter: Filter; pages: Pages<unknown> }) {
  const { t } = useTranslation();
  return pages.read ? (
    <Nothing title={t(`outbox/none/${filter}`)}>
      <p>{t(`outbox/noneWhat/${filter}`)}</p>
    </Nothing>
  ) : (
    <Nothing>
      <p role="status">{t('outbox/reading')}</p>
    </Nothing>
  );
}
