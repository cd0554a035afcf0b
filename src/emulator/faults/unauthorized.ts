/** `unauthorized`: HTTP 401 as for a wrong key, whatever the token; nothing is done. */
import { z } from 'zod';
import { unauthorized as refusal } from '../refusal.ts';
import { refusalAnswer } from '../reply.ts';
import { faultKind } from './fault.ts';

export const unauthorized = faultKind({
  kind: 'unauthorized',
  parameters: z.strictObject({}),
  apply: async () => refusalAnswer(refusal()),
});
