/**
 * The requests to one DPS: bounded keep-alive connections of their own (through the plant's proxy where one is set), an
 * access token and a deadline for each, a way to stop, and DPS's clock as its answers show it (rule O7). What comes
 * back is untrusted.
 */
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Agent } from 'node:https';
import type { Authorization } from './authorization.ts';
import { type ConnectionSettings, usesEntra } from './connection-settings.ts';
import { EntraToken } from './entra-token.ts';
import { DpsError } from './errors.ts';
import { Exchange } from './exchange.ts';
import { networkFault } from './network-fault.ts';
import { type Environment, type PlantProxy, proxyFor } from './proxy.ts';
import { refusalError } from './refusal.ts';
import { longestCorrectionMs, ServerClock } from './server-clock.ts';
import { SharedAccessToken } from './shared-access-token.ts';

export interface CallOptions {
  readonly connection: ConnectionSettings;
  /** PEM; when given, these authorities are trusted for DPS and no others. */
  readonly ca?: string;
  /** Holds HTTPS_PROXY and NO_PROXY; the process's own where absent. */
  readonly environment?: Environment;
  /** The station's clock, epoch milliseconds; the system's where absent. */
  readonly now?: () => number;
  /** From the call to the last byte of the answer. */
  readonly deadlineMs?: number;
  /** Connections at most; further calls wait for one, within their deadline. */
  readonly maxSockets?: number;
}

/** Begins the request: hands `exchange` and the `Authorization` header to what builds it. */
export type Start = (exchange: Exchange, authorization: string, done: Done) => void;
export type Done = (error: Error | null | undefined, body?: unknown) => void;
/** Sees the head of every answer; an error that it returns ends the call. */
export type Inspect = (answer: IncomingMessage) => DpsError | undefined;

export const defaultDeadlineMs = 20_000;
const defaultMaxSockets = 4;
/** Just below the four minutes after which Azure drops an idle connection, and most middle boxes forget one. */
const idleSocketMs = 230_000;
/** Keeps what lies between from forgetting an idle connection without a word. */
const keepAliveProbeMs = 30_000;
/** A token whose time was this far off may have been refused for it. */
const toleratedSkewMs = 60_000;

/** What the SDK adds to an error that came with an HTTP answer. */
interface SdkError extends Error {
  readonly response?: IncomingMessage;
  readonly responseBody?: unknown;
}

export class Calls {
  readonly #options: CallOptions;
  readonly #inspect: Inspect;
  readonly #now: () => number;
  readonly #clock: ServerClock;
  readonly #proxy: PlantProxy | undefined;
  readonly #agent: Agent;
  readonly #authorization: Authorization;
  readonly #running = new Set<Exchange>();
  readonly #closing = new AbortController();

