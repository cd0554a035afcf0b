/**
 * The DPS service API (2021-10-01) through Microsoft's `azure-iot-provisioning-service`; with `exchange.ts` the only place
 * that knows the SDK, so that it can be replaced here. Loading it takes time: import this module when DPS is needed.
 *
 * What the SDK lacks is in `calls.ts`. Bulk runs in callback form because its promise never settles. Every answer is
 * untrusted and checked; a reply that was lost is an error here, and what it means is for the outbox to find out.
 */
import type { IncomingMessage } from 'node:http';
import httpBase from 'azure-iot-http-base';
import provisioning, { type ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import { readBulkAnswer, readEnrollment, readPage } from './answers.ts';
import { type CallOptions, Calls, type Done } from './calls.ts';
import { usesEntra } from './connection-settings.ts';
import { DpsError, type DpsErrorCode } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type {
  BulkAnswer,
  EnrollmentDocument,
  EnrollmentPage,
  EnrollmentRecord,
  EnrollmentService,
  TaggedEnrollment,
} from './service.ts';

export interface ServiceClientOptions extends CallOptions {
  /** A production ledger's client: asks who answers before it creates anything (rule S5). */
  readonly refuseEmulator?: boolean;
  /** DPS took this key at another time: where it refuses now, that is `access-revoked` and not `unauthorized`. */
  readonly acceptedBefore?: boolean;
  /** DPS takes the key; told once. */
  readonly onAccepted?: () => void;
  /** Every HTTP answer, whatever its status. */
  readonly onAnswer?: (answer: AnswerTimes) => void;
}

export interface AnswerTimes {
  /** Epoch milliseconds here, and by the server's `Date`. */
  readonly at: number;
  readonly serverDate: number | undefined;
  /** Milliseconds that DPS's clock is ahead of the station's (rule O7), to about a second. */
  readonly skewMs: number | undefined;
}

const emulatorServer = /^keyline-dps-emulator\b/i;

type RestConfig = ConstructorParameters<typeof httpBase.RestApiClient>[0];
type SdkConfig = ConstructorParameters<typeof ProvisioningServiceClient>[0];
type SdkRestClient = ConstructorParameters<typeof ProvisioningServiceClient>[1];
type SdkBulkOperation = Parameters<ProvisioningServiceClient['runBulkEnrollmentOperation']>[0];
type Run = (sdk: ProvisioningServiceClient, done: Done) => void;

export class ServiceClient implements EnrollmentService {
  readonly #options: ServiceClientOptions;
  readonly #calls: Calls;
  #identified: Promise<void> | undefined;
  #accepted: boolean;

  /** Sends nothing. Throws DpsError for settings that cannot be used, as `Calls` does. */
  constructor(options: ServiceClientOptions) {
    this.#options = options;
    this.#accepted = options.acceptedBefore ?? false;
    this.#calls = new Calls(options, answer => this.#inspect(answer));
  }

  /** Milliseconds that DPS's clock is ahead of the station's (rule O7); undefined before the first answer. */
  get skewMs(): number | undefined {
    return this.#calls.skewMs;
  }

  async createMany(documents: readonly EnrollmentDocument[]): Promise<BulkAnswer> {
    return this.#bulk('create', documents);
  }

  async updateMany(enrollments: readonly TaggedEnrollment[]): Promise<BulkAnswer> {
    return this.#bulk('updateIfMatchETag', enrollments);
  }

  async remove(registrationId: string, etag: string): Promise<boolean> {
    try {
      await this.#write((sdk, done) => sdk.deleteIndividualEnrollment(registrationId, etag, done));
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
    const records = readPage(body);
    this.#taken();
    return { records, ...(next === undefined ? {} : { continuation: next }) };
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
    await this.page(1);
  }

  close(): void {
    this.#calls.close();
  }

  async #bulk(mode: string, enrollments: readonly EnrollmentDocument[]): Promise<BulkAnswer> {
    // The SDK's types demand read-only fields and know no optionalDeviceInformation (they follow an older API), and
    // spell the mode in another way than the service.
    const operation = { mode, enrollments } as unknown as SdkBulkOperation;
    const body = await this.#write((sdk, done) => sdk.runBulkEnrollmentOperation(operation, done));
    const answer = readBulkAnswer(body);
    this.#taken();
    return answer;
  }

  async #write(run: Run): Promise<unknown> {
    const clockIsWrong = this.#calls.clockFault() !== undefined;
    if (clockIsWrong) this.#identified = undefined;
    if (clockIsWrong || this.#options.refuseEmulator) await this.#identify();
    try {
      return await this.#call(run);
    } catch (error) {
      if (error instanceof DpsError && isRefusedKey(error)) throw await this.#missingRight(error);
      throw error;
    }
  }

  /** DPS has one answer for a wrong key and for a missing right: what else the key may do tells them apart. */
  async #missingRight(refusal: DpsError): Promise<DpsError> {
    try {
      await this.probe();
    } catch (error) {
      if (error instanceof DpsError && isRefusedKey(error)) return refusal;
      throw error;
    }
    return renamed(refusal, { code: 'forbidden' });
  }

  /** One answer of what is not an emulator, at a time that can be, suffices; a failed attempt is made again at the next call. */
  #identify(): Promise<void> {
    this.#identified ??= this.#ask().catch((error: unknown) => {
      this.#identified = undefined;
      // Only the probe was sent: whatever became of it, nothing was created.
      throw error instanceof DpsError ? renamed(error, { notSent: true }) : error;
    });
    return this.#identified;
  }

  async #ask(): Promise<void> {
    await this.probe();
    const fault = this.#calls.clockFault();
    if (fault) throw fault;
  }

  async #call(run: Run): Promise<unknown> {
    try {
      return await this.#calls.run((exchange, authorization, done) =>
        run(this.#sdk(exchange, authorization), done),
      );
    } catch (error) {
      throw error instanceof DpsError ? this.#named(error) : error;
    }
  }

  /** Who was refused, and whether that is new. */
  #named(error: DpsError): DpsError {
    const { code } = error;
    if (code !== 'unauthorized' && code !== 'forbidden') return error;
    if (usesEntra(this.#options.connection)) return renamed(error, { code: 'entra-role-missing' });
    return code === 'unauthorized' && this.#accepted ? renamed(error, { code: 'access-revoked' }) : error;
  }

  #taken(): void {
    if (this.#accepted) return;
    this.#accepted = true;
    this.#options.onAccepted?.();
  }

  /** Cheap objects without state of their own: one set for each call ties a call to its request. */
  #sdk(exchange: Exchange, authorization: string): ProvisioningServiceClient {
    // Given as text it is sent as it is; the SDK would sign an object again for every request.
    const config: unknown = { host: this.#options.connection.host, sharedAccessSignature: authorization };
    // The SDK's packages carry two copies of azure-iot-http-base, whose types do not know each other.
    const rest: unknown = new httpBase.RestApiClient(config as RestConfig, 'keyline', exchange);
    return new provisioning.ProvisioningServiceClient(config as SdkConfig, rest as SdkRestClient);
  }

  #inspect(answer: IncomingMessage): DpsError | undefined {
    const serverDate = Date.parse(answer.headers.date ?? '');
    this.#options.onAnswer?.({
      at: (this.#options.now ?? Date.now)(),
      serverDate: Number.isNaN(serverDate) ? undefined : serverDate,
      skewMs: this.skewMs,
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

function isRefusedKey({ code }: DpsError): boolean {
  return code === 'unauthorized' || code === 'access-revoked';
}

function renamed(error: DpsError, change: { code?: DpsErrorCode; notSent?: boolean }): DpsError {
  const { cause, status, errorCode, trackingId, retryAfterMs, notSent } = error;
  const context = { cause, status, errorCode, trackingId, retryAfterMs, notSent: change.notSent ?? notSent };
  return new DpsError(change.code ?? error.code, error.message, context);
}
