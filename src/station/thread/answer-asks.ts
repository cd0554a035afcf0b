/** The inside of an `AskedThread`: answers what it is asked, tells how far it is, and hears that it shall stop. */
import { parentPort } from 'node:worker_threads';
import type { FromThread, ToThread } from './asked-thread.ts';

export interface Answering<Ask> {
  readonly answer: (ask: Ask) => unknown;
  /** What to say of an error that is no fault of the station; undefined where it is one. */
  readonly refused: (error: unknown) => unknown;
  readonly stop: () => void;
}

export function answerAsks<Ask>({ answer, refused, stop }: Answering<Ask>): void {
  parentPort!.on('message', async (message: ToThread<Ask>) => {
    if (message === 'stop') {
      stop();
      return;
    }
    const { id, ask } = message;
    let reply: FromThread<never>;
    try {
      reply = { id, answer: await answer(ask) };
    } catch (fault) {
      const said = refused(fault);
      reply = said === undefined ? { id, fault } : { id, refused: said };
    }
    parentPort!.postMessage(reply);
  });
}

export function tellProgress<Progress>(progress: Progress): void {
  parentPort!.postMessage({ progress } satisfies FromThread<Progress>);
}
