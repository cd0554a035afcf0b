/**
 * What the key of a station may do in DPS, found without changing anything there (rule S3). EnrollmentRead: a query for one
 * enrollment. EnrollmentWrite: DELETE of an enrollment that never existed (a fresh random id), on condition of an etag
 * that none has: answered 404 where the right is there, 401 or 403 where it is not, and able to remove nothing either
 * way. Rights beyond these two cannot be seen so cheaply; who looks at the policy in Azure sees them.
 */
import { randomBytes } from 'node:crypto';
import { DpsError } from '../../dps/errors.ts';
import type { EnrollmentService } from '../../dps/service.ts';

/** Undefined where the right is there, else how DPS refused. */
export interface DpsRights {
  readonly read: DpsError | undefined;
  readonly write: DpsError | undefined;
}

/** Throws DpsError for what is no answer about rights: no connection, a wrong host, an emulator at a production ledger. */
export async function checkRights(service: EnrollmentService): Promise<DpsRights> {
  const read = await refusalOf(() => service.probe());
  const nothing = `keyline-rights-${randomBytes(16).toString('hex')}`;
  const write = await refusalOf(() => service.remove(nothing, `"${randomBytes(16).toString('hex')}"`));
  return { read: read && !write ? missingRight(read) : read, write };
}

/** DPS has one answer for a wrong key and for a missing right; a key that may write is not a wrong one. */
function missingRight(refusal: DpsError): DpsError {
  const { code, message, status, errorCode, trackingId } = refusal;
  return code === 'entra-role-missing'
    ? refusal
    : new DpsError('forbidden', message, { status, errorCode, trackingId });
}

async function refusalOf(ask: () => Promise<unknown>): Promise<DpsError | undefined> {
  try {
    await ask();
    return undefined;
  } catch (error) {
    // 412: the service compares etags before it looks for the enrollment; it was let in all the same.
    if (error instanceof DpsError && error.code === 'etag-mismatch') return undefined;
    if (error instanceof DpsError && (error.status === 401 || error.status === 403)) return error;
    throw error;
  }
}
