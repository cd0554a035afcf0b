/** Passed units in each five minutes of the last hour, as bars, against the target as a dashed line. */
import { useTranslation } from 'react-i18next';

const width = 156;
const height = 36;
const gap = 3;

interface PacePlotProps {
  /** Oldest first; the last one is still growing. */
  readonly pace: readonly number[];
  /** Units an hour. */
  readonly target: number | undefined;
}

export function PacePlot({ pace, target }: PacePlotProps) {
  const { t } = useTranslation();
  const perSlot = target === undefined ? undefined : target / 12;
  const top = Math.max(1, ...pace, (perSlot ?? 0) * 1.15);
  const step = (width + gap) / Math.max(1, pace.length);
  const y = (value: number) => height - (value / top) * height;
  return (
    <svg className="pace" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('foot/pacePlot')}>
      {pace.map((passed, index) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is the time
          key={index}
          className={index === pace.length - 1 ? 'pace-bar pace-growing' : 'pace-bar'}
          x={index * step}
          y={Math.min(y(passed), height - 1.5)}
          width={step - gap}
          height={Math.max(height - y(passed), 1.5)}
          rx={1.5}
        />
      ))}
      {perSlot !== undefined && <path className="pace-target" d={`M0 ${y(perSlot)}H${width}`} />}
    </svg>
  );
}
