/** How the drain goes, asked again when the outbox or the connection changes, and as time passes. */
import { useState } from 'react';
import type { DrainOutlook, StationView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { useNow } from '../station/use-now.ts';
import { useEased } from './use-eased.ts';

const restFor = 1_000;
/** While nothing changes, the hour still moves on. */
const again = 15_000;

/** Undefined before the first answer; afterwards the last one, also while the station is out of reach. */
export function useOutlook(
  session: Session,
  { outbox, connection }: Pick<StationView, 'outbox' | 'connection'>,
): DrainOutlook | undefined {
  const [outlook, setOutlook] = useState<DrainOutlook>();
  const now = useNow(again);
  const changed = [outbox, connection, now];
  const [seen, setSeen] = useState<readonly unknown[]>(changed);
  if (seen.some((each, index) => each !== changed[index])) setSeen(changed);
  useEased(restFor, seen, () => {
    // Without an answer the last one stays; the next change asks again.
    session.drainOutlook().then(setOutlook, () => undefined);
  });
  return outlook;
}
