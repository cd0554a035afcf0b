/** What the station does with a backup now, and what came of it: in words, with what to do where it came to nothing. */
import { useTranslation } from 'react-i18next';
import type { BackupWork } from '../../src/api/contract.ts';
import { backupCard, callCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { Facts } from '../parts/facts.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { WorkGood, WorkResult, WorkRunning } from '../parts/station-work.tsx';
import type { BackupHand } from './use-backup.ts';

interface BackupWorkProps {
  readonly hand: Pick<BackupHand, 'backup' | 'failure' | 'stop'>;
  readonly lost: boolean;
}

export function BackupWorkPanel({ hand: { backup, failure, stop }, lost }: BackupWorkProps) {
  const { t } = useTranslation();
  const work = backup?.work;
  if (failure)
    return <Refusal name={'code' in failure ? backupCard(failure.code) : callCard(failure.error)} />;
  if (!work) return null;
  if (work.state === 'running')
    return (
      <WorkRunning
        name={t('backup/work')}
        label={t(`backup/${doing(work)}`)}
        share={work.share === 1 ? undefined : work.share}
        end={t('backup/cancel')}
        disabled={lost}
        onEnd={stop}
      />
    );
  return (
    <WorkResult name={t('backup/work')}>
      {work.state === 'stopped' && <p role="status">{t(`backup/stopped/${work.kind}`)}</p>}
      {work.failure && <Refusal name={backupCard(work.failure.code)} detail={work.failure.detail} />}
      {work.kind === 'restore' && work.failure && <p role="status">{t('backup/stillRuns')}</p>}
      {work.state === 'done' &&
        (work.kind === 'restore' ? <p role="status">{t('backup/restoring')}</p> : <Came work={work} />)}
    </WorkResult>
  );
}

const doing = ({ kind, share }: BackupWork) => {
  if (kind === 'restore') return 'proving';
  if (kind === 'verify') return 'verifying';
  return share === 1 ? 'checking' : 'copying';
};

function Came({ work: { kind, name, bytes, entries, removed = 0, readBack } }: { work: BackupWork }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <WorkGood>{t(kind === 'make' ? 'backup/made' : 'backup/whole')}</WorkGood>
      <Facts
        className="facts-close"
        facts={[
          [t('backup/name'), name && <span className="mono">{name}</span>],
          [t('backup/size'), bytes === undefined ? undefined : format.bytes(bytes)],
          [t('backup/entries'), entries === undefined ? undefined : format.number(entries)],
          [t('backup/readBack'), readBack && t(`backup/readBackWord/${readBack}`)],
        ]}
      />
      {removed > 0 && <p className="backup-quiet">{t('backup/removed', { count: removed })}</p>}
    </>
  );
}
