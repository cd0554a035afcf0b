/** What may be said of a batch: its file comes in pieces, and never as a path. */
import { z } from 'zod';
import { importVerdicts } from '../station/batch-import/import-row.ts';
import { inputBounds } from './contract.ts';

const column = z.string().min(1).max(inputBounds.name).exactOptional();

export const batchPiece = z.strictObject({
  name: z.string().min(1).max(255),
  size: z.int().min(1),
  at: z.int().min(0),
  data: z.base64().max(inputBounds.piece),
});

export const batchSetting = z.strictObject({
  mapping: z
    .strictObject({ serial: column, ek: column, registrationId: column, workOrder: column, product: column })
    .exactOptional(),
  product: z.string().min(1).max(60).exactOptional(),
  workOrder: z.string().max(inputBounds.name).exactOptional(),
});

export const batchRowsQuestion = z.strictObject({
  verdict: z.enum(importVerdicts).exactOptional(),
  limit: z.int().min(1).max(inputBounds.page),
  after: z.int().min(0).exactOptional(),
});
