/** What the file system says about a ledger's place, in the ledger's words. */
import { LedgerError, type LedgerErrorCode } from './errors.ts';

const fileSystemCodes: Readonly<Record<string, LedgerErrorCode>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EEXIST: 'exists',
  EISDIR: 'not-a-file',
  EROFS: 'read-only',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EIO: 'io',
  EACCES: 'unreadable',
  EPERM: 'unreadable',
};

/**
 * Runs `work` and throws what the file system reports as LedgerError.
 * @param denied the code for a right that is missing
 */
export function fileSystem<T>(work: () => T, denied: LedgerErrorCode = 'unreadable'): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const code = fileSystemCodes[String(error.code)] ?? 'unreadable';
    throw new LedgerError(code === 'unreadable' ? denied : code, error.message, { cause: error });
  }
}
