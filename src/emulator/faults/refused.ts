/**
 * `refused`: as when the network is away. For `durationMs` every connection is cut and every new one refused, the control
 * API's too; then the emulator listens again on the same port. It strikes connections, so no other condition applies.
 */
import { z } from 'zod';
import { faultKind } from './fault.ts';

export const refused = faultKind({
  kind: 'refused',
  parameters: z.strictObject({}),
  apply: (_, { work }) => work(),
  begin: (network, durationMs) => network.refuseConnections(durationMs),
});
