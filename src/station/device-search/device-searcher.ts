/**
 * Searches of devices, off the thread that serves the screen: one thread for the station, one question at a time, so that
 * a question that was given up before its turn costs nothing. The thread begins with the first question or when it is
 * told to, and a thread that ended begins again with the next question.
 */
import { Worker } from 'node:worker_threads';
import type { DeviceListPage, DeviceListStart, DeviceQuestion } from '../devices/find-devices.ts';
import type { SearchReply, SearchRequest, SearchThreadData } from './search-thread.ts';

/** Built, the thread is a file beside the one that this is in. */
const threadFile = import.meta.url.endsWith('.ts') ? './search-thread.ts' : './device-search.cjs';
const FILL_EVERY_MS = 2_000;

interface Waiting {
  readonly request: SearchRequest;
  readonly settle: (reply: SearchReply) => void;
}

export class DeviceSearcher {
  readonly #data: SearchThreadData;
  #thread: Worker | undefined;
  #waiting: Waiting[] = [];
  #asked: Waiting | undefined;
  #last = 0;
  #closed = false;

  constructor(ledgerFile: string, { fillEveryMs = FILL_EVERY_MS } = {}) {
    this.#data = { ledgerFile, fillEveryMs };
  }

  /** Rejects with the signal's reason once it is aborted, and with what the thread failed on: a copy, of no class of ours. */
  find(question: DeviceQuestion, start: DeviceListStart, signal?: AbortSignal): Promise<DeviceListPage> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<DeviceListPage>();
    const request = { id: ++this.#last, question, start };
    const one: Waiting = {
      request,
      settle: reply => ('page' in reply ? resolve(reply.page) : reject(reply.fault)),
    };
    const giveUp = () => {
      this.#waiting = this.#waiting.filter(other => other !== one);
      reject(signal!.reason);
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    this.#waiting.push(one);
    this.#askNext();
    return promise.finally(() => signal?.removeEventListener('abort', giveUp));
  }

  /** Begins to fill the indexes, though nobody asked for anything yet. */
  start(): void {
    this.#thread ??= this.#startThread();
  }

  /** What still waits is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#thread?.terminate();
  }

  #askNext(): void {
    if (this.#asked) return;
    this.#asked = this.#waiting.shift();
    if (!this.#asked) return;
    if (this.#closed) {
      this.#answer({ id: this.#asked.request.id, fault: new Error('the search is closed') });
      return;
    }
    this.start();
    this.#thread!.postMessage(this.#asked.request);
  }

  #startThread(): Worker {
    const thread = new Worker(new URL(threadFile, import.meta.url), { workerData: this.#data });
    thread.unref();
    thread.on('message', (reply: SearchReply) => this.#answer(reply));
    let fault: unknown = new Error('the thread that searches devices ended');
    thread.on('error', error => {
      fault = error;
    });
    thread.on('exit', () => {
      if (this.#thread === thread) this.#thread = undefined;
      if (this.#asked) this.#answer({ id: this.#asked.request.id, fault });
    });
    return thread;
  }

  #answer(reply: SearchReply): void {
    this.#asked?.settle(reply);
    this.#asked = undefined;
    this.#askNext();
  }
}
