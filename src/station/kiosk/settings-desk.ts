/**
 * The settings as a screen works with them: look, check while somebody writes, save, and try what is set at a fixture, at DPS
 * and on a serial. A supervisor's or an engineer's, who is signed in by PIN. The station judges, the screen shows. Expected
 * refusals are values with a code; anything thrown is a fault.
 */

import { DpsError, type DpsErrorCode } from '../../dps/errors.ts';
import { type Actor, authorize } from '../access/authorize.ts';
import type { Hands } from '../access/hands.ts';
import type { AccessRefusalCode } from '../access/refusals.ts';
import { type DpsKeyView, forgetDpsKey, setDpsKey, showDpsKey } from '../dps/dps-key.ts';
import { StationError, type StationErrorCode } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import {
  type ChangedConfiguration,
  ConfigurationRefused,
  changeConfiguration,
  settingsOf,
} from '../settings/change-configuration.ts';
import {
  addTrusted,
  removeTrusted,
  type TrustChangeCode,
  TrustRefused,
  type TrustView,
  viewTrust,
} from '../settings/change-trust.ts';
import { type CheckedConfiguration, checkConfiguration } from '../settings/check-configuration.ts';
import { type ConfigurationChange, compareConfigurations } from '../settings/compare-configurations.ts';
import { readConfigurationFile } from '../settings/configuration-file.ts';
import type { ConfigurationFault } from '../settings/fault.ts';
import { forScreen, fromScreen } from '../settings/file-only.ts';
import { type ProductPreview, previewProduct } from '../settings/preview-product.ts';
import { type DpsTest, testDps } from '../settings/test-dps.ts';
import { type FixtureTest, testFixture } from '../settings/test-fixture.ts';
import type { FixtureBoard } from './fixture-board.ts';

export type { Configuration } from '../configuration/configuration.ts';
export type { TrustChangeCode, TrustedCertificate, TrustView } from '../settings/change-trust.ts';
export type { ConfigurationChange } from '../settings/compare-configurations.ts';
export type { ConfigurationFault, ConfigurationFaultCode } from '../settings/fault.ts';
export type { ProductPreview } from '../settings/preview-product.ts';
export type { DpsCheck, DpsCheckResult, DpsTest } from '../settings/test-dps.ts';
export type { FixtureTest, FoundTpm } from '../settings/test-fixture.ts';
export type { DpsKeyView };

/** As keyline.json has them: only what is set. Commands are a mark (settings/file-only.ts). */
export type Settings = Readonly<Record<string, unknown>>;

export interface SettingsView {
  /** SHA-256 of the file; null where there is none. Goes back with `save`. */
  readonly revision: string | null;
  readonly settings: Settings;
  readonly faults: readonly ConfigurationFault[];
  /** Undefined where the key or the settings of DPS cannot be used. */
  readonly dpsKey: DpsKeyView | undefined;
}

export interface SettingsCheck {
  readonly faults: readonly ConfigurationFault[];
  readonly changes: readonly ConfigurationChange[];
  /** The file is another one than was looked at. */
  readonly isOutdated: boolean;
}

export type SettingsRefusalCode =
  | AccessRefusalCode
  | 'sign-in-key-missing'
  | 'configuration-refused'
  | 'configuration-changed'
  | 'configuration-invalid'
  | 'fixture-running'
  | 'dps-key-empty'
  | 'dps-key-not-needed'
  | 'dps-key-of-another'
  | TrustChangeCode
  | DpsErrorCode;

export interface SettingsRefusal {
  readonly ok: false;
  readonly code: SettingsRefusalCode;
  readonly detail: string;
  /** With `configuration-refused`. */
  readonly faults?: readonly ConfigurationFault[];
}

type Answer<T> = Promise<({ readonly ok: true } & T) | SettingsRefusal>;

export interface SettingsInput {
  readonly settings: Settings;
  /** Of the view that was looked at. */
  readonly revision: string | null;
}

export interface SettingsDesk {
  read(): Answer<{ readonly view: SettingsView }>;
  check(input: SettingsInput): Answer<{ readonly check: SettingsCheck }>;
  save(input: SettingsInput): Answer<{ readonly saved: ChangedConfiguration }>;
  /** Of these settings, saved or not: the fixture with this id. Not one that is at work. */
  testFixture(input: {
    readonly settings: Settings;
    readonly fixture: string;
  }): Answer<{ readonly test: FixtureTest }>;
  /** Of the settings and the key that are saved. */
  testDps(): Answer<{ readonly test: DpsTest }>;
  preview(input: {
    readonly settings: Settings;
    readonly product: string;
    readonly serial: string;
  }): Answer<{ readonly preview: ProductPreview }>;
  setDpsKey(input: {
    readonly secret: string;
    readonly offline: boolean;
    readonly otherInstance: boolean;
  }): Answer<{ readonly key: DpsKeyView }>;
  forgetDpsKey(): Answer<object>;
  trust(): Answer<{ readonly trust: TrustView }>;
  /** `content`: base64. */
  addTrusted(input: {
    readonly name: string;
    readonly content: string;
  }): Answer<{ readonly trust: TrustView }>;
  removeTrusted(input: { readonly file: string }): Answer<{ readonly trust: TrustView }>;
}

