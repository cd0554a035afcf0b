/** `offline`: the connection is reset as soon as a request comes, before anything is done. */
import { z } from 'zod';
import { connectionReset } from '../reply.ts';
import { faultKind } from './fault.ts';

export const offline = faultKind({
  kind: 'offline',
  parameters: z.strictObject({}),
  apply: async () => connectionReset,
});
