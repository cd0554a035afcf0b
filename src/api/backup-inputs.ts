/** What may be asked of the backups: one by its name, never by a path. */
import { z } from 'zod';
import { claim } from './claim-input.ts';
import { inputBounds } from './contract.ts';

export const backupName = z.strictObject({ name: z.string().min(1).max(200) });

export const restoreAct = backupName.extend({
  reason: z.string().max(inputBounds.reason),
  by: claim.exactOptional(),
});
