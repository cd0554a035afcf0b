/** The time, again and again while somebody looks at it. */
import { useEffect, useState } from 'react';
import { everyTick } from './ticks.ts';

/** Epoch milliseconds, renewed every `interval` milliseconds at the latest. */
export function useNow(interval: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    return everyTick(interval, setNow);
  }, [interval]);
  return now;
}
