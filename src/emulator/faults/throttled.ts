/** `throttled`: HTTP 429 with Retry-After in seconds; nothing is done. */
import { z } from 'zod';
import { tooManyRequests } from '../refusal.ts';
import { refusalAnswer } from '../reply.ts';
import { faultKind } from './fault.ts';

export const throttled = faultKind({
  kind: 'throttled',
  parameters: z.strictObject({ retryAfterS: z.int().min(0).max(86_400).default(1) }),
  apply: async ({ retryAfterS }) => refusalAnswer(tooManyRequests(), { 'Retry-After': String(retryAfterS) }),
});
