/** `server-error`: HTTP 500, or the 502, 503 or 504 of something in between; nothing is done. */
import { z } from 'zod';
import { serverFault } from '../refusal.ts';
import { refusalAnswer } from '../reply.ts';
import { faultKind } from './fault.ts';

export const serverError = faultKind({
  kind: 'server-error',
  parameters: z.strictObject({
    status: z.union([z.literal(500), z.literal(502), z.literal(503), z.literal(504)]).default(500),
    retryAfterS: z.int().min(0).max(86_400).optional(),
  }),
  apply: async ({ status, retryAfterS }) =>
    refusalAnswer(
      serverFault(status),
      retryAfterS === undefined ? {} : { 'Retry-After': String(retryAfterS) },
    ),
});
