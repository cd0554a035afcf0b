/** What stands beside the place's name as long as it is true: no contact with the station, or a fault of it. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StationView } from '../../src/api/contract.ts';
import { useFaultCard } from '../messages/card.ts';
import { CrossInOctagon, Offline } from '../parts/symbols.tsx';

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
