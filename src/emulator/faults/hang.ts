/** `hang`: the request is taken and never answered; the connection stays open. Before or after the work, as is told. */
import { z } from 'zod';
import { noReply } from '../reply.ts';
import { faultKind } from './fault.ts';

export const hang = faultKind({
  kind: 'hang',
  parameters: z.strictObject({ work: z.enum(['undone', 'done']).default('undone') }),
  apply: async (parameters, { work }) => {
    if (parameters.work === 'done') await work();
    return noReply;
  },
});
