/**
 * The settings as a screen works with them: look, check while somebody writes, save, and try what is set at a fixture, at DPS
 * and on a serial. A supervisor's or an engineer's, who is signed in by PIN. The station judges, the screen shows. Expected
 * refusals are values with a code; anything thrown is a fault.
 */

import { DpsError } from '../../dps/errors.ts';
import { type Actor, authorize } from '../access/authorize.ts';
import type { Hands } from '../access/hands.ts';
import { type DpsKeyView, forgetDpsKey, setDpsKey, showDpsKey } from '../dps/dps-key.ts';
import { StationError, type StationErrorCode } from '../errors.ts';
import type { StationCore } from '../open-core.ts';
import { ConfigurationRefused, changeConfiguration, settingsOf } from '../settings/change-configuration.ts';
import { addTrusted, removeTrusted, TrustRefused, viewTrust } from '../settings/change-trust.ts';
import { type CheckedConfiguration, checkConfiguration } from '../settings/check-configuration.ts';
import { compareConfigurations } from '../settings/compare-configurations.ts';
import { readConfigurationFile } from '../settings/configuration-file.ts';
import { forScreen, fromScreen } from '../settings/file-only.ts';
import { previewProduct } from '../settings/preview-product.ts';
import { testDps } from '../settings/test-dps.ts';
import { testFixture } from '../settings/test-fixture.ts';
import type { FixtureBoard } from './fixture-board.ts';
import type {
  Settings,
  SettingsAnswer,
  SettingsDesk,
  SettingsRefusal,
  SettingsRefusalCode,
} from './settings-view.ts';

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
  const may = async <T extends object>(work: (who: Actor) => T | Promise<T>): SettingsAnswer<T> => {
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
