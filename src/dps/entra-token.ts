/**
 * Access tokens of Microsoft Entra ID for DPS (scope `https://azure-devices-provisioning.net/.default`) through Microsoft's
 * `@azure/identity`, which is loaded when the first token is needed. One sign-in runs at a time, and a token is kept until
 * shortly before it ends by the monotonic clock, whatever the station's clock does meanwhile.
 */
import type { TokenCredential } from '@azure/identity';
import type { Authorization } from './authorization.ts';
import type { EntraSettings } from './connection-settings.ts';
import { failed, settingsFault, signInFault } from './entra-fault.ts';
import { EntraJourney, type EntraWay } from './entra-journey.ts';

const scope = 'https://azure-devices-provisioning.net/.default';
/** Fetched anew this long before it ends; half of its life where that is shorter. */
const reserveMs = 300_000;

export class EntraToken implements Authorization {
  readonly #settings: EntraSettings;
  readonly #journey: EntraJourney;
  #credential: TokenCredential | undefined;
  #token: { readonly header: string; readonly goodUntilMs: number } | undefined;
  #fetching: Promise<string> | undefined;

  /** Throws DpsError `proxy-invalid`, `entra-settings-invalid`. */
  constructor(settings: EntraSettings, way: EntraWay) {
    this.#settings = settings;
    this.#journey = new EntraJourney(settings, way);
  }

  header(_now: number, leftMs: number, closing: AbortSignal): string | Promise<string> {
    if (this.#token && performance.now() < this.#token.goodUntilMs) return this.#token.header;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return within(leftMs, closing, this.#fetching);
  }

  /** The library keeps tokens too: with another credential it has to ask again. */
  forget(): boolean {
    this.#token = undefined;
    this.#credential = undefined;
    return true;
  }

  async #fetch(): Promise<string> {
    this.#credential ??= await this.#open();
    this.#journey.begin();
    const startedMs = performance.now();
    const startedAt = Date.now();
    let token: Awaited<ReturnType<TokenCredential['getToken']>>;
    try {
      token = await this.#credential.getToken(scope);
    } catch {
      throw signInFault(this.#journey);
    }
    if (!token) throw failed('entra-login-failed', 'Microsoft Entra ID gave no token.');
    const lifeMs = token.expiresOnTimestamp - startedAt;
    const header = `Bearer ${token.token}`;
    this.#token = { header, goodUntilMs: startedMs + Math.max(lifeMs - reserveMs, lifeMs / 2) };
    return header;
  }

  async #open(): Promise<TokenCredential> {
    const identity = await import('@azure/identity');
    const settings = this.#settings;
    const options = this.#journey.options;
    try {
      switch (settings.kind) {
        case 'client-secret':
          return new identity.ClientSecretCredential(
            settings.tenantId,
            settings.clientId,
            settings.clientSecret,
            options,
          );
        case 'client-certificate': {
          const { tenantId, clientId, certificate } = settings;
          return new identity.ClientCertificateCredential(tenantId, clientId, { certificate }, options);
        }
        case 'workload-identity': {
          const { tenantId, clientId, tokenFile: tokenFilePath } = settings;
          return new identity.WorkloadIdentityCredential({ ...options, tenantId, clientId, tokenFilePath });
        }
        case 'managed-identity':
          return settings.clientId === undefined
            ? new identity.ManagedIdentityCredential(options)
            : new identity.ManagedIdentityCredential(settings.clientId, options);
      }
    } catch {
      throw settingsFault();
    }
  }
}

function within(leftMs: number, closing: AbortSignal, token: Promise<string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = () =>
      stop(() => reject(failed('entra-unreachable', 'Microsoft Entra ID did not answer in time.')));
    const closed = () =>
      stop(() => reject(failed('offline', 'The connection to DPS was closed by this station.')));
    const timer = setTimeout(late, Math.max(leftMs, 0));
    const stop = (speak: () => void) => {
      clearTimeout(timer);
      closing.removeEventListener('abort', closed);
      speak();
    };
    closing.addEventListener('abort', closed, { once: true });
    token.then(
      header => stop(() => resolve(header)),
      error => stop(() => reject(error)),
    );
  });
}
