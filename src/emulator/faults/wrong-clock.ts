/** `wrong-clock`: the service's clock is `skewS` seconds ahead (negative: behind): its `Date`, and when tokens expire. */
import { z } from 'zod';
import { Answer } from '../reply.ts';
import { faultKind } from './fault.ts';

const tenYears = 10 * 366 * 86_400;

export const wrongClock = faultKind({
  kind: 'wrong-clock',
  parameters: z.strictObject({ skewS: z.int().min(-tenYears).max(tenYears) }),
  apply: async ({ skewS }, { work, clock }) => {
    clock.skewMs += skewS * 1000;
    const reply = await work();
    if (!(reply instanceof Answer)) return reply;
    const date = new Date(Date.now() + clock.skewMs).toUTCString();
    return new Answer(reply.status, { ...reply.headers, Date: date }, reply.body);
  },
});
