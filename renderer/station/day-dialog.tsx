/** What stands behind the day's numbers at the foot, each with how it is counted. */
import { useTranslation } from 'react-i18next';
import type { TodayView } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import { Dialog } from '../parts/dialog.tsx';
import './day.css';

interface DayDialogProps {
  readonly today: TodayView;
  readonly target: number | undefined;
  readonly onClose: () => void;
}

export function DayDialog({ today, target, onClose }: DayDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const lastHour = today.pace.reduce((sum, passed) => sum + passed, 0);
  const counts = [
    [t('foot/today'), format.number(today.passed), t('day/passed')],
    [t('day/attemptsName'), format.number(today.attempts), t('day/attempts')],
    [
      t('foot/yield'),
      today.firstPassYield === undefined ? t('foot/none') : format.share(today.firstPassYield),
      t('day/yield'),
    ],
    [t('foot/pace'), t('foot/perHour', { pace: format.number(lastHour) }), t('day/pace')],
    target !== undefined && [
      t('day/targetName'),
      t('foot/perHour', { pace: format.number(target) }),
      t('day/target'),
    ],
  ] as const;
  return (
    <Dialog title={t('day/title')} onClose={onClose}>
      <dl className="day">
        {counts.map(
          count =>
            count && (
              <div key={count[0]} className="day-count">
                <dt>{count[0]}</dt>
                <dd className="day-value figures">{count[1]}</dd>
                <dd>{count[2]}</dd>
              </div>
            ),
        )}
      </dl>
    </Dialog>
  );
}
