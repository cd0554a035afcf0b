/** One backup: what it is, verifying it anew, and going on from it, which a supervisor decides with a reason and their PIN. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupRow, DrainAct, StationView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { backupCard, type CardName, callCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { ActForm } from '../parts/act-form.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Facts } from '../parts/facts.tsx';
import { isBad, useStateWord } from './backup-list.tsx';

interface BackupDialogProps {
  readonly session: Session;
  readonly view: StationView;
  readonly row: BackupRow;
  readonly now: number;
  readonly mayRestore: boolean;
  readonly disabled: boolean;
  readonly onVerify: () => void;
  /** The station is at it. */
  readonly onBegun: () => void;
  readonly onClose: () => void;
}

const reasons = ['damage', 'disk', 'trial'] as const;

export function BackupDialog(props: BackupDialogProps) {
  const { session, view, row, mayRestore, disabled, onVerify, onBegun, onClose } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const [phase, setPhase] = useState<'open' | 'deciding' | 'asking'>('open');
  const [refusal, setRefusal] = useState<CardName>();
  const when = row.madeAt === undefined ? '' : format.date(row.madeAt);
  const restore = async (act: DrainAct) => {
    setPhase('asking');
    setRefusal(undefined);
    try {
      const answer = await session.restoreBackup({ ...act, name: row.name });
      // What comes of it stands beside the list, and the station may find the backup damaged.
      if (answer.ok) return onBegun();
      setPhase('deciding');
      setRefusal(backupCard(answer.code));
    } catch (error) {
      setPhase('deciding');
      setRefusal(callCard(error));
    }
  };
  return (
    <Dialog title={when === '' ? t('backup/oneUnusable') : t('backup/one', { when })} onClose={onClose}>
      {phase === 'open' ? (
        <>
          <RowFacts row={row} now={props.now} />
          {!mayRestore && <p className="backup-quiet">{t('backup/noRestore')}</p>}
          <div className="dialog-actions">
            <button type="button" className="button" disabled={disabled} data-first onClick={onVerify}>
              {t('backup/verify')}
            </button>
            {mayRestore && (
              <button
                type="button"
                className="button"
                disabled={disabled || isBad(row)}
                onClick={() => setPhase('deciding')}
              >
                {t('backup/restore')}
              </button>
            )}
          </div>
        </>
      ) : (
        <ActForm
          effect={t('backup/restoreEffect', { when })}
          roles={view.who ? ['supervisor'] : []}
          who={view.who}
          badgePrefix={view.station.badgePrefix}
          reasons={reasons.map(each => t(`backup/reasons/${each}`))}
          label={t('backup/restore')}
          refusal={refusal}
          busy={phase === 'asking' || disabled}
          onDo={act => void restore(act)}
          onBack={() => setPhase('open')}
        />
      )}
    </Dialog>
  );
}

function RowFacts({ row, now }: { row: BackupRow; now: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useStateWord();
  const { name, madeAt, bytes, devices, entries, fault, checked } = row;
  const why = fault ?? checked?.fault;
  const figure = (value: number | undefined) => (value === undefined ? undefined : format.number(value));
  return (
    <Facts
      className="facts-close"
      facts={[
        [
          t('backup/name'),
          <span key="name" className="mono">
            {name}
          </span>,
        ],
        [t('backup/column/state'), word(row)],
        [t('backup/why'), why && <span className="mono">{why}</span>],
        [t('backup/column/age'), madeAt === undefined ? undefined : format.age(now - madeAt)],
        [t('backup/size'), bytes === undefined ? undefined : format.bytes(bytes)],
        [t('backup/devices'), figure(devices)],
        [t('backup/entries'), figure(entries)],
      ]}
    />
  );
}
