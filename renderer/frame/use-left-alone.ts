/** Closes what somebody opened and left, so that it does not stand before the tiles or wait with an id for the next one's PIN. */
import { useEffect, useRef } from 'react';

/** Milliseconds without a touch or key. */
const leftAfter = 60_000;

export function useLeftAlone(onLeft: () => void, watched: boolean): void {
  const leave = useRef(onLeft);
  useEffect(() => {
    leave.current = onLeft;
  });
  useEffect(() => {
    if (!watched) return;
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => leave.current(), leftAfter);
    };
    wait();
    for (const hand of ['pointerdown', 'keydown'] as const)
      window.addEventListener(hand, wait, { capture: true });
    return () => {
      clearTimeout(timer);
      for (const hand of ['pointerdown', 'keydown'] as const)
        window.removeEventListener(hand, wait, { capture: true });
    };
  }, [watched]);
}
