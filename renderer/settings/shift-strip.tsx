/** The day as the shifts divide it, beginning with the first: how long each is, to scale. */
import { useTranslation } from 'react-i18next';
import { useFormat } from '../messages/format.ts';
import { shiftsOfDay } from './shifts-of-day.ts';

export function ShiftStrip({ times }: { times: readonly string[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shifts = shiftsOfDay(times);
  if (shifts.length === 0) return null;
  return (
    <ol className="setting-shifts">
      {shifts.map(({ from, minutes }) => (
        <li key={from} style={{ flexGrow: minutes }}>
          <b>{from}</b>
          <span>{t('settings/shifts/hours', { hours: format.number(minutes / 60) })}</span>
        </li>
      ))}
    </ol>
  );
}
