/** What the station does with a backup now, and what came of it: in words, with what to do where it came to nothing. */
import { useTranslation } from 'react-i18next';
import type { BackupWork } from '../../src/api/contract.ts';
import { backupCard, callCard, useCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { Attention } from '../parts/attention.tsx';
import { Facts } from '../parts/facts.tsx';
import { Running } from '../parts/running.tsx';
import { TickInCircle } from '../parts/symbols.tsx';
import type { BackupHand } from './use-backup.ts';

interface BackupWorkProps {
  readonly hand: Pick<BackupHand, 'backup' | 'failure' | 'stop'>;
  readonly lost: boolean;
}

export function BackupWorkPanel({ hand: { backup, failure, stop }, lost }: BackupWorkProps) {
  const { t } = useTranslation();
  const card = useCard();
  const work = backup?.work;
  if (failure) {
    const name = 'code' in failure ? backupCard(failure.code) : callCard(failure.error);
    const { title, what, do: now } = card(name);
    return (
      <Attention title={title} role="alert">
        <span>
          {what} <b>{now}</b>
        </span>
      </Attention>
    );
  }
  if (!work) return null;
  if (work.state === 'running')
    return (
      <section className="backup-work" aria-label={t('backup/work')}>
        <Running label={t(`backup/${doing(work)}`)} share={work.share === 1 ? undefined : work.share} />
        <button type="button" className="button" disabled={lost} onClick={stop}>
          {t('backup/cancel')}
        </button>
      </section>
    );
  return (
    <section className="backup-work" aria-label={t('backup/work')}>
      {work.state === 'stopped' && <p role="status">{t(`backup/stopped/${work.kind}`)}</p>}
      {work.failure && <Failed failure={work.failure} />}
      {work.kind === 'restore' && work.failure && <p role="status">{t('backup/stillRuns')}</p>}
      {work.state === 'done' &&
        (work.kind === 'restore' ? <p role="status">{t('backup/restoring')}</p> : <Came work={work} />)}
    </section>
  );
}

const doing = ({ kind, share }: BackupWork) => {
  if (kind === 'restore') return 'proving';
  if (kind === 'verify') return 'verifying';
  return share === 1 ? 'checking' : 'copying';
};

function Failed({ failure: { code, detail } }: { failure: NonNullable<BackupWork['failure']> }) {
  const { title, what, do: now } = useCard()(backupCard(code));
  return (
    <Attention title={title} role="alert">
      <span>
        {what} <b>{now}</b>
      </span>
      <span className="backup-detail mono">{detail}</span>
    </Attention>
  );
}

function Came({ work: { kind, name, bytes, entries, removed = 0, readBack } }: { work: BackupWork }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <p className="backup-good" role="status">
        <TickInCircle className="backup-good-symbol" />
        {t(kind === 'make' ? 'backup/made' : 'backup/whole')}
      </p>
      <Facts
        className="backup-facts"
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
