/** The plots of a lot's certificate as SVG text: black on white, so that a copier keeps them. */
import type { LotBucket } from './lot-facts.ts';

const width = 640;
const height = 96;

const svg = (label: string, content: string): string =>
  `<svg viewBox="0 0 ${width} ${height + 1}" role="img" aria-label="${label}">${content}<path d="M0 ${height}H${width}" class="axis"/></svg>`;

/** Passed devices of each span. @param label escaped text */
export function pacePlot(buckets: readonly LotBucket[], label: string): string {
  const top = Math.max(1, ...buckets.map(({ passed }) => passed));
  return svg(
    label,
    bars(buckets, ({ passed }) => passed / top),
  );
}

/** Passed attempts of each span's attempts, from 0 to 1; none where nothing was tried. @param label escaped text */
export function yieldPlot(buckets: readonly LotBucket[], label: string): string {
  return svg(
    label,
    bars(buckets, ({ attempts, passed }) => (attempts === 0 ? 0 : passed / attempts)),
  );
}

function bars(buckets: readonly LotBucket[], share: (bucket: LotBucket) => number): string {
  const step = width / Math.max(1, buckets.length);
  return buckets
    .map((bucket, at) => {
      const tall = share(bucket) * height;
      const x = (at * step).toFixed(1);
      return `<rect x="${x}" y="${(height - tall).toFixed(1)}" width="${(step * 0.8).toFixed(1)}" height="${tall.toFixed(1)}"/>`;
    })
    .join('');
}
