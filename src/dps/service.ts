/**
 * The part of the DPS service API that the drain needs, in the service's words (2021-10-01: Individual Enrollment,
 * Bulk Enrollment Operation). Implemented by `service-client.ts` over Microsoft's SDK; tests may implement it too.
 */
export interface EnrollmentDocument {
  readonly registrationId: string;
  readonly deviceId?: string;
  readonly attestation: { readonly type: 'tpm'; readonly tpm: { readonly endorsementKey: string } };
  /** A TwinCollection: serial, station id and harvest id travel here (rule O2). */
  readonly optionalDeviceInformation?: Readonly<Record<string, unknown>>;
  readonly initialTwin?: Readonly<Record<string, unknown>>;
  readonly capabilities?: { readonly iotEdge: boolean };
  readonly provisioningStatus: 'enabled' | 'disabled';
  readonly reprovisionPolicy?: { readonly updateHubAssignment: boolean; readonly migrateDeviceData: boolean };
  readonly allocationPolicy?: 'hashed' | 'geoLatency' | 'static' | 'custom';
  readonly iotHubs?: readonly string[];
}

/** What DPS says it has: ours plus its own fields. Untrusted: every field may be missing or of another type. */
export type EnrollmentRecord = Readonly<Record<string, unknown>>;

export interface BulkItemError {
  readonly registrationId: string;
  readonly errorCode: number;
  readonly errorStatus: string;
}

export interface BulkAnswer {
  readonly isSuccessful: boolean;
  readonly errors: readonly BulkItemError[];
}

export interface TaggedEnrollment extends EnrollmentDocument {
  /** Opaque, as DPS gave it. */
  readonly etag: string;
}

/** One page of all enrollments, in the service's own order. */
export interface EnrollmentPage {
  readonly records: readonly EnrollmentRecord[];
  /** Opaque; absent on the last page. */
  readonly continuation?: string;
}

export interface EnrollmentService {
  /** Creates up to 10 enrollments in one request; never updates. Throws DpsError. */
  createMany(documents: readonly EnrollmentDocument[]): Promise<BulkAnswer>;
  /** The enrollment, or undefined where DPS has none by that id. Throws DpsError. */
  get(registrationId: string): Promise<EnrollmentRecord | undefined>;
  /**
   * Writes up to 10 enrollments over the ones whose etags are given, in one request (bulk mode `updateIfMatchETag`). One
   * that has another etag by now, or is gone, is an error of its item. Throws DpsError.
   */
  updateMany(enrollments: readonly TaggedEnrollment[]): Promise<BulkAnswer>;
  /** DELETE with If-Match; false where DPS has none by that id. Throws DpsError, `etag-mismatch` where it changed. */
  remove(registrationId: string, etag: string): Promise<boolean>;
  /** Up to `size` enrollments after the page whose continuation is given. Throws DpsError. */
  page(size: number, continuation?: string): Promise<EnrollmentPage>;
  /** One cheap authorised read, for `doctor` and the probe. Throws DpsError. */
  probe(): Promise<void>;
  close(): void;
}
