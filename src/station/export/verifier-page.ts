/** The page that verifies evidence in any browser, as a file to hand out beside it. It is made by the build. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeAtomically } from '../../audit/write-atomically.ts';
import { StationError } from '../errors.ts';

/** Built, it lies beside the file that this is in. */
const page = new URL(
  import.meta.url.endsWith('.ts') ? '../../../out/verify.html' : './verify.html',
  import.meta.url,
);

/** @throws StationError `verifier-not-built`; AuditError as exports do. @returns the absolute path */
export async function writeVerifierPage(out: string, signal?: AbortSignal): Promise<string> {
  let content: Buffer;
  try {
    content = readFileSync(page);
  } catch (cause) {
    throw new StationError('verifier-not-built', `${page.pathname} is not there`, { cause });
  }
  const file = resolve(out);
  await writeAtomically(file, [content], { signal });
  return file;
}
