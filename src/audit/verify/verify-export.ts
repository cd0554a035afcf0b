/**
 * Verifies an export that stands alone (rule A3): every entry against its leaf hash, the tree against the signed
 * checkpoint, every other byte against the seal. The file is untrusted from its first byte; this side shares the hash
 * and note arithmetic with the one that writes, and no code that reads or writes the file.
 */
import { inOrder } from './in-order.ts';
import { JudgeExport } from './judge-export.ts';
import { type LineReaders, lineReadersFor } from './line-readers.ts';
import { bytesPerRead, fileLength, readChunks } from './read-chunks.ts';
import { type EntryFrame, unreadLines } from './read-entries.ts';
import { type Trust, Trusted } from './trust.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** How a file is read; the verdict does not depend on it. */
export interface Reading {
  readonly readersFor: (fileBytes: number) => LineReaders;
  readonly bytesPerRead: number;
}

/** @throws AuditError where the file cannot be read, or the given key or a given checkpoint is none */
export async function verifyExport(
  file: string,
  trust: Trust = {},
  reading: Reading = { readersFor: lineReadersFor, bytesPerRead },
): Promise<Verdict> {
  const trusted = new Trusted(trust);
  return verdictOf(async () => {
    const judge = new JudgeExport(trusted);
    const chunks = readChunks(file, reading.bytesPerRead);
    try {
      const first = await chunks.next();
      // The head is in it: without one nobody can say of an entry that it is right.
      if (!first.done) judge.take(unreadLines(first.value));
      const { frame } = judge;
      if (frame === undefined) for await (const chunk of chunks) judge.take(unreadLines(chunk));
      else await takeAll(judge, chunks, frame, reading.readersFor(await fileLength(file)));
    } finally {
      await chunks.return();
    }
    return judge.verdict();
  });
}

async function takeAll(
  judge: JudgeExport,
  chunks: AsyncIterable<Buffer>,
  frame: EntryFrame,
  readers: LineReaders,
): Promise<void> {
  try {
    const read = inOrder(chunks, chunk => readers.read(chunk, frame), readers.atOnce);
    for await (const lines of read) judge.take(lines);
  } finally {
    await readers.close();
  }
}
