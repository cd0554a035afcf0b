/**
 * A thread of the station that is asked and answers, for work that the thread which serves the screens never waits for. It
 * begins with the first question, and ends with the station or a fault; a later question begins it again. `answer-asks.ts`
 * is its other side.
 */
import { Worker } from 'node:worker_threads';

export type ToThread<Ask> = { readonly id: number; readonly ask: Ask } | 'stop';
export type FromThread<Progress> =
  | { readonly id: number; readonly answer: unknown }
  /** Of what it was asked to do, and no fault of the station. */
  | { readonly id: number; readonly refused: unknown }
  | { readonly id: number; readonly fault: unknown }
  | { readonly progress: Progress };

export interface ThreadSetting<Progress> {
  readonly file: URL;
  /** What it is started with. */
  readonly data: unknown;
  readonly onProgress: (progress: Progress) => void;
  /** Makes what is thrown here of what the other side refused. */
  readonly refusal: (said: never) => Error;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (fault: unknown) => void;
}

interface Begun {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

export class AskedThread<Ask, Progress> {
  readonly #setting: ThreadSetting<Progress>;
  #thread: Begun | undefined;
  #last = 0;

  constructor(setting: ThreadSetting<Progress>) {
    this.#setting = setting;
  }

  get begun(): boolean {
    return this.#thread !== undefined;
  }

  ask(ask: Ask): Promise<unknown> {
    this.#thread ??= this.#start();
    const id = ++this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#thread.waiting.set(id, { resolve, reject });
    this.#thread.worker.postMessage({ id, ask } satisfies ToThread<Ask>);
    return promise;
  }

  /** What runs ends at the next place where it can. */
  stop(): void {
    this.#thread?.worker.postMessage('stop' satisfies ToThread<Ask>);
  }

  /** At once, whatever it does; what waits for an answer is rejected. What is asked from here on, a new one answers. */
  async end(): Promise<void> {
    const ending = this.#thread;
    this.#thread = undefined;
    await ending?.worker.terminate();
  }

  #start(): Begun {
    const waiting = new Map<number, Waiting>();
    const worker = new Worker(this.#setting.file, { workerData: this.#setting.data });
    worker.unref();
    worker.on('message', (message: FromThread<Progress>) => this.#hear(message, waiting));
    let fault: unknown = new Error('the thread ended');
    worker.on('error', error => {
      fault = error;
    });
    worker.on('exit', () => {
      if (this.#thread?.worker === worker) this.#thread = undefined;
      for (const { reject } of waiting.values()) reject(fault);
      waiting.clear();
    });
    return { worker, waiting };
  }

  #hear(message: FromThread<Progress>, waiting: Map<number, Waiting>): void {
    if ('progress' in message) {
      this.#setting.onProgress(message.progress);
      return;
    }
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if ('answer' in message) asked?.resolve(message.answer);
    else
      asked?.reject('refused' in message ? this.#setting.refusal(message.refused as never) : message.fault);
  }
}
