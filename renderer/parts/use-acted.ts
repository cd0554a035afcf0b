/** A view of the station that is followed, and acts that answer with the next one or with why not. */
import { useCallback, useRef, useState } from 'react';
import { useFollowed } from './use-followed.ts';

export type ActFailure<Code> = { readonly code: Code } | { readonly error: unknown };

type Answer<Given, Code> = ({ readonly ok: true } & Given) | { readonly ok: false; readonly code: Code };

export interface Acted<Given, View, Code> {
  /** Undefined until the station answered first. */
  readonly view: View | undefined;
  readonly failure: ActFailure<Code> | undefined;
  /** An act is on its way, or what it began still runs. */
  readonly busy: boolean;
  readonly act: (call: () => Promise<Answer<Given, Code>>) => Promise<void>;
}

/**
 * @param ask the same function from one drawing to the next, as the next two
 * @param viewOf the view within an answer
 */
export function useActed<Given, View, Code>(
  ask: () => Promise<Answer<Given, Code>>,
  viewOf: (answer: Given) => View,
  runs: (view: View) => boolean,
  lost: boolean,
): Acted<Given, View, Code> {
  const [failure, setFailure] = useState<ActFailure<Code>>();
  const [acting, setActing] = useState(false);
  const refused = useRef(false);
  const read = useCallback(async () => {
    const answer = await ask();
    // What an act was refused with stays till the next one; what looking is refused with, as long as it is.
    if (answer.ok === refused.current) {
      refused.current = !answer.ok;
      setFailure(answer.ok ? undefined : { code: answer.code });
    }
    return answer.ok ? viewOf(answer) : undefined;
  }, [ask, viewOf]);
  const { view, become } = useFollowed(read, runs, lost, acting);
  const act = useCallback(
    async (call: () => Promise<Answer<Given, Code>>) => {
      setActing(true);
      setFailure(undefined);
      try {
        const answer = await call();
        if (answer.ok) become(viewOf(answer));
        else setFailure({ code: answer.code });
      } catch (error) {
        setFailure({ error });
      } finally {
        setActing(false);
      }
    },
    [become, viewOf],
  );
  return { view, failure, busy: acting || (view !== undefined && runs(view)), act };
}
