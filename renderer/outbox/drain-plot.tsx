/** What waited over the last hour as a line, and how it will empty as a dashed one; in words for those who do not see it. */
import { useTranslation } from 'react-i18next';
import type { DrainOutlook } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import { type DrainCurve, drainCurve, height, width } from './drain-curve.ts';
import { useForecastWords } from './forecast-words.ts';

export function DrainPlot({ outlook }: { outlook: DrainOutlook }) {
  const { t } = useTranslation();
  const format = useFormat();
  const forecast = useForecastWords()(outlook);
  const curve = drainCurve(outlook);
  const label = t('outbox/plot', { most: format.number(curve.most), forecast });
  return (
    <figure className="drain-plot">
      <span className="drain-plot-most figures" aria-hidden="true">
        {format.number(curve.most)}
      </span>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
        <path className="drain-plot-base" d={`M0 ${height}H${width}`} />
        <path className="drain-plot-past" d={curve.past} />
        {curve.ahead && <path className="drain-plot-ahead" d={curve.ahead} />}
        <path className="drain-plot-now" d={`M${curve.nowX} 0V${height}`} />
      </svg>
      <Times curve={curve} />
    </figure>
  );
}

function Times({ curve }: { curve: DrainCurve }) {
  const { t } = useTranslation();
  const format = useFormat();
  const at = (x: number) => ({ left: `${(100 * x) / width}%` });
  /** Nearer to the end, the more of a word lies before its place: it never leaves the plot. */
  const within = (x: number) => ({ ...at(x), translate: `${(-100 * x) / width}% 0` });
  return (
    <div className="drain-plot-times figures" aria-hidden="true">
      <span>{t('outbox/plotPast', { span: format.age(curve.pastMs) })}</span>
      <span className="drain-plot-at" style={at(curve.nowX)}>
        {t('outbox/plotNow')}
      </span>
      {curve.emptyX !== undefined && curve.emptyX - curve.nowX > width * 0.2 && (
        <span className="drain-plot-at" style={within(curve.emptyX)}>
          {t('outbox/plotEmpty')}
        </span>
      )}
    </div>
  );
}
