/** Work after each change, at once where it is the first, and then no more often than every so many milliseconds. */
import { useEffect, useRef } from 'react';

export function useEased(milliseconds: number, changed: unknown, work: () => void): void {
  const rest = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const again = useRef(false);
  const latest = useRef(work);
  useEffect(() => {
    latest.current = work;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the change itself is what is waited for
  useEffect(() => {
    if (rest.current !== undefined) {
      again.current = true;
      return;
    }
    const go = () => {
      again.current = false;
      rest.current = setTimeout(() => {
        rest.current = undefined;
        if (again.current) go();
      }, milliseconds);
      latest.current();
    };
    go();
  }, [changed, milliseconds]);
  useEffect(
    () => () => {
      clearTimeout(rest.current);
      rest.current = undefined;
    },
    [],
  );
}
