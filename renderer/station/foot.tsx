/**
 * The line of truth at the edge: the connection and what waits for it, and how the day goes. It never moves. Its halves are
 * drawn when what they say changed, not whenever a fixture did.
 */
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectionView, OutboxView, StationView } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import { NotSet, Offline, Online, Triangle } from '../parts/symbols.tsx';
import { PacePlot } from './pace-plot.tsx';
import { targetOf } from './target.ts';
import { useNow } from './use-now.ts';
import { YieldPlot } from './yield-plot.tsx';
import './foot.css';

interface FootProps {
  readonly view: StationView;
  /** No contact with the station itself: what stands here is the last known state. */
  readonly lost: boolean;
  readonly onConnection: () => void;
  readonly onDay: () => void;
}

export function Foot({ view, lost, onConnection, onDay }: FootProps) {
  return (
    <footer className="foot">
      <button type="button" className="foot-connection" onClick={onConnection}>
        <ConnectionSymbol state={lost ? 'offline' : view.connection.state} />
        <ConnectionWords
          connection={view.connection}
          outbox={view.outbox}
          clockAheadMs={view.clockAheadMs}
          backup={view.backup?.kind}
          lost={lost}
        />
      </button>
      <Today today={view.today} target={targetOf(view)} onOpen={onDay} />
    </footer>
  );
}

const symbols = { online: Online, offline: Offline, refused: Triangle, 'not-configured': NotSet } as const;

export function ConnectionSymbol({ state }: { state: ConnectionView['state'] }) {
  const Shape = symbols[state];
  return <Shape className={`foot-symbol connection-${state}`} />;
}

const ConnectionWords = memo(function ConnectionWords({
  connection,
  outbox,
  clockAheadMs,
  backup,
  lost,
}: {
  connection: ConnectionView;
  outbox: OutboxView;
  clockAheadMs: number | undefined;
  backup: NonNullable<StationView['backup']>['kind'] | undefined;
  lost: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(5000);
  const count = outbox.queued + outbox.sending;
  const aside = outbox.conflict + outbox.quarantined;
  const waiting =
    count === 0 ? t('foot/nothing') : t('foot/waiting', { count, formatted: format.number(count) });
  const online = connection.state === 'online';
  const facts = [
    lost && t('foot/lastKnown'),
    !online &&
      connection.state !== 'not-configured' &&
      t('foot/since', { time: format.clock(connection.since) }),
    online &&
      connection.lastContact !== undefined &&
      t('foot/lastContact', { time: format.clock(connection.lastContact) }),
    count > 0 &&
      outbox.oldestAt !== undefined &&
      t('foot/oldest', { age: format.age(now - outbox.oldestAt) }),
    count > 0 && !online && t('foot/kept'),
  ].filter(fact => fact !== false);
  return (
    <span className="foot-words figures">
      <span className="foot-first">
        {lost ? t('foot/lost') : t(`connectionState/${connection.state}`)} · {waiting}
      </span>
      <span className="foot-second">
        {clockAheadMs !== undefined && (
          <span className="foot-aside">
            <Triangle className="inline-symbol" />
            {t(clockAheadMs > 0 ? 'foot/clockAhead' : 'foot/clockBehind', {
              span: format.age(Math.abs(clockAheadMs)),
            })}
          </span>
        )}
        {backup && (
          <span className="foot-aside">
            <Triangle className="inline-symbol" />
            {t(`backupTrouble/${backup}/title`)}
          </span>
        )}
        {outbox.paused && (
          <span className="foot-aside">
            <Triangle className="inline-symbol" />
            {t('foot/paused')}
          </span>
        )}
        {aside > 0 && (
          <span className="foot-aside">
            <Triangle className="inline-symbol" />
            {t('foot/aside', { count: aside, formatted: format.number(aside) })}
          </span>
        )}
        {/* A wrong clock takes their place: their times are by it. */}
        {clockAheadMs === undefined && <span>{facts.join(' · ')}</span>}
      </span>
    </span>
  );
});

interface TodayProps {
  readonly today: StationView['today'];
  readonly target: number | undefined;
  readonly onOpen: () => void;
}

const Today = memo(function Today({ today, target, onOpen }: TodayProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const pace = format.number(today.lastHour);
  const apart = today.withoutContact;
  return (
    <div className="foot-day">
      <dl className="foot-counts figures">
        <div>
          <dt>{t(`foot/${today.until === undefined ? 'today' : 'shift'}`)}</dt>
          <dd>{format.number(today.passed)}</dd>
        </div>
        <div className="foot-yield">
          <dt>{t('foot/yield')}</dt>
          <dd>{today.firstPassYield === undefined ? t('foot/none') : format.share(today.firstPassYield)}</dd>
          <dd className="foot-apart">
            {apart > 0 && (
              <>
                <Triangle className="inline-symbol" />
                {t('foot/withoutContact', { count: apart, formatted: format.number(apart) })}
              </>
            )}
          </dd>
          <dd className="foot-plot">
            <YieldPlot quarters={today.quarters} />
          </dd>
        </div>
        <div className="foot-pace">
          <dt>{t(target === undefined ? 'foot/pace' : 'foot/paceTarget')}</dt>
          <dd>
            {target === undefined
              ? t('foot/perHour', { pace })
              : t('foot/ofPerHour', { pace, target: format.number(target) })}
          </dd>
          <dd className="foot-plot">
            <PacePlot quarters={today.quarters} target={target} />
          </dd>
        </div>
      </dl>
      <button type="button" className="foot-day-open" aria-label={t('day/title')} onClick={onOpen} />
    </div>
  );
});
