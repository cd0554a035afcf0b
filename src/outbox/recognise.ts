/**
 * What it means that DPS has a registration id already (rule O2). Success is only an enrollment of this very endorsement
 * key that carries our harvest id, or names the same serial; everything else is a conflict for a person to decide.
 * One function without side effects: the record is what DPS answered, checked for its shape and not believed otherwise.
 */
import { type Provenance, provenanceOf } from '../dps/provenance.ts';
import type { EnrollmentRecord } from '../dps/service.ts';
import type { ConflictReason, OutboxEntry } from './store.ts';

export type Recognition =
  /** `recognised`: this harvest made it. `already-there`: another harvest of the same key and serial did. */
  | { readonly kind: 'enrolled'; readonly how: 'recognised' | 'already-there'; readonly etag?: string }
  | { readonly kind: 'conflict'; readonly reason: ConflictReason };

/** Of our entry: what the comparison needs. */
export type OurEnrollment = Pick<OutboxEntry, 'serial' | 'stationId' | 'harvestId'> & {
  readonly document: Pick<OutboxEntry['document'], 'attestation'>;
};

export function recognise(ours: OurEnrollment, record: EnrollmentRecord): Recognition {
  const ourKey = ours.document.attestation.tpm.endorsementKey;
  if (!isSameKey(ourKey, endorsementKeyOf(record))) return conflict('other-endorsement-key');
  const theirs = provenanceOf(record);
  if (!theirs) return conflict('unknown-origin');
  if (differs(ours.serial, theirs.serial)) return conflict('clone-elsewhere');
  if (isOurHarvest(ours, theirs)) return enrolled('recognised', record);
  const sameSerial = ours.serial !== null && theirs.serial === ours.serial;
  return sameSerial ? enrolled('already-there', record) : conflict('unknown-origin');
}

/** Harvest ids are random; the station's only tells apart two stations that restored one backup. */
function isOurHarvest(ours: OurEnrollment, theirs: Provenance): boolean {
  const sameStation = theirs.stationId === undefined || theirs.stationId === ours.stationId;
  return sameStation && theirs.harvestId === ours.harvestId;
}

/** Both named and not the same, byte for byte: serials are compared as the scanner gave them. */
function differs(ours: string | null, theirs: string | undefined): boolean {
  return ours !== null && theirs !== undefined && ours !== theirs;
}

function endorsementKeyOf(record: EnrollmentRecord): unknown {
  const attestation = record.attestation as
    | { type?: unknown; tpm?: { endorsementKey?: unknown } }
    | undefined;
  return attestation?.type === 'tpm' ? attestation.tpm?.endorsementKey : undefined;
}

/** As bytes: base64 has more than one spelling. */
function isSameKey(ours: string, theirs: unknown): boolean {
  if (typeof theirs !== 'string' || theirs === '') return false;
  return Buffer.from(ours, 'base64').equals(Buffer.from(theirs, 'base64'));
}

function enrolled(how: 'recognised' | 'already-there', record: EnrollmentRecord): Recognition {
  const { etag } = record;
  return { kind: 'enrolled', how, ...(typeof etag === 'string' ? { etag } : {}) };
}

function conflict(reason: ConflictReason): Recognition {
  return { kind: 'conflict', reason };
}
