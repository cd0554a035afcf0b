/**
 * What an entry wants of an enrollment that is there already, against what DPS has (rules O2, O3): whether it is so, is to
 * be done, or is not ours to do. Pure: the record is what DPS answered, checked for its shape and not believed otherwise.
 *
 * A change names the members that are to be so, `null` for "as if never set". What it does not name, DPS keeps: fields that
 * others set there, the storage root key of a device that registered, and where the enrollment came from.
 */
import { isDeepStrictEqual } from 'node:util';
import { provenanceOf } from '../dps/provenance.ts';
import type { EnrollmentDocument, EnrollmentRecord } from '../dps/service.ts';
import { type ChangedMember, changedMembers, type EnrollmentChange } from './enrollment-change.ts';
import { recognise } from './recognise.ts';
import type { ChangeEntry, ConflictReason } from './store.ts';

export type ChangeFinding =
  /** DPS has it as it is wanted; for a delete: has nothing by this id. */
  | { readonly kind: 'so'; readonly etag?: string }
  | { readonly kind: 'conflict'; readonly reason: ConflictReason; readonly theirs: EnrollmentRecord }
  /** To be written, or deleted, over exactly the record with this etag. */
  | { readonly kind: 'to-do'; readonly etag: string; readonly document: EnrollmentDocument }
  /** It must be changed and has no etag: DPS gives every enrollment one. */
  | { readonly kind: 'no-etag' };

export function findChange(entry: ChangeEntry, record: EnrollmentRecord | undefined): ChangeFinding {
  if (!record)
    return entry.operation === 'delete'
      ? { kind: 'so' }
      : { kind: 'conflict', reason: 'gone-from-dps', theirs: {} };
  const { etag } = record;
  const decided = entry.overEtag !== null && etag === entry.overEtag;
  const recognition = recognise(entry, record);
  if (recognition.kind === 'conflict' && !decided)
    return { kind: 'conflict', reason: recognition.reason, theirs: record };
  if (entry.operation !== 'delete' && !decided && differingMembers(entry.document, record).length === 0)
    return { kind: 'so', ...(typeof etag === 'string' ? { etag } : {}) };
  if (typeof etag !== 'string' || etag === '') return { kind: 'no-etag' };
  return { kind: 'to-do', etag, document: decided ? plain(entry.document) : merged(entry, record) };
}

/** What DPS has with our change in it. */
function merged({ document }: ChangeEntry, record: EnrollmentRecord): EnrollmentDocument {
  const { etag, createdDateTimeUtc, lastUpdatedDateTimeUtc, registrationState, ...kept } = record;
  const { attestation: _, optionalDeviceInformation, ...changes } = document;
  const information = {
    ...(isObject(kept.optionalDeviceInformation) ? kept.optionalDeviceInformation : {}),
    ...optionalDeviceInformation,
    // The harvest that made it stays named, also where the twin that named it is replaced.
    ...provenanceOf(record),
  };
  return plain({ ...kept, ...changes, optionalDeviceInformation: information });
}

/** DPS takes a member that is not there for one that was never set. */
function plain(document: object): EnrollmentDocument {
  const members = Object.entries(document).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(members) as unknown as EnrollmentDocument;
}

/** What DPS takes for a member that is not set. */
const defaults: Partial<Record<ChangedMember, unknown>> = {
  provisioningStatus: 'enabled',
  reprovisionPolicy: { updateHubAssignment: true, migrateDeviceData: true },
  allocationPolicy: 'hashed',
  capabilities: { iotEdge: false },
};

/** Members that the change names and DPS has otherwise. */
export function differingMembers(document: EnrollmentChange, record: EnrollmentRecord): ChangedMember[] {
  return changedMembers.filter(member => {
    const wanted = document[member];
    if (wanted === undefined) return false;
    if (member === 'optionalDeviceInformation') return !holds(record[member], wanted);
    // A device without a name of its own has the registration id's.
    const unset = member === 'deviceId' ? document.registrationId : defaults[member];
    const normal = (value: unknown) => normalised(value ?? unset);
    return !isDeepStrictEqual(normal(wanted), normal(record[member]));
  });
}

/** Others may have written more into it. */
function holds(theirs: unknown, ours: unknown): boolean {
  if (!isObject(theirs) || !isObject(ours)) return normalised(ours) === undefined;
  return Object.entries(ours).every(([name, value]) =>
    isDeepStrictEqual(normalised(theirs[name]), normalised(value)),
  );
}

/**
 * Without what says nothing: nulls, which DPS leaves out, empty objects and lists, a twin's own metadata (`$version`,
 * `$metadata`), and the sign of a zero, which JSON does not bring back (RFC 8259 section 6 by way of JSON.stringify).
 */
function normalised(value: unknown): unknown {
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(normalised);
  if (!isObject(value)) return value ?? undefined;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const said = name.startsWith('$') ? undefined : normalised(member);
    return said === undefined ? [] : [[name, said] as const];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
