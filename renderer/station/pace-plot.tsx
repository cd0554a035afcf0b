/** Passed units in each quarter of an hour of the shift, as bars, against the target as a dashed line. */
import { useTranslation } from 'react-i18next';
import type { TodayView } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import './plots.css';

const width = 156;
const height = 36;

interface PacePlotProps {
  readonly quarters: TodayView['quarters'];
  /** Units an hour. */
  readonly target: number | undefined;
}

export function PacePlot({ quarters: { from, of, passed }, target }: PacePlotProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const perQuarter = target === undefined ? undefined : target / 4;
  const top = Math.max(1, ...passed, (perQuarter ?? 0) * 1.15);
  const step = width / Math.max(1, of, passed.length);
  const gap = Math.min(3, step / 4);
  const y = (value: number) => height - (value / top) * height;
  const words = [
    t('plot/pace', { time: format.clock(from) }),
    passed.map(format.number).join(', '),
    perQuarter !== undefined && t('plot/paceTarget', { target: format.number(perQuarter) }),
  ];
  return (
    <svg
      className="plot pace"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words.filter(Boolean).join(' ')}
    >
      {passed.map((count, index) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is the time
          key={index}
          className={index === passed.length - 1 ? 'plot-bar plot-growing' : 'plot-bar'}
          x={index * step}
          y={Math.min(y(count), height - 1.5)}
          width={step - gap}
          height={Math.max(height - y(count), 1.5)}
        />
      ))}
      {perQuarter !== undefined && <path className="plot-target" d={`M0 ${y(perQuarter)}H${width}`} />}
    </svg>
  );
}
