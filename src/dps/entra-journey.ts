/**
 * The way to Microsoft's sign-in service: its own agent, through the plant's proxy where one is set, and what happened on
 * it. `@azure/identity` says "endpoints_resolution_error" to almost everything, so the requests are watched underneath.
 */
import { Agent } from 'node:https';
import { getCACertificates } from 'node:tls';
import type { ClientSecretCredentialOptions } from '@azure/identity';
import type { EntraSettings } from './connection-settings.ts';
import { DpsError } from './errors.ts';
import { type Environment, type PlantProxy, proxyFor } from './proxy.ts';

/** The way to the sign-in service. */
export interface EntraWay {
  /** PEM: trusted there besides the authorities that Node trusts, because the service is a public one. */
  readonly ca: string | undefined;
  readonly environment: Environment;
  /** For one request: the library itself would wait for ever, and every later call with it. */
  readonly deadlineMs: number;
}

/** Of the last request of a sign-in. */
export interface JourneyEnd {
  /** Node's code and message of a network fault. */
  readonly fault?: { readonly code: string; readonly message: string };
  readonly status?: number;
  /** The answer was JSON: of the service itself, not of a page that a network shows to strangers. */
  readonly json?: boolean;
  /** Entra's own error code, as `AADSTS7000215`. */
  readonly aadsts?: string;
}

type Policy = NonNullable<ClientSecretCredentialOptions['additionalPolicies']>[number]['policy'];

const publicAuthority = 'https://login.microsoftonline.com';

export class EntraJourney {
  readonly host: string;
  readonly proxy: PlantProxy | undefined;
  readonly options: ClientSecretCredentialOptions;
  #end: JourneyEnd | undefined;

  /** Throws DpsError `proxy-invalid`, `entra-settings-invalid`. */
  constructor(settings: EntraSettings, { ca, environment, deadlineMs }: EntraWay) {
    // A managed identity is asked for on this machine, or next to it, without TLS.
    const managed = settings.kind === 'managed-identity';
    const authorityHost = (managed ? undefined : settings.authorityHost) ?? publicAuthority;
    if (!URL.canParse(authorityHost)) {
      throw new DpsError('entra-settings-invalid', 'authorityHost is not of the form https://host.', {
        notSent: true,
      });
    }
    this.host = managed ? 'the managed identity of this machine' : new URL(authorityHost).hostname;
    this.proxy = managed ? undefined : proxyFor(this.host, environment);
    const agent = new Agent({
      ...(ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] }),
      ...(this.proxy === undefined ? {} : { proxyEnv: this.proxy.proxyEnv }),
    });
    this.options = {
      ...(managed ? {} : { authorityHost, agent }),
      // The library would ask Microsoft's public cloud whether another one exists.
      disableInstanceDiscovery: authorityHost !== publicAuthority,
      retryOptions: { maxRetries: 1, retryDelayInMs: 500 },
      additionalPolicies: [{ policy: this.#watch(deadlineMs), position: 'perRetry' }],
    };
  }

  /** How the last request of the running sign-in ended; undefined before the first. */
  get end(): JourneyEnd | undefined {
    return this.#end;
  }

  begin(): void {
    this.#end = undefined;
  }

  #watch(deadlineMs: number): Policy {
    return {
      name: 'keylineJourney',
      sendRequest: async (request, next) => {
        request.timeout = deadlineMs;
        try {
          const answer = await next(request);
          const aadsts = /AADSTS\d{4,9}/.exec(answer.bodyAsText ?? '')?.[0];
          const json = /\bjson\b/.test(answer.headers.get('content-type') ?? '');
          this.#end = { status: answer.status, json, ...(aadsts === undefined ? {} : { aadsts }) };
          return answer;
        } catch (error) {
          const { code = '', message = '' } = error as NodeJS.ErrnoException;
          this.#end = { fault: { code: String(code), message } };
          throw error;
        }
      },
    };
  }
}
