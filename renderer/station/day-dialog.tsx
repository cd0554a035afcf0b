/** What stands behind the numbers at the foot: each with how it is counted, and the plots large and as a table for the ear. */
import { useTranslation } from 'react-i18next';
import type { TodayView } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import { Dialog } from '../parts/dialog.tsx';
import { PacePlot } from './pace-plot.tsx';
import { yieldFloor } from './yield-line.ts';
import { YieldPlot } from './yield-plot.tsx';
import './day.css';

interface DayDialogProps {
  readonly today: TodayView;
  readonly target: number | undefined;
  readonly onClose: () => void;
}

const quarterMs = 15 * 60_000;

export function DayDialog({ today, target, onClose }: DayDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { quarters } = today;
  const since = { time: format.clock(today.since) };
  const share = (value: number | undefined) => (value === undefined ? t('foot/none') : format.share(value));
  const counts = [
    [
      t(`foot/${today.until === undefined ? 'today' : 'shift'}`),
      format.number(today.passed),
      t('day/passed', since),
    ],
    [t('day/attemptsName'), format.number(today.attempts), t('day/attempts', since)],
    [t('foot/yield'), share(today.firstPassYield), t('day/yield')],
    [t('day/lastHourYieldName'), share(today.lastHourYield), t('day/lastHourYield')],
    [t('day/withoutContactName'), format.number(today.withoutContact), t('day/withoutContact')],
    [t('foot/pace'), t('foot/perHour', { pace: format.number(today.lastHour) }), t('day/pace')],
    [
      t('day/targetName'),
      target === undefined ? t('foot/none') : t('foot/perHour', { pace: format.number(target) }),
      t(target === undefined ? 'day/noTarget' : 'day/target'),
    ],
  ] as const;
  return (
    <Dialog title={t('day/title')} onClose={onClose}>
      <dl className="day">
        {counts.map(([name, value, what]) => (
          <div key={name} className="day-count">
            <dt>{name}</dt>
            <dd className="day-value figures">{value}</dd>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <div className="day-plots">
        <figure>
          <PacePlot quarters={quarters} target={target} />
          <figcaption>{t('plot/pace', { time: format.clock(quarters.from) })}</figcaption>
        </figure>
        <figure>
          <YieldPlot quarters={quarters} />
          <figcaption>
            {t('plot/yield', { time: format.clock(quarters.from) })}{' '}
            {t('plot/yieldFrom', { floor: format.share(yieldFloor(quarters.yield)) })}
          </figcaption>
        </figure>
      </div>
      <table className="unseen">
        <caption>{t('plot/table')}</caption>
        <tbody>
          {quarters.passed.map((passed, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is the time
            <tr key={index}>
              <th scope="row">{format.clock(quarters.from + index * quarterMs)}</th>
              <td>{format.number(passed)}</td>
              <td>{share(quarters.yield[index] ?? undefined)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
