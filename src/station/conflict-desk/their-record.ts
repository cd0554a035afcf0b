/** What DPS had when an entry went into conflict, as the ledger keeps it. It came over the network: any member may be anything. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { OutboxRow } from '../../../db/rows.ts';
import { provenanceOf } from '../../dps/provenance.ts';
import type { EnrollmentRecord } from '../../dps/service.ts';

export interface TheirRecord {
  readonly record: EnrollmentRecord;
  readonly etag: string | undefined;
  readonly ekSha256: string | undefined;
  readonly serial: string | undefined;
  readonly stationId: string | undefined;
  readonly harvestId: string | undefined;
}

const recordSchema = z.record(z.string(), z.unknown());
const keySchema = z.object({
  attestation: z.object({ type: z.literal('tpm'), tpm: z.object({ endorsementKey: z.base64().min(4) }) }),
});

/** Undefined where the entry is in no conflict, or DPS had nothing. */
export function theirRecord(row: OutboxRow): TheirRecord | undefined {
  if (row.state !== 'conflict' || row.detail === null) return undefined;
  const record = recordOf(row.detail);
  if (record === undefined || Object.keys(record).length === 0) return undefined;
  const key = keySchema.safeParse(record);
  const { serial, stationId, harvestId } = provenanceOf(record) ?? {};
  const { etag } = record;
  return {
    record,
    etag: typeof etag === 'string' && etag !== '' ? etag : undefined,
    ekSha256: key.success
      ? createHash('sha256')
          .update(Buffer.from(key.data.attestation.tpm.endorsementKey, 'base64'))
          .digest('hex')
      : undefined,
    serial,
    stationId,
    harvestId,
  };
}

function recordOf(text: string): EnrollmentRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
