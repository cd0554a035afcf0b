/** One cheap read after an outage, instead of sending entries into the void. Returns the fault, where there is one. */
import { DpsError } from '../dps/errors.ts';
import type { EnrollmentService } from '../dps/service.ts';

export async function probe(service: EnrollmentService): Promise<DpsError | undefined> {
  try {
    await service.probe();
    return undefined;
  } catch (error) {
    if (error instanceof DpsError) return error;
    throw error;
  }
}
