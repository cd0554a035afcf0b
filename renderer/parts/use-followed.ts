/** What the station does at length, asked for as often as it changes: often while it runs, and now and then while it is still. */
import { useCallback, useEffect, useRef, useState } from 'react';

/** Milliseconds between two looks. */
const whileRunning = 250;
const whileStill = 2_000;

export interface Followed<View> {
  /** Undefined until the station answered first. */
  readonly view: View | undefined;
  /** Takes what an act answered. */
  readonly become: (next: View) => void;
}

/**
 * @param read rejects, or gives undefined, where there is nothing new to show
 * @param again looks at once when it becomes another
 */
export function useFollowed<View>(
  read: () => Promise<View | undefined>,
  runs: (view: View) => boolean,
  lost: boolean,
  again: unknown,
): Followed<View> {
  const [view, setView] = useState<View>();
  const latest = useRef<View>(undefined);
  const runsNow = useRef(runs);
  runsNow.current = runs;

  const become = useCallback((next: View) => {
    latest.current = next;
    setView(before => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what follows an act is looked at at once
  useEffect(() => {
    if (lost) return;
    let timer: ReturnType<typeof setTimeout>;
    let left = false;
    const look = async () => {
      try {
        const next = await read();
        if (next !== undefined) become(next);
      } catch {
        // Out of reach for a moment: the frame says so.
      }
      const running = latest.current !== undefined && runsNow.current(latest.current);
      if (!left) timer = setTimeout(look, running ? whileRunning : whileStill);
    };
    void look();
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [read, lost, become, again]);

  return { view, become };
}
