/** The settings as a screen works with them: what it is shown, what it asks, and every answer and refusal it can get. */
import type { DpsErrorCode } from '../../dps/errors.ts';
import type { AccessRefusalCode } from '../access/refusals.ts';
import type { DpsKeyView } from '../dps/dps-key.ts';
import type { ChangedConfiguration } from '../settings/change-configuration.ts';
import type { TrustChangeCode, TrustView } from '../settings/change-trust.ts';
import type { ConfigurationChange } from '../settings/compare-configurations.ts';
import type { ConfigurationFault } from '../settings/fault.ts';
import type { ProductPreview } from '../settings/preview-product.ts';
import type { DpsTest } from '../settings/test-dps.ts';
import type { FixtureTest } from '../settings/test-fixture.ts';

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

export type SettingsAnswer<T> = Promise<({ readonly ok: true } & T) | SettingsRefusal>;

export interface SettingsInput {
  readonly settings: Settings;
  /** Of the view that was looked at. */
  readonly revision: string | null;
}

export interface SettingsDesk {
  read(): SettingsAnswer<{ readonly view: SettingsView }>;
  check(input: SettingsInput): SettingsAnswer<{ readonly check: SettingsCheck }>;
  save(input: SettingsInput): SettingsAnswer<{ readonly saved: ChangedConfiguration }>;
  /** Of these settings, saved or not: the fixture with this id. Not one that is at work. */
  testFixture(input: {
    readonly settings: Settings;
    readonly fixture: string;
  }): SettingsAnswer<{ readonly test: FixtureTest }>;
  /** Of the settings and the key that are saved. */
  testDps(): SettingsAnswer<{ readonly test: DpsTest }>;
  preview(input: {
    readonly settings: Settings;
    readonly product: string;
    readonly serial: string;
  }): SettingsAnswer<{ readonly preview: ProductPreview }>;
  setDpsKey(input: {
    readonly secret: string;
    readonly offline: boolean;
    readonly otherInstance: boolean;
  }): SettingsAnswer<{ readonly key: DpsKeyView }>;
  forgetDpsKey(): SettingsAnswer<object>;
  trust(): SettingsAnswer<{ readonly trust: TrustView }>;
  /** `content`: base64. */
  addTrusted(input: {
    readonly name: string;
    readonly content: string;
  }): SettingsAnswer<{ readonly trust: TrustView }>;
  removeTrusted(input: { readonly file: string }): SettingsAnswer<{ readonly trust: TrustView }>;
}
