/** The backups that a stopped station still has, and going on from one: by a supervisor of the backup, or by whoever stands here. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupRow, StopFailure, StoppedAnswer, StopView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { BackupList, isBad } from '../backup/backup-list.tsx';
import { useFormat } from '../messages/format.ts';
import { ActForm } from '../parts/act-form.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { stopCard } from './stop-card.ts';
import '../backup/backup-screen.css';

interface StopRestoreProps {
  readonly session: Session;
  readonly stop: Extract<StopView, { state: 'stopped' }>;
  readonly lost: boolean;
  readonly onAsk: (call: () => Promise<StoppedAnswer>) => void;
}

const reasons = ['damage', 'disk'] as const;

export function StopRestore({ session, stop, lost, onAsk }: StopRestoreProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [chosen, setChosen] = useState<BackupRow>();
  // The ages are looked at once: nobody tells this page what time the station has.
  const [now] = useState(() => Date.now());
  const { backups, restore, failure } = stop;
  if (backups.length === 0 || restore === 'nobody')
    return failure && isRemedy(failure) ? <p className="stop-detail">{t('stop/commandLine')}</p> : null;
  return (
    <section className="stop-backups" aria-label={t('stop/backups')}>
      <h2>{t('stop/backups')}</h2>
      <BackupList rows={backups} now={now} onOpen={row => !isBad(row) && setChosen(row)} />
      {chosen?.madeAt !== undefined && (
        <Dialog
          title={t('backup/one', { when: format.date(chosen.madeAt) })}
          onClose={() => setChosen(undefined)}
        >
          <ActForm
            effect={t('backup/restoreHere', { when: format.date(chosen.madeAt) })}
            roles={restore === 'pin' ? ['supervisor'] : []}
            who={restore === 'pin' ? { state: 'locked' } : undefined}
            badgePrefix={undefined}
            reasons={reasons.map(each => t(`backup/reasons/${each}`))}
            label={t('backup/restore')}
            refusal={undefined}
            busy={lost}
            onDo={act => {
              setChosen(undefined);
              onAsk(() => session.restoreStopped({ ...act, name: chosen.name }));
            }}
            onBack={() => setChosen(undefined)}
          />
        </Dialog>
      )}
    </section>
  );
}

/** Whether going on from a backup helps at all. */
const isRemedy = (failure: StopFailure): boolean =>
  ['stopCard/damaged', 'stopCard/missing', 'stopCard/disk', 'stopCard/key'].includes(stopCard(failure));
