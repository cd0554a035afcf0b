/** The station's batch as it is now, asked for as often as it changes; and sending a file to it, piece by piece. */
import { useCallback, useState } from 'react';
import {
  type BatchAnswer,
  type BatchRefusalCode,
  type BatchView,
  inputBounds,
} from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { useFollowed } from '../parts/use-followed.ts';

export type BatchFailure = { readonly code: BatchRefusalCode } | { readonly error: unknown };

export interface BatchHand {
  /** Undefined until the station answered first. */
  readonly batch: BatchView | undefined;
  readonly failure: BatchFailure | undefined;
  /** An act is on its way, or a file. */
  readonly busy: boolean;
  readonly act: (ask: () => Promise<BatchAnswer>) => Promise<void>;
  readonly send: (file: File) => Promise<void>;
  readonly forgetFailure: () => void;
}

const isRunning = ({ state }: BatchView): boolean => state.endsWith('ing');
/** Whole triples, which base64 needs no filling for. */
const pieceBytes = (Math.floor(inputBounds.piece / 4) - 1) * 3;

export function useBatch(session: Session, lost: boolean): BatchHand {
  const [failure, setFailure] = useState<BatchFailure>();
  const [acting, setActing] = useState(false);
  const read = useCallback(() => session.readBatch(), [session]);
  const { view: batch, become } = useFollowed(read, isRunning, lost, acting);

  /** @returns whether it was done */
  const ask = useCallback(
    async (call: () => Promise<BatchAnswer>): Promise<boolean> => {
      try {
        const answer = await call();
        if (answer.ok) become(answer.batch);
        else setFailure({ code: answer.code });
        return answer.ok;
      } catch (error) {
        setFailure({ error });
        return false;
      }
    },
    [become],
  );

  const act = useCallback(
    async (call: () => Promise<BatchAnswer>) => {
      setActing(true);
      setFailure(undefined);
      await ask(call);
      setActing(false);
    },
    [ask],
  );

  const send = useCallback(
    async (file: File) => {
      setActing(true);
      setFailure(undefined);
      // An empty file is one piece of nothing, which no station takes.
      const { name, size } = file;
      let sent = size > 0;
      if (size === 0) setFailure({ code: 'batch-empty' });
      for (let at = 0; sent && at < size; at += pieceBytes) {
        try {
          const bytes = new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer());
          const data = base64Of(bytes);
          sent = await ask(() => session.sendBatchFile({ name: name.slice(0, 255), size, at, data }));
        } catch (error) {
          // The stick was pulled out, or the file changed.
          setFailure({ error });
          sent = false;
        }
      }
      setActing(false);
    },
    [ask, session],
  );

  const forgetFailure = useCallback(() => setFailure(undefined), []);
  return { batch, failure, busy: acting, act, send, forgetFailure };
}

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8_192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
}
