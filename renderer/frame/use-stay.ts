/** Tells the station, now and then, that there is a hand at the window: from the last one it counts until it locks. */
import { useEffect } from 'react';
import type { Session } from '../../src/api/session.ts';

/** Milliseconds. */
const toldEvery = 5_000;

export function useStay(session: Pick<Session, 'stay'>, signedIn: boolean): void {
  useEffect(() => {
    if (!signedIn) return;
    let told = performance.now();
    const stay = () => {
      const now = performance.now();
      if (now - told < toldEvery) return;
      told = now;
      // Without contact the station counts on, and is right to.
      session.stay().catch(() => {});
    };
    for (const hand of ['pointerdown', 'keydown'] as const)
      window.addEventListener(hand, stay, { capture: true, passive: true });
    return () => {
      for (const hand of ['pointerdown', 'keydown'] as const)
        window.removeEventListener(hand, stay, { capture: true });
    };
  }, [session, signedIn]);
}
