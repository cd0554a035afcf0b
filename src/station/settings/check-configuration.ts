/**
 * The one validation of a configuration, for the start of a station, `keyline config check` and the Settings screen: first
 * the shape of every value (configuration.ts), then what they mean together and in this place. The text is a person's.
 */
import { type Configuration, configurationSchema } from '../configuration/configuration.ts';
import { type ConfigurationFault, fault } from './fault.ts';
import { meaningFaults } from './meaning-faults.ts';
import { shapeFaults } from './shape-faults.ts';

export interface CheckedConfiguration {
  /** Undefined where its shape is wrong: then nothing more was looked at. */
  readonly configuration: Configuration | undefined;
  readonly faults: readonly ConfigurationFault[];
}

/** @param from the folder that relative places in it start from: the data directory */
export function checkConfiguration(json: unknown, from: string): CheckedConfiguration {
  const parsed = configurationSchema.safeParse(json);
  if (!parsed.success) return { configuration: undefined, faults: shapeFaults(parsed.error.issues) };
  return { configuration: parsed.data, faults: meaningFaults(parsed.data, from) };
}

export type JsonText =
  | { readonly ok: true; readonly json: unknown }
  | { readonly ok: false; readonly fault: ConfigurationFault };

/** A byte order mark, which some editors write, is passed over. */
export function readJson(text: string): JsonText {
  try {
    return { ok: true, json: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch (error) {
    return { ok: false, fault: fault([], 'not-json', { detail: (error as Error).message.slice(0, 200) }) };
  }
}
