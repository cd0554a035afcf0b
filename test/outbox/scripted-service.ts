/**
 * A DPS in memory that misbehaves by a script, one fault for each request, and behaves when the script is over. It keeps
 * what a real one keeps: create never overwrites, and work that was done stays done though its reply was lost.
 */
import { DpsError } from '../../src/dps/errors.ts';
import type {
  BulkAnswer,
  BulkItemError,
  EnrollmentDocument,
  EnrollmentPage,
  EnrollmentRecord,
  EnrollmentService,
  TaggedEnrollment,
} from '../../src/dps/service.ts';

export const scriptedFaults = [
  'none',
  'never-sent',
  'throttled',
  'server-error',
  'lost-before-the-work',
  'lost-after-the-work',
  'late-work',
  'garbage-after-the-work',
  'half-done-as-errors',
  'refused-as-whole',
  'crash-before-the-work',
  'crash-after-the-work',
] as const;
export type ScriptedFault = (typeof scriptedFaults)[number];

/** The process died here: no DpsError, so that nothing of the drain handles it. */
export class Crash extends Error {}

export class ScriptedService implements EnrollmentService {
  readonly records = new Map<string, EnrollmentRecord>();
  repeatedCreates = 0;
  #script: ScriptedFault[];
  #late: (() => void)[] = [];
  #etags = 0;

  constructor(script: readonly ScriptedFault[]) {
    this.#script = [...script];
  }

  async createMany(documents: readonly EnrollmentDocument[]): Promise<BulkAnswer> {
    const fault = await this.#next();
    if (fault === 'half-done-as-errors') return this.#halfDone(documents);
    // What a whole request is refused for: an id twice in it.
    const ids = new Set(documents.map(each => each.registrationId));
    if (ids.size < documents.length) throw new DpsError('rejected', 'An id twice.', { status: 400 });
    return this.#through(fault, () => this.#create(documents));
  }

  async get(registrationId: string): Promise<EnrollmentRecord | undefined> {
    const fault = await this.#next();
    // A refusal of the id itself is not what this script is about.
    const drawn = fault === 'refused-as-whole' || fault === 'half-done-as-errors' ? 'server-error' : fault;
    return this.#through(drawn, () => this.records.get(registrationId));
  }

  async probe(): Promise<void> {
    await this.#next();
  }

  async updateMany(enrollments: readonly TaggedEnrollment[]): Promise<BulkAnswer> {
    return this.#through(await this.#next(), () => {
      const errors: BulkItemError[] = [];
      for (const { etag, ...document } of enrollments) {
        const { registrationId } = document;
        if (this.records.get(registrationId)?.etag === etag)
          this.records.set(registrationId, { ...document, etag: this.#newEtag() });
        else errors.push({ registrationId, errorCode: 412000, errorStatus: 'Precondition failed.' });
      }
      return { errors, isSuccessful: errors.length === 0 };
    });
  }

  async remove(registrationId: string, etag: string): Promise<boolean> {
    return this.#through(await this.#next(), () => {
      const record = this.records.get(registrationId);
      if (record && record.etag !== etag) throw new DpsError('etag-mismatch', 'changed', { status: 412 });
      return this.records.delete(registrationId);
    });
  }

  async page(): Promise<EnrollmentPage> {
    return this.#through(await this.#next(), () => ({ records: [...this.records.values()] }));
  }

  close(): void {}

  #newEtag(): string {
    return `etag ${++this.#etags}`;
  }

  async #next(): Promise<ScriptedFault> {
    // Lets requests overlap.
    await new Promise(resolve => setImmediate(resolve));
    for (const work of this.#late.splice(0)) work();
    return this.#script.shift() ?? 'none';
  }

  #through<T>(fault: ScriptedFault, work: () => T): T {
    switch (fault) {
      case 'never-sent':
        throw new DpsError('offline', fault, { notSent: true });
      case 'throttled':
        throw new DpsError('throttled', fault, { status: 429, retryAfterMs: 3_000 });
      case 'server-error':
        throw new DpsError('server-error', fault, { status: 500 });
      case 'refused-as-whole':
        throw new DpsError('rejected', fault, { status: 400, errorCode: 400000 });
      case 'lost-before-the-work':
        throw new DpsError('offline', fault);
      case 'lost-after-the-work':
        work();
        throw new DpsError('offline', fault);
      case 'late-work':
        this.#late.push(work);
        throw new DpsError('timeout', fault);
      case 'garbage-after-the-work':
        work();
        throw new DpsError('answer-malformed', fault);
      case 'crash-before-the-work':
        throw new Crash(fault);
      case 'crash-after-the-work':
        work();
        throw new Crash(fault);
      default:
        return work();
    }
  }

  #create(documents: readonly EnrollmentDocument[]): BulkAnswer {
    const errors: BulkItemError[] = [];
    for (const document of documents) {
      const { registrationId } = document;
      if (this.records.has(registrationId)) {
        this.repeatedCreates++;
        errors.push({ registrationId, errorCode: 409201, errorStatus: 'Enrollment already exists.' });
      } else this.records.set(registrationId, { ...document, etag: this.#newEtag() });
    }
    return { errors, isSuccessful: errors.length === 0 };
  }

  /** Every second item is done; one of those is named as failed, the undone ones are not named. */
  #halfDone(documents: readonly EnrollmentDocument[]): BulkAnswer {
    const { errors } = this.#create(documents.filter((_, index) => index % 2 === 0));
    const named = documents[0]!.registrationId;
    const fault = { registrationId: named, errorCode: 500000, errorStatus: 'Internal error.' };
    return {
      errors: [...errors.filter(error => error.registrationId !== named), fault],
      isSuccessful: false,
    };
  }
}
