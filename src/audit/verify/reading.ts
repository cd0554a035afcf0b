/** What the file system says while evidence is read, as an error of the audit. */
import { AuditError } from '../errors.ts';

/** @throws AuditError `export-unreadable`; anything else stays what it is */
export async function reading<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new AuditError('export-unreadable', `${file}: ${error.message}`, { cause: error });
  }
}
