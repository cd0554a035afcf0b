/**
 * How long a harvest takes at one virtual DUT: against its own TPM commands alone, with the EK persisted and with the EK
 * made by CreatePrimary, where the key's search in the TPM rules the time; and against the script that lines have today.
 */
import { type Ek, withDut } from './bench-duts.ts';
import { type Comparison, compare } from './comparison.ts';
import { countExchanges, recordHarvest, timeHarvest } from './one-harvest.ts';
import { sendRaw } from './raw-commands.ts';
import { timeToolsHarvest } from './tpm2-tools-harvest.ts';

const names: Readonly<Record<Ek, string>> = {
  persisted: 'harvest, EK persisted',
  derivable: 'harvest, EK by CreatePrimary',
};
/** A few milliseconds each: so many until the compiler has seen everything often enough. */
const warmUpRounds = 150;
/** Each takes a hundred harvests' time. */
const toolsRounds = (rounds: number) => Math.ceil(rounds / 4);

/** @param rounds measured with each kind of DUT */
export async function compareHarvest(rounds: number): Promise<readonly Comparison[]> {
  return [
    await compareWithCommands('persisted', rounds),
    await compareWithCommands('derivable', rounds),
    await compareWithTools(toolsRounds(rounds)),
  ];
}

async function compareWithCommands(ek: Ek, rounds: number): Promise<Comparison> {
  return withDut(ek, async dut => {
    const recorded = await recordHarvest(dut);
    return compare(
      {
        name: names[ek],
        unit: 'ms',
        rounds,
        warmUpRounds: ek === 'persisted' ? warmUpRounds : undefined,
        keyline: () => timeHarvest(dut),
        floor: () => sendRaw(dut.port, recorded),
        goal: { atMost: 1.1 },
      },
      countExchanges(recorded),
    );
  });
}

async function compareWithTools(rounds: number): Promise<Comparison> {
  return withDut('persisted', dut =>
    compare({
      name: 'harvest, against a script on tpm2-tools',
      against: 'script',
      unit: 'ms',
      rounds,
      keyline: () => timeHarvest(dut),
      floor: () => timeToolsHarvest(dut.bridge),
      goal: { atMost: 1 / 25 },
    }),
  );
}
