/** What may be asked of the audit log: folders and files by their names, never a path. */
import { z } from 'zod';
import { inputBounds } from './contract.ts';

const folder = z.string().min(1).max(60);
const workOrder = z.string().min(1).max(inputBounds.workOrder);
const time = z.int().min(0).max(253_402_300_799_999);

export const auditFolder = z.strictObject({ folder });

export const auditOrder = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('export'),
    format: z.enum(['csv', 'jsonl', 'json', 'limpet-csv', 'limpet-json', 'dps-bulk']),
    folder,
    workOrder: workOrder.exactOptional(),
    state: z.string().min(1).max(40).exactOptional(),
    since: time.exactOptional(),
    until: time.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('passport'), device: z.string().min(1).max(inputBounds.id), folder }),
  z.strictObject({
    kind: z.literal('certificate'),
    workOrder,
    folder,
    language: z.enum(['en', 'ko']),
  }),
  z.strictObject({ kind: z.literal('checkpoint') }),
  z.strictObject({ kind: z.literal('verify-ledger') }),
  z.strictObject({ kind: z.literal('verify-file'), folder, file: z.string().min(1).max(255) }),
]);
