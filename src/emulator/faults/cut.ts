/**
 * `cut`: the work is done and kept, the answer ends in the middle of its body, and the connection is closed. An answer
 * without a body is lost whole.
 */
import { z } from 'zod';
import { Answer, CutAnswer, connectionReset } from '../reply.ts';
import { faultKind } from './fault.ts';

export const cut = faultKind({
  kind: 'cut',
  parameters: z.strictObject({
    /** Bytes of the body that are sent; absent = half of them. At least one is always missing. */
    afterBytes: z.int().min(0).optional(),
  }),
  apply: async ({ afterBytes }, { work }) => {
    const reply = await work();
    if (!(reply instanceof Answer)) return reply;
    return reply.body === undefined ? connectionReset : new CutAnswer(reply, afterBytes);
  },
});
