/** First-pass yield in each quarter of an hour of the shift, as a line that breaks where no unit was tried for the first time. */
import { useTranslation } from 'react-i18next';
import type { TodayView } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import { yieldFloor, yieldLine } from './yield-line.ts';
import './plots.css';

const width = 104;
const height = 24;
const inset = 2;

export function YieldPlot({ quarters: { from, of, yield: shares } }: { quarters: TodayView['quarters'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const floor = yieldFloor(shares);
  const step = (width - 2 * inset) / Math.max(1, of - 1, shares.length - 1);
  const x = (index: number) => inset + index * step;
  const y = (share: number) => inset + ((1 - share) / (1 - floor)) * (height - 2 * inset);
  const values = shares.map(share => (share === null ? t('foot/none') : format.share(share)));
  return (
    <svg
      className="plot yield"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={[t('plot/yield', { time: format.clock(from) }), values.join(', ')].join(' ')}
    >
      <path className="plot-base" d={`M0 ${height - 0.75}H${width}`} />
      <path className="plot-line" d={yieldLine(shares, x, y)} />
    </svg>
  );
}
