/** The deadlines of a fixture in the configuration, in the words of a harvest. */
import type { HarvestDeadlines } from '../../harvest/deadlines.ts';
import type { FixtureConfiguration } from '../configuration/configuration.ts';

/** Only those that it sets. */
export function deadlinesOf(fixture: FixtureConfiguration): Partial<HarvestDeadlines> {
  const { connectSeconds, commandSeconds, harvestSeconds } = fixture;
  return {
    ...(connectSeconds === undefined ? {} : { connectMs: connectSeconds * 1000 }),
    ...(commandSeconds === undefined ? {} : { commandMs: commandSeconds * 1000 }),
    ...(harvestSeconds === undefined ? {} : { wholeMs: harvestSeconds * 1000 }),
  };
}
