/** Asks the thread that imports (`batch-thread.ts`): it begins with the first question, and ends with the station or a fault. */
import { Worker } from 'node:worker_threads';
import type {
  BatchAsk,
  BatchThreadData,
  FromBatchThread,
  Inspected,
  RunOrder,
  RunProgress,
  ToBatchThread,
} from './batch-thread.ts';
import type { BatchRow, BatchRowsQuestion } from './batch-view.ts';

/** Built, the thread is a file beside the one that this is in. */
const threadFile = import.meta.url.endsWith('.ts') ? './batch-thread.ts' : './batch-import.cjs';

/** The file, or what was said of it, cannot be used. */
export class UnusableFile extends Error {}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (fault: unknown) => void;
}

export class BatchRunner {
  readonly #data: BatchThreadData;
  readonly #onProgress: (progress: RunProgress) => void;
  readonly #waiting = new Map<number, Waiting>();
  #thread: Worker | undefined;
  #last = 0;

  constructor(dataDirectory: string, onProgress: (progress: RunProgress) => void) {
    this.#data = { dataDirectory };
    this.#onProgress = onProgress;
  }

  inspect(ask: Omit<Extract<BatchAsk, { kind: 'inspect' }>, 'kind'>): Promise<Inspected> {
    return this.#ask({ kind: 'inspect', ...ask }) as Promise<Inspected>;
  }

  run(order: RunOrder): Promise<RunProgress & { readonly stopped: boolean }> {
    return this.#ask({ kind: 'run', ...order }) as Promise<RunProgress & { readonly stopped: boolean }>;
  }

  rows(question: BatchRowsQuestion): Promise<readonly BatchRow[]> {
    if (!this.#thread) return Promise.resolve([]);
    return this.#ask({ kind: 'rows', ...question }) as Promise<readonly BatchRow[]>;
  }

  async report(place: string): Promise<void> {
    await this.#ask({ kind: 'report', place });
  }

  /** What runs ends behind the rows that it is at. */
  stop(): void {
    this.#thread?.postMessage('stop' satisfies ToBatchThread);
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
  }

  #ask(ask: BatchAsk): Promise<unknown> {
    this.#thread ??= this.#startThread();
    const id = ++this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    this.#thread.postMessage({ id, ask } satisfies ToBatchThread);
    return promise;
  }

  #startThread(): Worker {
    const thread = new Worker(new URL(threadFile, import.meta.url), { workerData: this.#data });
    thread.unref();
    thread.on('message', (message: FromBatchThread) => this.#hear(message));
    let fault: unknown = new Error('the thread that imports ended');
    thread.on('error', error => {
      fault = error;
    });
    thread.on('exit', () => {
      if (this.#thread === thread) this.#thread = undefined;
      for (const { reject } of this.#waiting.values()) reject(fault);
      this.#waiting.clear();
    });
    return thread;
  }

  #hear(message: FromBatchThread): void {
    if ('progress' in message) {
      this.#onProgress(message.progress);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('answer' in message) waiting?.resolve(message.answer);
    else waiting?.reject('unusable' in message ? new UnusableFile(message.unusable) : message.fault);
  }
}