/** @param written there is something new in the ledger, and maybe in the configuration */
export function settingsDesk(
  core: StationCore,
  hands: Hands,
  board: Pick<FixtureBoard, 'view'>,
  written: () => void,
): SettingsDesk {
  const file = () => readConfigurationFile(core.directory.configurationFile);
  /** What was sent, with what only the file has, and all that is wrong with it. */
  const whole = (sent: Settings): CheckedConfiguration & { readonly json: Settings } => {
    const { json, faults } = fromScreen(sent, settingsOf(file()));
    const checked = checkConfiguration(json, core.directory.path);
    return { json, configuration: checked.configuration, faults: [...faults, ...checked.faults] };
  };
  const may = async <T extends object>(work: (who: Actor) => T | Promise<T>): Answer<T> => {
    try {
      const who = await hands.actor();
      authorize(core, 'change-settings', who);
      return { ok: true, ...(await work(who)) };
    } catch (error) {
      return refusalOf(error);
    }
  };
  const inAct = (who: Actor) => () => authorize(core, 'change-settings', who);
  const trustChanged = () => {
    written();
    return { trust: viewTrust(core) };
  };
  return {
    read: () =>
      may(() => {
        const { text, hash } = file();
        const settings = settingsOf({ text, hash });
        const { faults } = checkConfiguration(settings, core.directory.path);
        return {
          view: { revision: hash, settings: forScreen(settings), faults, dpsKey: dpsKeyOf(core) },
        };
      }),
    check: ({ settings, revision }) =>
      may(() => {
        const now = file();
        const { json, configuration, faults } = whole(settings);
        const changes = configuration && !faults.some(({ stops }) => stops);
        return {
          check: {
            faults,
            changes: changes ? compareConfigurations(settingsOf(now), json) : [],
            isOutdated: now.hash !== revision,
          },
        };
      }),
    save: ({ settings, revision }) =>
      may(who => {
        if (file().hash !== revision)
          throw new StationError('configuration-changed', 'keyline.json was changed meanwhile');
        const { json, faults } = whole(settings);
        if (faults.length > 0) throw new ConfigurationRefused(faults);
        const saved = changeConfiguration(core, { json, how: 'settings', who, from: revision });
        written();
        return { saved };
      }),
    testFixture: ({ settings, fixture }) =>
      may(async () => {
        if (board.view(fixture)?.state === 'running') return throwRunning(fixture);
        const { configuration, faults } = whole(settings);
        const index = configuration?.fixtures.findIndex(({ id }) => id === fixture) ?? -1;
        const own = faults.filter(({ path: [list, at] }) => list === 'fixtures' && at === index);
        if (!configuration || index < 0 || own.some(({ code }) => code !== 'bridge-shared'))
          throw new ConfigurationRefused(index < 0 ? faults : own);
        return { test: await testFixture(core, configuration.fixtures[index]!) };
      }),
    testDps: () => may(async () => ({ test: await testDps(core) })),
    preview: ({ settings, product, serial }) =>
      may(() => {
        const { configuration, faults } = whole(settings);
        const meant = configuration?.products.find(({ name }) => name === product);
        if (!meant || faults.some(({ stops }) => stops)) throw new ConfigurationRefused(faults);
        return { preview: previewProduct(meant, serial, core.identity.stationId) };
      }),
    setDpsKey: request =>
      may(async who => {
        const key = await setDpsKey(core, { ...request, account: inAct(who) });
        written();
        return { key };
      }),
    forgetDpsKey: () =>
      may(who => {
        forgetDpsKey(core, inAct(who));
        written();
        return {};
      }),
    trust: () => may(() => ({ trust: viewTrust(core) })),
    addTrusted: ({ name, content }) =>
      may(who => {
        addTrusted(core, { name, content: Buffer.from(content, 'base64') }, who);
        return trustChanged();
      }),
    removeTrusted: input =>
      may(who => {
        removeTrusted(core, input.file, who);
        return trustChanged();
      }),
  };
}

function dpsKeyOf(core: StationCore): DpsKeyView | undefined {
  try {
    return showDpsKey(core);
  } catch (error) {
    if (!(error instanceof DpsError)) throw error;
    return undefined;
  }
}

class FixtureRunning extends Error {}

function throwRunning(fixture: string): never {
  throw new FixtureRunning(`fixture ${fixture} is at work`);
}

const refusalCodes: ReadonlySet<StationErrorCode> = new Set<StationErrorCode & SettingsRefusalCode>([
  'sign-in-needed',
  'sign-in-refused',
  'sign-in-locked',
  'role-missing',
  'pin-needed',
  'sign-in-key-missing',
  'configuration-refused',
  'configuration-changed',
  'configuration-invalid',
  'dps-key-empty',
  'dps-key-not-needed',
  'dps-key-of-another',
]);

function refusalOf(error: unknown): SettingsRefusal {
  if (error instanceof FixtureRunning) return { ok: false, code: 'fixture-running', detail: error.message };
  if (error instanceof TrustRefused || error instanceof DpsError)
    return { ok: false, code: error.code, detail: error.message };
  if (!(error instanceof StationError) || !refusalCodes.has(error.code)) throw error;
  return {
    ok: false,
    code: error.code as SettingsRefusalCode,
    detail: error.message,
    ...(error instanceof ConfigurationRefused && { faults: error.faults }),
  };
}
