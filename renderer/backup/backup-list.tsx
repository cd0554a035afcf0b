/** Backups, newest first: when, how large, what is in each, and whether it can be used. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupRow } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import { LongTable, type LongTableColumn } from '../parts/long-table.tsx';
import { CrossInOctagon } from '../parts/symbols.tsx';

interface BackupListProps {
  readonly rows: readonly BackupRow[];
  /** Epoch milliseconds by the station's clock. */
  readonly now: number;
  readonly onOpen: (row: BackupRow) => void;
}

/** Of a name: the end, which says when; before it they are all alike. */
const stampLength = 19;

export function BackupList({ rows, now, onOpen }: BackupListProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useMemo<readonly LongTableColumn<BackupRow>[]>(() => {
    const figure = (value: number | undefined) => (value === undefined ? '—' : format.number(value));
    return [
      {
        key: 'made',
        heading: t('backup/column/made'),
        width: '10.5rem',
        cell: ({ madeAt, name }) =>
          madeAt === undefined ? (
            <span className="mono backup-name">…{name.slice(-stampLength)}</span>
          ) : (
            format.date(madeAt)
          ),
      },
      {
        key: 'age',
        heading: t('backup/column/age'),
        width: '4.25rem',
        cell: ({ madeAt }) => (madeAt === undefined ? '—' : format.age(now - madeAt)),
      },
      {
        key: 'size',
        heading: t('backup/column/size'),
        width: '5.25rem',
        cell: ({ bytes }) => (bytes === undefined ? '—' : format.bytes(bytes)),
      },
      {
        key: 'devices',
        heading: t('backup/column/devices'),
        width: '5.25rem',
        cell: ({ devices }) => figure(devices),
      },
      {
        key: 'entries',
        heading: t('backup/column/entries'),
        width: '5.25rem',
        cell: ({ entries }) => figure(entries),
      },
      {
        key: 'state',
        heading: t('backup/column/state'),
        width: 'minmax(11rem, 1fr)',
        cell: row => <State row={row} />,
      },
    ];
  }, [t, format, now]);
  return (
    <LongTable
      label={t('backup/list')}
      columns={columns}
      rows={rows}
      keyOf={({ name }) => name}
      onOpen={onOpen}
    />
  );
}

function State({ row }: { row: BackupRow }) {
  const word = useStateWord()(row);
  if (!isBad(row)) return word;
  return (
    <span className="backup-bad">
      <CrossInOctagon className="backup-bad-symbol" />
      {word}
    </span>
  );
}

export const isBad = ({ fault, checked }: BackupRow): boolean =>
  fault !== undefined || checked?.fault !== undefined;

export function useStateWord(): (row: BackupRow) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ fault, checked }) => {
    if (fault !== undefined) return t('backup/stateWord/unusable');
    if (!checked) return t('backup/stateWord/verified');
    return checked.fault === undefined
      ? t('backup/stateWord/again', { time: format.clock(checked.at) })
      : t('backup/stateWord/damaged');
  };
}
