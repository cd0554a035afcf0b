/** `slow`: the request is done only after `delayMs` milliseconds. */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { connectionReset } from '../reply.ts';
import { faultKind } from './fault.ts';

export const slow = faultKind({
  kind: 'slow',
  parameters: z.strictObject({ delayMs: z.int().min(0).max(3_600_000) }),
  apply: async ({ delayMs }, { work, closing }) => {
    try {
      await delay(delayMs, undefined, { signal: closing });
    } catch {
      return connectionReset;
    }
    return work();
  },
});
