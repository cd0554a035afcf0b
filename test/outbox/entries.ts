/** Outbox entries with endorsement keys that DPS would take: TCG template L-1 around a random modulus. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { EnrollmentDocument } from '../../src/dps/service.ts';
import type { ChangeEntry, CreateEntry } from '../../src/outbox/store.ts';

const templateL1 = Buffer.from(
  '013a0001000b000300b20020837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa' +
    '00060080004300100800000000000100',
  'hex',
);

export const stationId = 'station-under-test';

export function randomKey(): Buffer {
  return Buffer.concat([templateL1, randomBytes(256)]);
}

export interface EntryWishes {
  readonly registrationId?: string;
  readonly serial?: string | null;
  readonly harvestId?: string;
  readonly key?: Buffer;
  readonly document?: Partial<EnrollmentDocument>;
}

export function makeEntry(wishes: EntryWishes = {}): CreateEntry {
  const key = wishes.key ?? randomKey();
  const ekSha256 = createHash('sha256').update(key).digest('hex');
  const registrationId = wishes.registrationId ?? ekSha256.slice(0, 52);
  const serial = wishes.serial === undefined ? `SN-${ekSha256.slice(0, 8)}` : wishes.serial;
  const harvestId = wishes.harvestId ?? randomUUID();
  return {
    entryId: randomUUID(),
    registrationId,
    ekSha256,
    serial,
    stationId,
    harvestId,
    attempts: 0,
    operation: 'create',
    document: {
      registrationId,
      attestation: { type: 'tpm', tpm: { endorsementKey: key.toString('base64') } },
      optionalDeviceInformation: { ...(serial === null ? {} : { serial }), stationId, harvestId },
      provisioningStatus: 'enabled',
      ...wishes.document,
    },
  };
}

export function makeEntries(count: number): CreateEntry[] {
  return Array.from({ length: count }, () => makeEntry());
}

/** A change of what the create makes. */
export function makeChange(
  of: CreateEntry,
  operation: ChangeEntry['operation'],
  change: Omit<ChangeEntry['document'], 'registrationId' | 'attestation'> = {},
  overEtag: string | null = null,
): ChangeEntry {
  const { registrationId, attestation } = of.document;
  const document = { registrationId, attestation, ...change };
  return { ...of, entryId: randomUUID(), operation, document, overEtag };
}
