/** `reply-dropped`: the work is done and kept, then the connection is reset in place of the answer (rule O3). */
import { z } from 'zod';
import { connectionReset } from '../reply.ts';
import { faultKind } from './fault.ts';

export const replyDropped = faultKind({
  kind: 'reply-dropped',
  parameters: z.strictObject({}),
  apply: async (_, { work }) => {
    await work();
    return connectionReset;
  },
});
