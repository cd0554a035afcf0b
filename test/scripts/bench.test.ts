import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { type Comparison, compare, warmUpRounds } from '../../scripts/bench/comparison.ts';
import { spreadOf } from '../../scripts/bench/statistics.ts';
import { longProof } from '../long-proofs.ts';
import { missing, missingSshd } from '../parts.ts';

const root = path.resolve(import.meta.dirname, '../..');

function bench(...words: readonly string[]) {
  const ended = spawnSync(process.execPath, ['scripts/bench.ts', ...words], { cwd: root, encoding: 'utf8' });
  return { ...ended, lines: ended.stdout.split('\n') };
}

test('the record bench compares whole records: as many on both sides, four rows each', () => {
  const { status, stdout, stderr } = bench('record', '--rounds', '2', '--records', '5', '--json');
  assert.equal(status, 0, stderr);
  const { machine, comparisons } = JSON.parse(stdout);
  assert.match(machine.Node, /^v24\./);
  assert.equal(comparisons.length, 1);
  const [record]: Comparison[] = comparisons;
  assert.equal(record?.n, 2);
  assert.deepEqual(record.counts, { rowsPerRecord: 4, recordsPerRound: 5 });
  holdsFigures(record);
});

test('the harvest bench sends the floor the commands that Keyline sent, with a persisted EK and without; a script beside it', {
  skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools'),
}, () => {
  const { status, stdout, stderr } = bench('harvest', '--rounds', '2', '--json');
  assert.equal(status, 0, stderr);
  const [persisted, derivable, script]: Comparison[] = JSON.parse(stdout).comparisons;
  assert.ok(persisted && derivable && script);
  assert.equal(script.against, 'script');
  assert.ok(script.floor.median > script.keyline.median, 'a dozen processes take time');
  for (const comparison of [persisted, derivable]) {
    assert.equal(comparison.n, 2);
    holdsFigures(comparison);
  }
  // Capability, public area, and the certificate's size and bytes; without a persisted EK also making and flushing one.
  assert.ok(persisted.counts.commands! >= 4);
  assert.ok(derivable.counts.commands! >= persisted.counts.commands! + 2);
  assert.ok(derivable.keyline.median > persisted.keyline.median, 'making an RSA key takes time');
});

test('the benches of links and of many at once print their round trips and numbers', {
  skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools') || missingSshd() || longProof,
}, () => {
  const { status, stdout, stderr } = bench('links', 'at-once', '--rounds', '1', '--json');
  assert.equal(status, 0, stderr);
  const comparisons: Comparison[] = JSON.parse(stdout).comparisons;
  const [link, ssh, ...atOnce] = comparisons;
  assert.ok(link && ssh);
  for (const { counts, keyline } of [link, ssh]) {
    assert.ok(keyline.median >= counts.commands! * counts.linkMs!, 'each command costs its round trip');
  }
  assert.deepEqual(
    atOnce.map(({ counts, unit }) => [counts.dutsAtOnce, unit]),
    [4, 16, 32].map(count => [count, 'harvests/s']),
  );
});

test('the export bench writes as many entries and devices on both sides, and measures one export by itself', () => {
  const { status, stdout, stderr } = bench('export', '--rounds', '1', '--records', '50', '--json');
  assert.equal(status, 0, stderr);
  const [log, list]: Comparison[] = JSON.parse(stdout).comparisons;
  assert.equal(log?.counts.entries, 50);
  assert.equal(list?.counts.devices, 50);
  for (const { counts } of [log, list]) assert.ok(counts.exportPeakMiB! > 10);
});

test('the page to read names machine, n, spread and ratio', () => {
  const { status, stdout, stderr } = bench('record', '--rounds', '2', '--records', '5');
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^Node +v24\./m);
  assert.match(stdout, /^durable record of a passed device {2}\(n = 2 rounds, 4 rows a record/m);
  assert.match(
    stdout,
    /^ {2}ratio +\d+\.\d{3} {2}\(quartiles .* max \d+\.\d{3}\) +goal ≥ 0\.90: (met|missed)$/m,
  );
});

test('a wrong word on the command line ends with 2 and the usage', () => {
  for (const words of [['harvests'], ['--rounds', '0'], ['--rounds', 'many'], ['--fast']]) {
    const { status, stderr } = bench(...words);
    assert.equal(status, 2, words.join(' '));
    assert.match(stderr, /usage: npm run bench -- \[harvest\] \[links\] \[at-once\] \[record\]/);
  }
});

test('rounds alternate who goes first, and the ratio is the median of their own ratios', async () => {
  const order: string[] = [];
  const side = (name: string, values: readonly number[]) => async (round: number) => {
    order.push(`${round}${name}`);
    return values[round - warmUpRounds] ?? 1_000_000;
  };
  const contest = {
    name: 'a contest',
    unit: 'ms' as const,
    rounds: 3,
    // A slow spell in the middle doubles both sides of one round.
    keyline: side('k', [11, 24, 13]),
    floor: side('f', [10, 20, 10]),
    goal: { atMost: 1.2 },
  };
  const comparison = await compare(contest);
  assert.deepEqual(order, ['0k', '0f', '1f', '1k', '2k', '2f', '3f', '3k', '4k', '4f', '5f', '5k']);
  assert.equal(comparison.ratio.median, 1.2);
  assert.equal(comparison.keyline.max, 24, 'what the warm-up took is forgotten');
  assert.equal(comparison.met, true);
  assert.equal((await compare({ ...contest, goal: { atMost: 1.19 } })).met, false);
  assert.equal((await compare({ ...contest, goal: { atLeast: 1.21 } })).met, false);
});

test('median, quartiles and p95 lie where they should', () => {
  assert.deepEqual(spreadOf([4, 1, 3, 2, 5]), { median: 3, min: 1, max: 5, q1: 2, q3: 4, p95: 4.8 });
  assert.equal(spreadOf([1, 2]).median, 1.5);
  assert.throws(() => spreadOf([]), RangeError);
});

function holdsFigures({ keyline, floor, ratio }: Comparison): void {
  for (const { min, q1, median, q3, max } of [keyline, floor, ratio]) {
    assert.ok(0 < min && min <= q1 && q1 <= median && median <= q3 && q3 <= max);
  }
}
