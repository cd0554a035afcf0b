/** What stands beside the place's name as long as it is true: no contact with the station, a fault of it, or of its backups. */
import { type ReactNode, useEffect, useState } from 'react';
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
    <Band symbol={<Offline className="notice-symbol" />} title={t('noContact/title')}>
      {t('noContact/what')} {long && <b>{t('noContact/long')}</b>}
    </Band>
  );
}

export function Fault({ fault }: { fault: NonNullable<StationView['fault']> }) {
  const { title, what, do: now } = useFaultCard()(fault);
  return (
    <Band failed symbol={<CrossInOctagon className="notice-symbol" />} title={title}>
      {what} <b>{now}</b>
    </Band>
  );
}

/** The schedule of backups failed; for whoever stands here to pass on. */
export function BackupBand({ trouble: { kind, good } }: { trouble: NonNullable<StationView['backup']> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const values = { good: good === null ? t('backup/none') : format.date(good) };
  const { title, what, do: now } = useCard()(`backupTrouble/${kind}`, values);
  return (
    <Band symbol={<Triangle className="notice-symbol band-warn" />} title={title}>
      {what} <b>{now}</b>
    </Band>
  );
}

interface BandProps {
  readonly symbol: ReactNode;
  readonly title: string;
  /** Nothing goes on: told at once to those who hear the screen. */
  readonly failed?: boolean;
  readonly children: ReactNode;
}

function Band({ symbol, title, failed = false, children }: BandProps) {
  return (
    <div className={failed ? 'band tone-fail' : 'band'} role={failed ? 'alert' : 'status'}>
      {symbol}
      <p className="notice-words">
        <strong>{title}</strong>
        <span>{children}</span>
      </p>
    </div>
  );
}
