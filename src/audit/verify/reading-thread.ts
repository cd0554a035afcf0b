/** A thread that reads lines for one that judges them: `line-readers.ts` is its other side. */
import { parentPort } from 'node:worker_threads';
import { type EntryFrame, type ReadLines, readEntries } from './read-entries.ts';

export interface ReadAsk {
  readonly bytes: Uint8Array;
  readonly frame: EntryFrame;
}

export type ReadAnswer = Omit<ReadLines, 'bytes' | 'leafHashes'> & {
  readonly bytes: Uint8Array;
  readonly leafHashes: Uint8Array;
};

parentPort!.on('message', ({ bytes: { buffer, byteOffset, length }, frame }: ReadAsk) => {
  const bytes = Buffer.from(buffer, byteOffset, length);
  parentPort!.postMessage(readEntries(bytes, frame) satisfies ReadAnswer, [buffer as ArrayBuffer]);
});
