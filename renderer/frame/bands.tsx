/** What stands beside the place's name as long as it is true: no contact with the station, a fault of it, or of its backups. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StationView } from '../../src/api/contract.ts';
import { useCard, useFaultCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { CrossInOctagon, Offline, Triangle } from '../parts/symbols.tsx';

/** Milliseconds after which a lost contact is no longer one that mends itself. */
const longLost = 20_000;

export function NoContact() {
  const { t } = useTranslation();
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), longLost);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="band" role="status">
      <Offline className="notice-symbol" />
      <p className="notice-words">
        <strong>{t('noContact/title')}</strong>
        <span>
          {t('noContact/what')} {long && <b>{t('noContact/long')}</b>}
        </span>
      </p>
    </div>
  );
}

export function Fault({ fault }: { fault: NonNullable<StationView['fault']> }) {
  const { title, what, do: now } = useFaultCard()(fault);
  return (
    <div className="band tone-fail" role="alert">
      <CrossInOctagon className="notice-symbol" />
      <p className="notice-words">
        <strong>{title}</strong>
        <span>
          {what} <b>{now}</b>
        </span>
      </p>
    </div>
  );
}

/** The schedule of backups failed; for whoever stands here to pass on. */
export function BackupBand({ trouble: { kind, good } }: { trouble: NonNullable<StationView['backup']> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const {
    title,
    what,
    do: now,
  } = useCard()(`backupTrouble/${kind}`, {
    good: good === null ? t('backup/none') : format.date(good),
  });
  return (
    <div className="band" role="status">
      <Triangle className="notice-symbol band-warn" />
      <p className="notice-words">
        <strong>{title}</strong>
        <span>
          {what} <b>{now}</b>
        </span>
      </p>
    </div>
  );
}
