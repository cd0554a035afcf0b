/** Harvests a second at many virtual DUTs at once, against as many raw clients at once. */
import { withDuts } from './bench-duts.ts';
import { type Comparison, compare } from './comparison.ts';
import { recordHarvest, timeHarvest } from './one-harvest.ts';
import { sendRaw } from './raw-commands.ts';

const numbersOfDuts = [4, 16, 32] as const;

export async function compareAtOnce(rounds: number): Promise<readonly Comparison[]> {
  return withDuts(Math.max(...numbersOfDuts), 'persisted', async duts => {
    const recorded = await recordHarvest(duts[0]!);
    const comparisons: Comparison[] = [];
    for (const count of numbersOfDuts) {
      const some = duts.slice(0, count);
      comparisons.push(
        await compare(
          {
            name: `${count} DUTs at once`,
            unit: 'harvests/s',
            rounds,
            warmUpRounds: Math.ceil(100 / count),
            keyline: () => rate(some, dut => timeHarvest(dut)),
            floor: () => rate(some, dut => sendRaw(dut.port, recorded)),
            goal: { atLeast: 0.95 },
          },
          { dutsAtOnce: count },
        ),
      );
    }
    return comparisons;
  });
}

async function rate<T>(duts: readonly T[], harvest: (dut: T) => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await Promise.all(duts.map(harvest));
  return (duts.length * 1000) / (performance.now() - begun);
}
