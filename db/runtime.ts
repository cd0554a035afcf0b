/**
 * better-sqlite3 13 is built for Node-API 10. On an older Node it loads and then crashes the process with the first
 * database it opens (better-sqlite3#1514), so the question is asked before the driver is touched.
 */
import { LedgerError } from './errors.ts';

const neededNodeApi = 10;

export function refuseOldRuntime(versions: {
  readonly napi?: string | undefined;
  readonly node: string;
}): void {
  if (Number(versions.napi) >= neededNodeApi) return;
  throw new LedgerError(
    'runtime-too-old',
    `Node ${versions.node} has Node-API ${versions.napi ?? 'unknown'}, the SQLite driver needs ${neededNodeApi}`,
  );
}