  /** Throws DpsError `ca-file-unreadable` where `ca` holds no certificate, `proxy-invalid`, `entra-settings-invalid`. */
  constructor(options: CallOptions, inspect: Inspect) {
    const { connection, ca, environment = process.env } = options;
    if (ca !== undefined) checkAuthorities(ca);
    this.#options = options;
    this.#inspect = inspect;
    this.#now = options.now ?? Date.now;
    this.#clock = new ServerClock(this.#now);
    this.#proxy = proxyFor(connection.host, environment);
    this.#agent = new Agent({
      keepAlive: true,
      keepAliveMsecs: keepAliveProbeMs,
      maxSockets: options.maxSockets ?? defaultMaxSockets,
      timeout: idleSocketMs,
      ...(ca === undefined ? {} : { ca }),
      ...(this.#proxy === undefined ? {} : { proxyEnv: this.#proxy.proxyEnv }),
    });
    this.#authorization = usesEntra(connection)
      ? new EntraToken(connection.entra, {
          ca,
          environment,
          deadlineMs: options.deadlineMs ?? defaultDeadlineMs,
        })
      : new SharedAccessToken(connection);
  }

  get skewMs(): number | undefined {
    return this.#clock.skewMs;
  }

  /** Where the clocks are further apart than is corrected; `refusal`: what came of it. */
  clockFault(refusal?: DpsError): DpsError | undefined {
    const skewMs = this.#clock.skewMs ?? 0;
    if (Math.abs(skewMs) <= longestCorrectionMs) return undefined;
    const here = this.#now();
    const said = [here, here + skewMs].map(time => new Date(time).toISOString());
    return new DpsError(
      'clock-wrong',
      `The clock of this station says ${said[0]}, the clock of DPS ${said[1]}.`,
      refusal && { status: refusal.status, errorCode: refusal.errorCode, trackingId: refusal.trackingId },
    );
  }

  /** Throws DpsError. A token that is refused is made anew once: DPS did nothing with the first. */
  async run(start: Start): Promise<unknown> {
    const deadlineMs = this.#options.deadlineMs ?? defaultDeadlineMs;
    const deadline = performance.now() + deadlineMs;
    for (let mayRepeat = true; ; mayRepeat = false) {
      const assumedMs = this.#clock.correctionMs;
      const authorization = await this.#authorized(deadline - performance.now());
      try {
        return await this.#exchange(start, authorization, deadline - performance.now());
      } catch (error) {
        if (!(error instanceof DpsError) || error.status !== 401) throw error;
        const misdated = Math.abs(this.#clock.correctionMs - assumedMs) > toleratedSkewMs;
        const renewed = this.#authorization.forget();
        if (mayRepeat && (misdated || renewed)) continue;
        throw this.clockFault(error) ?? error;
      }
    }
  }

  close(): void {
    this.#closing.abort();
    for (const exchange of [...this.#running]) exchange.end(closedError(!exchange.connected));
    this.#agent.destroy();
  }

  async #authorized(leftMs: number): Promise<string> {
    if (this.#closing.signal.aborted) throw closedError(true);
    const made = this.#authorization.header(this.#clock.now(), leftMs, this.#closing.signal);
    // A token that is at hand costs no turn of the event loop.
    return typeof made === 'string' ? made : await made;
  }

  #exchange(start: Start, authorization: string, leftMs: number): Promise<unknown> {
    if (this.#closing.signal.aborted) return Promise.reject(closedError(true));
    return new Promise((resolve, reject) => {
      const exchange = new Exchange({
        agent: this.#agent,
        port: this.#options.connection.port,
        inspect: (answer, roundTripMs) => {
          const date = Date.parse(answer.headers.date ?? '');
          // An answer with an Age was kept somewhere on the way: its date is an old one.
          if (!Number.isNaN(date) && answer.headers.age === undefined) this.#clock.measure(date, roundTripMs);
          return this.#inspect(answer);
        },
        onEnded: error => settle(() => reject(error)),
      });
      const deadlineMs = this.#options.deadlineMs ?? defaultDeadlineMs;
      const timer = setTimeout(
        () => exchange.end(timeoutError(deadlineMs, !exchange.connected)),
        Math.max(leftMs, 0),
      );
      // The SDK may call back more than once; a promise takes the first word.
      const settle = (speak: () => void) => {
        clearTimeout(timer);
        this.#running.delete(exchange);
        speak();
      };
      this.#running.add(exchange);
      try {
        start(exchange, authorization, (error, body) =>
          settle(() => (error ? reject(this.#faultOf(error, exchange)) : resolve(body))),
        );
      } catch (cause) {
        settle(() => reject(cause));
      }
    });
  }

  #faultOf(error: Error, exchange: Exchange): DpsError {
    const { response, responseBody } = error as SdkError;
    if (response) {
      const body = typeof responseBody === 'string' ? responseBody : '';
      return refusalError({ status: response.statusCode ?? 0, headers: response.headers, body }, this.#now());
    }
    if (error instanceof SyntaxError) {
      return new DpsError('answer-malformed', 'The answer of DPS is not JSON.');
    }
    const { host } = this.#options.connection;
    return networkFault(error, exchange, { host, proxy: this.#proxy, now: this.#now() });
  }
}

/** Node takes text without certificates as "trust nobody", which would look like a fault of the server. */
function checkAuthorities(pem: string): void {
  try {
    new X509Certificate(pem);
  } catch (cause) {
    throw new DpsError('ca-file-unreadable', 'What is to be trusted for DPS holds no PEM certificate.', {
      cause,
      notSent: true,
    });
  }
}

function timeoutError(deadlineMs: number, notSent: boolean): DpsError {
  return new DpsError('timeout', `DPS did not answer within ${deadlineMs / 1000} s.`, { notSent });
}

function closedError(notSent: boolean): DpsError {
  return new DpsError('offline', 'The connection to DPS was closed by this station.', { notSent });
}
