/** Asks the thread that imports (`batch-thread.ts`). */
import { AskedThread } from '../thread/asked-thread.ts';
import type { BatchAsk, BatchThreadData, Inspected, RunOrder, RunProgress } from './batch-thread.ts';
import type { BatchRow, BatchRowsQuestion } from './batch-view.ts';

/** Built, the thread is a file beside the one that this is in. */
const threadFile = import.meta.url.endsWith('.ts') ? './batch-thread.ts' : './batch-import.cjs';

/** The file, or what was said of it, cannot be used. */
export class UnusableFile extends Error {}

export class BatchRunner {
  readonly #thread: AskedThread<BatchAsk, RunProgress>;

  constructor(dataDirectory: string, onProgress: (progress: RunProgress) => void) {
    this.#thread = new AskedThread({
      file: new URL(threadFile, import.meta.url),
      data: { dataDirectory } satisfies BatchThreadData,
      onProgress,
      refusal: (said: string) => new UnusableFile(said),
    });
  }

  inspect(ask: Omit<Extract<BatchAsk, { kind: 'inspect' }>, 'kind'>): Promise<Inspected> {
    return this.#thread.ask({ kind: 'inspect', ...ask }) as Promise<Inspected>;
  }

  run(order: RunOrder): Promise<RunProgress & { readonly stopped: boolean }> {
    return this.#thread.ask({ kind: 'run', ...order }) as Promise<
      RunProgress & { readonly stopped: boolean }
    >;
  }

  rows(question: BatchRowsQuestion): Promise<readonly BatchRow[]> {
    if (!this.#thread.begun) return Promise.resolve([]);
    return this.#thread.ask({ kind: 'rows', ...question }) as Promise<readonly BatchRow[]>;
  }

  async report(place: string): Promise<void> {
    await this.#thread.ask({ kind: 'report', place });
  }

  /** What runs ends behind the rows that it is at. */
  stop(): void {
    this.#thread.stop();
  }

  async close(): Promise<void> {
    await this.#thread.end();
  }
}
