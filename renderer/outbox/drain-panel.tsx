/** How what waits goes to DPS: how much, since when, how fast, until when, and holding it back. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrainOutlook, StationView } from '../../src/api/contract.ts';
import { type CardName, callCard } from '../messages/card.ts';
import { useFormat } from '../messages/format.ts';
import { Attention } from '../parts/attention.tsx';
import { type Fact, Facts } from '../parts/facts.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { DrainPlot } from './drain-plot.tsx';
import { useForecastWords } from './forecast-words.ts';
import './drain-panel.css';

interface DrainPanelProps {
  readonly view: StationView;
  readonly outlook: DrainOutlook | undefined;
  /** No contact with the station: nothing can be done. */
  readonly lost: boolean;
  readonly onPause: () => void;
  readonly onResume: () => void;
  readonly onTryNow: () => Promise<void>;
}

export function DrainPanel({ view, outlook, lost, onPause, onResume, onTryNow }: DrainPanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { outbox, connection } = view;
  const count = outbox.queued + outbox.sending;
  const forecast = useForecastWords();
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<CardName>();
  const tryNow = async () => {
    setFailure(undefined);
    try {
      await onTryNow();
    } catch (error) {
      return setFailure(callCard(error));
    }
    setTried(true);
    setTimeout(() => setTried(false), 4_000);
  };
  return (
    <section className="drain-panel" aria-labelledby="drain-heading">
      <h2 id="drain-heading">{t('outbox/drain')}</h2>
      <p className="drain-count">
        <strong className="figures">{format.number(count)}</strong> {t('outbox/waiting', { count })}
      </p>
      {outbox.paused ? (
        <Paused paused={outbox.paused} />
      ) : (
        <p className="drain-forecast">{tried ? t('outbox/tried') : outlook && forecast(outlook)}</p>
      )}
      {outlook && <DrainPlot outlook={outlook} />}
      {outlook && <OutlookFacts outlook={outlook} lastContact={connection.lastContact} />}
      {failure && <Refusal name={failure} />}
      <div className="drain-actions">
        {outbox.paused ? (
          <button type="button" className="button button-main" disabled={lost} onClick={onResume}>
            {t('outbox/resume')}
          </button>
        ) : (
          <button type="button" className="button" disabled={lost} onClick={onPause}>
            {t('outbox/pause')}
          </button>
        )}
        <button
          type="button"
          className="button"
          disabled={lost || outbox.paused !== undefined || connection.state === 'not-configured'}
          onClick={() => void tryNow()}
        >
          {t('outbox/tryNow')}
        </button>
      </div>
      <p className="unseen" role="status">
        {tried && t('outbox/tried')}
      </p>
    </section>
  );
}

function Paused({ paused: { since, reason } }: { paused: NonNullable<StationView['outbox']['paused']> }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Attention title={t('outbox/paused')} className="drain-paused">
      <span className="drain-paused-why">
        {t('outbox/pausedSince', { time: format.clock(since), reason })}
      </span>
      <span>{t('outbox/pausedWhat')}</span>
    </Attention>
  );
}

function OutlookFacts({ outlook, lastContact }: { outlook: DrainOutlook; lastContact: number | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { forecast, held } = outlook;
  const facts: Fact[] = [
    [t('outbox/oldest'), forecast.oldestAgeMs === null ? t('foot/none') : format.age(forecast.oldestAgeMs)],
    [t('outbox/rate'), t('outbox/perMinute', { formatted: format.number(forecast.perMinute) })],
    [t('outbox/limit'), t(`outbox/limitedBy/${forecast.limitedBy}`)],
    [t('outbox/lastContact'), lastContact === undefined ? t('connection/never') : format.moment(lastContact)],
  ];
  if (held > 0) facts.push([t('outbox/held'), format.number(held)]);
  return <Facts facts={facts} className="drain-facts figures" />;
}
