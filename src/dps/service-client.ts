/**
 * The DPS service API (2021-10-01) through Microsoft's `azure-iot-provisioning-service`; with `exchange.ts` the only place
 * that knows the SDK, so that it can be replaced here. Loading it takes time: import this module when DPS is needed.
 *
 * What the SDK lacks is added: a deadline on every call, a port, the plant's own CA, bounded keep-alive connections, a
 * way to stop, one set of error codes. Bulk runs in callback form because its promise never settles. Every answer is
 * untrusted and checked; a reply that was lost is an error here, and what it means is for the outbox to find out.
 */
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Agent } from 'node:https';
import common from 'azure-iot-common';
import httpBase from 'azure-iot-http-base';
import provisioning, { type ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import { readBulkAnswer, readEnrollment, readPage } from './answers.ts';
import type { ConnectionString } from './connection-string.ts';
import { DpsError } from './errors.ts';
import { Exchange } from './exchange.ts';
import { networkFault } from './network-fault.ts';
import { refusalError } from './refusal.ts';
import type {
  BulkAnswer,
  EnrollmentDocument,
  EnrollmentPage,
  EnrollmentRecord,
  EnrollmentService,
  TaggedEnrollment,
} from './service.ts';

export interface ServiceClientOptions {
  readonly connection: ConnectionString;
  /** PEM; when given, these authorities are trusted for DPS and no others. */
  readonly ca?: string;
  /** From the call to the last byte of the answer. */
  readonly deadlineMs?: number;
  /** Connections at most; further calls wait for one, within their deadline. */
  readonly maxSockets?: number;
  /** A production ledger's client: asks who answers before it creates anything (rule S5). */
  readonly refuseEmulator?: boolean;
  /** Every HTTP answer, whatever its status: epoch milliseconds here, and by the server's `Date`. */
  readonly onAnswer?: (answer: { readonly at: number; readonly serverDate: number | undefined }) => void;
}

export const defaultDeadlineMs = 20_000;
const defaultMaxSockets = 4;
/** An idle connection is dropped before the middle boxes of a plant forget it without a word. */
const idleSocketMs = 30_000;
const emulatorServer = /^keyline-dps-emulator\b/i;

type Callback = (error: Error | null | undefined, body?: unknown) => void;
type RestConfig = ConstructorParameters<typeof httpBase.RestApiClient>[0];
type SdkConfig = ConstructorParameters<typeof ProvisioningServiceClient>[0];
type SdkRestClient = ConstructorParameters<typeof ProvisioningServiceClient>[1];
type SdkBulkOperation = Parameters<ProvisioningServiceClient['runBulkEnrollmentOperation']>[0];

/** What the SDK adds to an error that came with an HTTP answer. */
interface SdkError extends Error {
  readonly response?: IncomingMessage;
  readonly responseBody?: unknown;
}

export class ServiceClient implements EnrollmentService {
  readonly #options: ServiceClientOptions;
  readonly #agent: Agent;
  readonly #signature: InstanceType<typeof common.SharedAccessSignature>;
  readonly #running = new Set<Exchange>();
  #identified: Promise<void> | undefined;
  #closed = false;

  /** Sends nothing. Throws DpsError `ca-file-unreadable` where `ca` holds no certificate. */
  constructor(options: ServiceClientOptions) {
    this.#options = options;
    if (options.ca !== undefined) checkAuthorities(options.ca);
    const { host, sharedAccessKeyName, sharedAccessKey } = options.connection;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: options.maxSockets ?? defaultMaxSockets,
      timeout: idleSocketMs,
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    });
    // The SDK signs again with a new expiry for every request; the one given here is never used.
    this.#signature = common.SharedAccessSignature.create(
      host,
      sharedAccessKeyName,
      sharedAccessKey,
      Date.now(),
    );
  }

  async createMany(documents: readonly EnrollmentDocument[]): Promise<BulkAnswer> {
    return this.#bulk('create', documents);
  }

  async updateMany(enrollments: readonly TaggedEnrollment[]): Promise<BulkAnswer> {
    return this.#bulk('updateIfMatchETag', enrollments);
  }

  async remove(registrationId: string, etag: string): Promise<boolean> {
    if (this.#options.refuseEmulator) await this.#identify();
    try {
      await this.#call((sdk, done) => sdk.deleteIndividualEnrollment(registrationId, etag, done));
      return true;
    } catch (error) {
      if (error instanceof DpsError && error.code === 'not-found') return false;
      throw error;
    }
  }

  async page(size: number, continuation?: string): Promise<EnrollmentPage> {
    let next: string | undefined;
    const body = await this.#call((sdk, done) => {
      const query = sdk.createIndividualEnrollmentQuery({ query: 'SELECT *' }, size);
      query.next(continuation ?? '', (error, page) => {
        // An empty token would be taken for one that leads on.
        next = query.continuationToken || undefined;
        done(error, page);
      });
    });
    return { records: readPage(body), ...(next === undefined ? {} : { continuation: next }) };
  }

  async get(registrationId: string): Promise<EnrollmentRecord | undefined> {
    try {
      const body = await this.#call((sdk, done) => sdk.getIndividualEnrollment(registrationId, done));
      return readEnrollment(body, registrationId);
    } catch (error) {
      if (error instanceof DpsError && error.code === 'not-found') return undefined;
      throw error;
    }
  }

  async probe(): Promise<void> {
    const query = { query: 'SELECT *' };
    readPage(await this.#call((sdk, done) => sdk.createIndividualEnrollmentQuery(query, 1).next(done)));
  }

  close(): void {
    this.#closed = true;
    for (const exchange of [...this.#running]) exchange.end(closedError(!exchange.connected));
    this.#agent.destroy();
  }

  async #bulk(mode: string, enrollments: readonly EnrollmentDocument[]): Promise<BulkAnswer> {
    if (this.#options.refuseEmulator) await this.#identify();
    // The SDK's types demand read-only fields and know no optionalDeviceInformation (they follow an older API), and
    // spell the mode in another way than the service.
    const operation = { mode, enrollments } as unknown as SdkBulkOperation;
    return readBulkAnswer(await this.#call((sdk, done) => sdk.runBulkEnrollmentOperation(operation, done)));
  }

  /** One answer of what is not an emulator suffices; a failed attempt is made again at the next call. */
  #identify(): Promise<void> {
    this.#identified ??= this.probe().catch((error: unknown) => {
      this.#identified = undefined;
      // Only the probe was sent: whatever became of it, nothing was created.
      throw error instanceof DpsError ? asNotSent(error) : error;
    });
    return this.#identified;
  }

  #call(run: (sdk: ProvisioningServiceClient, done: Callback) => void): Promise<unknown> {
    if (this.#closed) return Promise.reject(closedError(true));
    return new Promise((resolve, reject) => {
      const exchange = new Exchange({
        agent: this.#agent,
        port: this.#options.connection.port,
        inspect: answer => this.#inspect(answer),
        onEnded: error => settle(() => reject(error)),
      });
      const deadlineMs = this.#options.deadlineMs ?? defaultDeadlineMs;
      const timer = setTimeout(() => exchange.end(timeoutError(deadlineMs, !exchange.connected)), deadlineMs);
      // The SDK may call back more than once; a promise takes the first word.
      const settle = (speak: () => void) => {
        clearTimeout(timer);
        this.#running.delete(exchange);
        speak();
      };
      this.#running.add(exchange);
      try {
        run(this.#sdk(exchange), (error, body) =>
          settle(() => (error ? reject(faultOf(error, exchange.connected)) : resolve(body))),
        );
      } catch (cause) {
        settle(() => reject(cause));
      }
    });
  }

  /** Cheap objects without state of their own: one set for each call ties a call to its request. */
  #sdk(exchange: Exchange): ProvisioningServiceClient {
    const config: unknown = { host: this.#options.connection.host, sharedAccessSignature: this.#signature };
    // The SDK's packages carry two copies of azure-iot-http-base, whose types do not know each other.
    const rest: unknown = new httpBase.RestApiClient(config as RestConfig, 'keyline', exchange);
    return new provisioning.ProvisioningServiceClient(config as SdkConfig, rest as SdkRestClient);
  }

  #inspect(answer: IncomingMessage): DpsError | undefined {
    const serverDate = Date.parse(answer.headers.date ?? '');
    this.#options.onAnswer?.({
      at: Date.now(),
      serverDate: Number.isNaN(serverDate) ? undefined : serverDate,
    });
    if (this.#options.refuseEmulator && emulatorServer.test(String(answer.headers.server))) {
      this.#identified = undefined;
      return new DpsError('emulator-refused', 'What answered is a DPS emulator.', {
        status: answer.statusCode,
      });
    }
    return undefined;
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

function faultOf(error: Error, connected: boolean): DpsError {
  const { response, responseBody } = error as SdkError;
  if (response) {
    const body = typeof responseBody === 'string' ? responseBody : '';
    return refusalError({ status: response.statusCode ?? 0, headers: response.headers, body }, Date.now());
  }
  if (error instanceof SyntaxError) {
    return new DpsError('answer-malformed', 'The answer of DPS is not JSON.');
  }
  return networkFault(error, connected);
}

function timeoutError(deadlineMs: number, notSent: boolean): DpsError {
  return new DpsError('timeout', `DPS did not answer within ${deadlineMs / 1000} s.`, { notSent });
}

function closedError(notSent: boolean): DpsError {
  return new DpsError('offline', 'The connection to DPS was closed by this station.', { notSent });
}

function asNotSent(error: DpsError): DpsError {
  const { cause, status, errorCode, trackingId, retryAfterMs } = error;
  const context = { cause, status, errorCode, trackingId, retryAfterMs, notSent: true };
  return new DpsError(error.code, error.message, context);
}
