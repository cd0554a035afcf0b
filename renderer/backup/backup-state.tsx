/** The schedule in words: the last good backup, the next one, where they go, what is wrong; and one now. */
import { useTranslation } from 'react-i18next';
import type { BackupView } from '../../src/api/contract.ts';
import { backupCard, useCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { Attention } from '../parts/attention.tsx';
import { Facts } from '../parts/facts.tsx';
import { StatePane } from '../parts/panes.tsx';
import { RestoredFacts } from './restored-facts.tsx';

interface BackupStateProps {
  readonly backup: BackupView | undefined;
  readonly disabled: boolean;
  readonly onMake: () => void;
  readonly onSettings: () => void;
}

export function BackupState({ backup, disabled, onMake, onSettings }: BackupStateProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!backup) return <StatePane name={t('backup/state')} />;
  const { now, folder, good, dueAt, everyHours, keep, restored } = backup;
  const mono = (text: string) => <span className="mono">{text}</span>;
  const when = (at: number) => t('backup/ago', { when: format.date(at), age: format.age(now - at) });
  return (
    <StatePane name={t('backup/state')}>
      <h2>{t('backup/state')}</h2>
      <Trouble backup={backup} />
      <Facts
        className="facts-close"
        facts={[
          [t('backup/last'), good ? when(good.at) : t('backup/none')],
          [
            t('backup/next'),
            dueAt === undefined
              ? t('backup/byThemselves')
              : dueAt <= now
                ? t('backup/dueNow')
                : format.date(dueAt),
          ],
          [t('backup/every'), folder === undefined ? undefined : format.age(everyHours * 3_600_000)],
          [t('backup/keep'), folder === undefined ? undefined : format.number(keep)],
          [t('backup/folder'), folder === undefined ? undefined : mono(folder)],
        ]}
      />
      {folder !== undefined && (
        <button type="button" className="button button-main" disabled={disabled} onClick={onMake}>
          {t('backup/make')}
        </button>
      )}
      <button type="button" className="button" onClick={onSettings}>
        {t('firstSteps/openSettings')}
      </button>
      {restored && (
        <>
          <h2>{t('restored/title')}</h2>
          <RestoredFacts restored={restored} />
        </>
      )}
    </StatePane>
  );
}

function Trouble({ backup }: { backup: BackupView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const card = useCard();
  const { folder, fault, overdue, good, sameDisk } = backup;
  if (folder === undefined)
    return <Attention title={t('backup/noFolder')}>{t('backup/noFolderWhat')}</Attention>;
  if (fault) {
    const { what, do: now } = card(backupCard(fault.failure.code));
    return (
      <Attention title={t('backup/failedAt', { when: format.date(fault.at) })}>
        <span>
          {what} <b>{now}</b>
        </span>
        <span className="attention-detail mono">{fault.failure.detail}</span>
      </Attention>
    );
  }
  if (overdue) {
    const { title, what } = card('backupTrouble/overdue', { good: good ? format.date(good.at) : '—' });
    return <Attention title={title}>{what}</Attention>;
  }
  if (sameDisk) return <Attention title={t('backup/sameDisk')}>{t('backup/sameDiskWhat')}</Attention>;
  return null;
}
