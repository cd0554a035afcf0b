/**
 * A person changes the configuration: what would change, and the act. The whole is checked, the file that is replaced must be
 * the one that was looked at, and old and new are kept; the audit has both hashes and the names of the fields that changed,
 * never a value (rules A1, S1, S2). Nothing is written where anything is wrong.
 */

import { type Actor, authorize } from '../access/authorize.ts';
import { needsFirstSupervisor, ownsDirectory } from '../access/manage-people.ts';
import { StationError } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { personOf } from '../people.ts';
import { canonicalConfiguration } from './canonical-configuration.ts';
import { changeFiles } from './change-files.ts';
import { checkConfiguration, readJson } from './check-configuration.ts';
import { type ConfigurationChange, compareConfigurations } from './compare-configurations.ts';
import {
  type ConfigurationFile,
  currentRevision,
  LARGEST_CONFIGURATION,
  putBackConfigurationFile,
  readConfigurationFile,
  replaceConfigurationFile,
} from './configuration-file.ts';
import { type ConfigurationFault, fault, faultLine } from './fault.ts';

const tooLarge = { number: String(LARGEST_CONFIGURATION), most: `${LARGEST_CONFIGURATION} bytes` };

export interface ConfigurationPlan {
  /** SHA-256 of the file that would be replaced; null where there is none. */
  readonly from: string | null;
  readonly faults: readonly ConfigurationFault[];
  /** Empty also where a fault keeps them from being known. */
  readonly changes: readonly ConfigurationChange[];
}

export interface ConfigurationAct {
  readonly json: unknown;
  readonly how: 'import' | 'settings';
  readonly who: Actor;
  /** The hash that was looked at; absent: whatever is there now. */
  readonly from?: string | null | undefined;
}

export interface ChangedConfiguration {
  readonly from: string | null;
  readonly to: string;
  readonly changes: readonly ConfigurationChange[];
}

/** Refused as a whole, with every fault. */
export class ConfigurationRefused extends StationError {
  readonly faults: readonly ConfigurationFault[];

  constructor(faults: readonly ConfigurationFault[]) {
    super('configuration-refused', faults.map(faultLine).join('; '));
    this.faults = faults;
  }
}

/** Changes nothing. */
export function planConfiguration(core: Pick<StationCore, 'directory'>, json: unknown): ConfigurationPlan {
  const { path: from, configurationFile } = core.directory;
  return planFrom(readConfigurationFile(configurationFile), json, from);
}

function planFrom(file: ConfigurationFile, json: unknown, from: string): ConfigurationPlan {
  const { configuration, faults } = checkConfiguration(json, from);
  const sound = configuration && !faults.some(({ stops }) => stops);
  const tooLong = sound && Buffer.byteLength(canonicalConfiguration(json)) > LARGEST_CONFIGURATION;
  return {
    from: file.hash,
    faults: tooLong ? [...faults, fault([], 'too-long', tooLarge)] : faults,
    changes: sound ? compareConfigurations(settingsOf(file), json) : [],
  };
}

/** What the file sets; of one that cannot be read as JSON nothing. */
export function settingsOf({ text }: ConfigurationFile): unknown {
  const read = text === undefined ? undefined : readJson(text);
  return read?.ok && typeof read.json === 'object' && read.json !== null ? read.json : {};
}

/**
 * Where nothing changes, nothing is done.
 * @throws ConfigurationRefused; StationError `configuration-changed` where the file is another one than `from`, and with an
 * `AccessRefusalCode`
 */
export function changeConfiguration(core: StationCore, act: ConfigurationAct): ChangedConfiguration {
  const { directory } = core;
  const done = changeFiles(core.ledger, (putBack): ChangedConfiguration => {
    const account = accountOf(core, act.who);
    const file = readConfigurationFile(directory.configurationFile);
    if (act.from !== undefined && act.from !== file.hash)
      throw new StationError('configuration-changed', 'keyline.json was changed meanwhile');
    const { from, faults, changes } = planFrom(file, act.json, directory.path);
    if (faults.length > 0) throw new ConfigurationRefused(faults);
    const text = canonicalConfiguration(act.json);
    if (changes.length === 0 && from !== null) return { from, to: from, changes };
    const revision = currentRevision(directory);
    putBack(() => putBackConfigurationFile(directory, file, revision));
    const to = replaceConfigurationFile(directory, file, text);
    const personId = personOf(core.ledger, account, core.clock.read().at);
    core.audit.append(core.identity, personId, {
      type: 'configuration',
      data: { how: act.how, from, to, fields: changes.map(({ path }) => path) },
    });
    return { from, to, changes };
  });
  core.takeConfiguration();
  return done;
}

/** Before there is a supervisor, whoever owns the data directory: they can write the file as well. */
function accountOf(core: StationCore, who: Actor): string {
  if (who.proof === 'account' && needsFirstSupervisor(core) && isOwner(core, who.account)) return who.account;
  return authorize(core, 'change-settings', who);
}

function isOwner(core: StationCore, account: string): boolean {
  return account.startsWith('os:') && ownsDirectory(core.directory.path);
}
