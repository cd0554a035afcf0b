/**
 * Who reads the lines of an export: this thread, or some beside it, whose number changes how long it takes and nothing else
 * (`read-entries.ts`). A chunk goes to a thread with its memory and comes back with it, so that none is copied. Where each of them
 * has enough to do, this one reads as well.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type EntryFrame, type ReadLines, readEntries } from './read-entries.ts';
import type { ReadAnswer, ReadAsk } from './reading-thread.ts';

export interface LineReaders {
  /** Chunks that they have at a time. */
  readonly atOnce: number;
  read(bytes: Buffer, frame: EntryFrame): Promise<ReadLines> | ReadLines;
  close(): Promise<void>;
}

/** Built, the thread is a file beside the one that this is in. */
const threadFile = import.meta.url.endsWith('.ts') ? './reading-thread.ts' : './read-entries.cjs';
/** Bytes of a file that are read in less time than threads take to begin. */
const worthThreads = 32 * 1024 * 1024;
/** Threads beside this one, which judges: it keeps no more of them busy. */
const mostThreads = 3;
/** Chunks of a thread: one that it reads and one that waits for it. */
const perThread = 2;
/** Chunks that this thread reads before it waits for another one, which may have to begin first. */
const ahead = 6;

/** How many threads read a long file here, this one counted. */
export function readingThreads(): number {
  return Math.min(availableParallelism(), 1 + mostThreads);
}

/** @param fileBytes how long the file is */
export function lineReadersFor(fileBytes: number): LineReaders {
  const others = readingThreads() - 1;
  return fileBytes < worthThreads || others === 0 ? readersHere : readersInThreads(others);
}

export const readersHere: LineReaders = {
  atOnce: 1,
  read: readEntries,
  close: async () => {},
};

interface Reader {
  readonly thread: Worker;
  /** Why it ended, once it has. */
  ended: unknown;
  /** What it was given, in order: it answers in order. */
  readonly asked: PromiseWithResolvers<ReadLines>[];
}

/** @param threads beside this one */
export function readersInThreads(threads: number): LineReaders {
  const readers = Array.from({ length: threads }, startReader);
  return {
    atOnce: perThread * threads + ahead,
    read(bytes, frame) {
      const { thread, asked, ended } = readers.reduce((one, other) =>
        other.asked.length < one.asked.length ? other : one,
      );
      if (ended !== undefined) throw ended;
      if (asked.length >= perThread) return readEntries(bytes, frame);
      const answer = Promise.withResolvers<ReadLines>();
      thread.postMessage({ bytes, frame } satisfies ReadAsk, [bytes.buffer as ArrayBuffer]);
      asked.push(answer);
      return answer.promise;
    },
    close: async () => {
      await Promise.all(readers.map(({ thread }) => thread.terminate()));
    },
  };
}

function startReader(): Reader {
  const thread = new Worker(new URL(threadFile, import.meta.url));
  const reader: Reader = { thread, asked: [], ended: undefined };
  let fault: unknown = new Error('a thread that reads lines ended');
  thread.on('message', ({ bytes, leafHashes, ...lines }: ReadAnswer) =>
    reader.asked.shift()?.resolve({ ...lines, bytes: bufferOf(bytes), leafHashes: bufferOf(leafHashes) }),
  );
  thread.on('error', error => {
    fault = error;
  });
  thread.on('exit', () => {
    reader.ended = fault;
    for (const { reject } of reader.asked.splice(0)) reject(fault);
  });
  return reader;
}

/** Another thread's buffers come as plain arrays. */
const bufferOf = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length);
