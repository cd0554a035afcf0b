/** Comparisons as a page to read. */
import type { Comparison, Goal } from './comparison.ts';
import type { Machine } from './machine.ts';
import type { Limit, Measurement } from './measurement.ts';

export function report(machine: Machine, results: readonly (Comparison | Measurement)[]): string {
  const width = Math.max(...Object.keys(machine).map(label => label.length));
  return [
    ...Object.entries(machine).map(([label, value]) => `${label.padEnd(width)}  ${value}`),
    ...results.flatMap(result => [
      '',
      ...('ratio' in result ? describe(result) : describeMeasurement(result)),
    ]),
    '',
    'Keyline and what it is held against take turns in one process; ratio = median of the rounds’ own ratios.',
  ].join('\n');
}

function describeMeasurement({
  name,
  unit,
  sampled,
  n,
  figures,
  goal,
  met,
  lines,
}: Measurement): readonly string[] {
  const limit = (of: Limit['of']) => (of === 'max' ? 'at most' : of);
  return [
    `${name}  (n = ${n} ${sampled})`,
    `  median ${amount(figures.median)} ${unit}  (p95 ${amount(figures.p95)}, min ${amount(figures.min)}, max ${amount(figures.max)})` +
      `   goal ${limit(goal.of)} ${goal.atMost} ${unit}: ${met ? 'met' : 'missed'}`,
    ...lines.map(line => `  ${line}`),
  ];
}

function describe(comparison: Comparison): readonly string[] {
  const { name, unit, against, n, keyline, floor, ratio, difference, goal, met, counts } = comparison;
  const figure = (label: string, value: typeof keyline) =>
    `  ${label.padEnd(8)} median ${amount(value.median)} ${unit}  (quartiles ${amount(value.q1)} … ${amount(value.q3)}, ` +
    `p95 ${amount(value.p95)}, min ${amount(value.min)}, max ${amount(value.max)})`;
  return [
    `${name}  (${[`n = ${n} rounds`, ...counted(counts)].join(', ')})`,
    figure('Keyline', keyline),
    figure(against, floor),
    figure('between', difference),
    `  ratio    ${ratio.median.toFixed(3)}  (quartiles ${ratio.q1.toFixed(3)} … ${ratio.q3.toFixed(3)}, ` +
      `min ${ratio.min.toFixed(3)}, max ${ratio.max.toFixed(3)})   goal ${describeGoal(goal, unit)}: ${met ? 'met' : 'missed'}`,
  ];
}

const countWords: Readonly<Record<string, string>> = {
  commands: 'TPM commands',
  bytesOut: 'bytes out',
  bytesIn: 'bytes in',
  rowsPerRecord: 'rows a record',
  recordsPerRound: 'records a round',
  linkMs: 'ms a round trip',
  devices: 'devices in the ledger',
  entries: 'entries in the log',
  dutsAtOnce: 'at once',
  devicesPerRound: 'devices a round',
  requestsAtOnce: 'requests at once',
  exportPeakMiB: 'MiB at most in one export',
  verifyPeakMiB: 'MiB at most in one verification',
  floorPeakMiB: 'MiB at most in the floor',
  threads: 'threads at most in one verification',
  peakMiB: 'MiB at most in the drains',
  peakMiBImport: 'MiB at most while importing',
  peakMiBLot: 'MiB at most in one certificate',
  enrollmentsPerCall: 'enrollments a call',
  refusedShare: 'of the calls refused',
};

function counted(counts: Comparison['counts']): readonly string[] {
  return Object.entries(counts).map(([name, value]) => `${value} ${countWords[name] ?? name}`);
}

function describeGoal(goal: Goal, unit: Comparison['unit']): string {
  if ('within' in goal) return `p95 ≤ ${goal.within} ${unit}`;
  return 'atMost' in goal ? `≤ ${goal.atMost.toFixed(2)}` : `≥ ${goal.atLeast.toFixed(2)}`;
}

function amount(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
