/** What checkpoints from outside prove to be missing of the logs of a ledger (rule A2), after it was restored. */
import type { Ledger } from '../../../db/ledger.ts';
import { lookOutside } from '../log/outside-checkpoints.ts';

export interface MissingEntries {
  readonly origin: string;
  /** First and last index that the log had and this ledger has not. */
  readonly first: number;
  readonly last: number;
  /** Time of the last entry that is here, RFC 3339: what is missing was written after it. */
  readonly since: string | null;
  /** The file with the signed checkpoint that proves it. */
  readonly file: string;
}

/** Of each log the most that any folder proves. */
export function missingEntries(ledger: Ledger, folders: readonly string[]): MissingEntries[] {
  const found = folders
    .flatMap(folder => lookOutside(ledger, folder).contradictions)
    .filter(({ kind }) => kind === 'missing')
    .toSorted((a, b) => b.outsideSize - a.outsideSize);
  return ledger.logs.all().flatMap(({ log_id, origin }) => {
    const worst = found.find(each => each.origin === origin);
    if (!worst) return [];
    const { size, outsideSize, file } = worst;
    const last = size === 0 ? undefined : ledger.audit.get(size - 1, log_id);
    const since = last ? (JSON.parse(last.entry.toString()) as { at: string }).at : null;
    return [{ origin, first: size, last: outsideSize - 1, since, file }];
  });
}
