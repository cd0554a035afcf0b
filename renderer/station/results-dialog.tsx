/** The last attempts at this station, newest first; a row leads to its device. */
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FixtureView, LastAttempt } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { callCard, useCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { Dialog } from '../parts/dialog.tsx';
import { LongTable, type LongTableColumn } from '../parts/long-table.tsx';
import { VerdictSymbol } from '../parts/symbols.tsx';
import { SerialText } from './serial-text.tsx';
import './results.css';

interface ResultsDialogProps {
  readonly session: Session;
  readonly fixtures: readonly FixtureView[];
  /** Changes with every attempt: then they are read anew. */
  readonly attempts: number;
  readonly lost: boolean;
  readonly onDevice: (serial: string) => void;
  readonly onClose: () => void;
}

const shownAtMost = 50;

export function ResultsDialog({ session, fixtures, attempts, lost, onDevice, onClose }: ResultsDialogProps) {
  const { t } = useTranslation();
  const card = useCard();
  const [rows, setRows] = useState<readonly LastAttempt[]>();
  const [failure, setFailure] = useState<unknown>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is another list
  useEffect(() => {
    if (lost) return;
    let wanted = true;
    session.lastAttempts({ limit: shownAtMost }).then(
      found => wanted && setRows(found),
      error => wanted && setFailure(error),
    );
    return () => {
      wanted = false;
    };
  }, [session, attempts, lost]);
  const columns = useColumns(fixtures);
  return (
    <Dialog title={t('results/title')} onClose={onClose} className="results">
      {failure !== undefined && !rows && <p role="alert">{card(callCard(failure)).what}</p>}
      {rows?.length === 0 && <p className="dialog-text">{t('results/none')}</p>}
      {rows && rows.length > 0 && (
        <>
          <p className="entry-hint">{t('results/what')}</p>
          <LongTable
            label={t('results/title')}
            columns={columns}
            rows={rows}
            keyOf={row => row.harvestId}
            more={false}
            onMore={() => {}}
            onOpen={({ serial }) => serial !== null && onDevice(serial)}
            toneOf={({ verdict }) => verdict}
          />
        </>
      )}
    </Dialog>
  );
}

function useColumns(fixtures: readonly FixtureView[]): readonly LongTableColumn<LastAttempt>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const card = useCard();
  return useMemo(() => {
    const numberOf = (id: string | null) => fixtures.find(fixture => fixture.id === id)?.number ?? id;
    const column = (
      key: 'time' | 'serial' | 'verdict' | 'fixture' | 'code',
      width: string,
      cell: LongTableColumn<LastAttempt>['cell'],
    ) => ({ key, heading: t(`results/column/${key}`), width, cell });
    return [
      column('time', '6rem', ({ at }) => <span className="figures">{format.moment(at)}</span>),
      column('serial', 'minmax(9rem, 1.2fr)', ({ serial }) =>
        serial === null ? t('tile/noSerial') : <SerialText serial={serial} />,
      ),
      column('verdict', '8.5rem', ({ verdict }) => (
        <b className="results-verdict">
          <VerdictSymbol className="inline-symbol" verdict={verdict} />
          {t(`word/${verdict}`)}
        </b>
      )),
      column('fixture', '5rem', ({ fixture }) => numberOf(fixture) ?? t('foot/none')),
      column('code', 'minmax(9rem, 1.4fr)', ({ verdict, code }) =>
        verdict === 'passed' ? (
          ''
        ) : (
          <span title={code}>{card(`verdict/${code}`, noValues(t('detail/another'))).title}</span>
        ),
      ),
    ];
  }, [t, format, card, fixtures]);
}

/** A list has no room for the other serial of a duplicate; its device has it. */
function noValues(another: string) {
  return { otherSerial: another, dutSerial: another };
}
