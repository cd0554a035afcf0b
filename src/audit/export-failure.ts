/** What the file system says while a file is written for somebody, as an error of the audit. */
import { AuditError, type AuditErrorCode } from './errors.ts';

const fullDisk = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const goneDisk = new Set([
  'EIO',
  'ENODEV',
  'ENXIO',
  'ESTALE',
  'ENOTCONN',
  'EHOSTDOWN',
  'ETIMEDOUT',
  'ESHUTDOWN',
]);

/**
 * Only what the file system said is about the file; a fault of the source of what is written stays what it is.
 * @param begun whether something could be written there before
 */
export function exportFailure(error: unknown, place: string, begun: boolean): unknown {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error;
  return new AuditError(codeOf(String(error.code), begun), `${place}: ${error.message}`, { cause: error });
}

function codeOf(code: string, begun: boolean): AuditErrorCode {
  if (fullDisk.has(code)) return 'export-full';
  return goneDisk.has(code) || (begun && code === 'ENOENT') ? 'export-medium-gone' : 'export-unwritable';
}
