/** `server-error`: HTTP 500; nothing is done. */
import { z } from 'zod';
import { serverFault } from '../refusal.ts';
import { refusalAnswer } from '../reply.ts';
import { faultKind } from './fault.ts';

export const serverError = faultKind({
  kind: 'server-error',
  parameters: z.strictObject({}),
  apply: async () => refusalAnswer(serverFault()),
});
