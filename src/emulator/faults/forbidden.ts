/** `forbidden`: HTTP 403, as a network rule or a role in between answers; nothing is done. */
import { z } from 'zod';
import { forbidden as refusal } from '../refusal.ts';
import { refusalAnswer } from '../reply.ts';
import { faultKind } from './fault.ts';

export const forbidden = faultKind({
  kind: 'forbidden',
  parameters: z.strictObject({}),
  apply: async () => refusalAnswer(refusal()),
});
