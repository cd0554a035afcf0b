/**
 * A DPS client that keeps the pace: every call of every kind waits for its part of the budget before its deadline begins,
 * and each answer says how the pace may go on. One pace serves all clients of a process.
 */
import { DpsError } from '../dps/errors.ts';
import type {
  BulkAnswer,
  EnrollmentDocument,
  EnrollmentPage,
  EnrollmentRecord,
  EnrollmentService,
  TaggedEnrollment,
} from '../dps/service.ts';
import { faultKind } from './backoff.ts';
import type { Pace } from './pace.ts';
import type { Timing } from './timing.ts';

export class PacedService implements EnrollmentService {
  readonly #inner: EnrollmentService;
  readonly #pace: Pace;
  readonly #timing: Timing;
  readonly #closed = new AbortController();

  constructor(inner: EnrollmentService, pace: Pace, timing: Timing) {
    this.#inner = inner;
    this.#pace = pace;
    this.#timing = timing;
  }

  createMany(documents: readonly EnrollmentDocument[]): Promise<BulkAnswer> {
    return this.#bulk(documents.length, () => this.#inner.createMany(documents));
  }

  updateMany(enrollments: readonly TaggedEnrollment[]): Promise<BulkAnswer> {
    return this.#bulk(enrollments.length, () => this.#inner.updateMany(enrollments));
  }

  get(registrationId: string): Promise<EnrollmentRecord | undefined> {
    return this.#paid(1, () => this.#inner.get(registrationId));
  }

  remove(registrationId: string, etag: string): Promise<boolean> {
    return this.#paid(1, () => this.#inner.remove(registrationId, etag));
  }

  page(size: number, continuation?: string): Promise<EnrollmentPage> {
    return this.#paid(1, () => this.#inner.page(size, continuation));
  }

  probe(): Promise<void> {
    return this.#paid(1, () => this.#inner.probe());
  }

  /** Calls that still wait for their turn fail as `offline`, never sent. */
  close(): void {
    this.#closed.abort();
    this.#inner.close();
  }

  async #bulk(enrollments: number, call: () => Promise<BulkAnswer>): Promise<BulkAnswer> {
    const { budget, width } = this.#pace;
    return this.#paid(budget.costOfBulk(enrollments), async () => {
      const begun = this.#timing.now();
      try {
        const answer = await call();
        width.answered(this.#timing.now() - begun);
        if (answer.errors.some(({ errorCode }) => Math.trunc(errorCode / 1000) === 429)) budget.refused();
        return answer;
      } catch (error) {
        if (error instanceof DpsError && faultKind(error) === 'transient' && error.code !== 'rejected')
          width.failed();
        throw error;
      }
    });
  }

  async #paid<T>(operations: number, call: () => Promise<T>): Promise<T> {
    await this.#turn(operations);
    try {
      return await call();
    } catch (error) {
      if (error instanceof DpsError && error.code === 'throttled')
        this.#pace.budget.refused(error.retryAfterMs);
      throw error;
    }
  }

  /** Others of the process may stand before us: closing does not wait for them. */
  async #turn(operations: number): Promise<void> {
    const { signal } = this.#closed;
    if (!signal.aborted) {
      const cut = Promise.withResolvers<void>();
      const end = () => cut.resolve();
      signal.addEventListener('abort', end, { once: true });
      await Promise.race([this.#pace.budget.spend(operations, signal), cut.promise]);
      signal.removeEventListener('abort', end);
    }
    if (signal.aborted)
      throw new DpsError('offline', 'The connection to DPS was closed by this station.', { notSent: true });
  }
}
