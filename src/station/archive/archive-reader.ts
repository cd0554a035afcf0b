/**
 * The shown entries of an archive, in order, out of its file: an export in JSON lines that this station wrote. The file is
 * untrusted until its SHA-256 is the one that the log tells; what an entry says is nobody's word until its leaf hash is the
 * one in the tree. Reads in flat memory, and without a promise, so that it can be read within a transaction of the ledger.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { longestEntry } from '../../audit/entry.ts';
import { StationError } from '../errors.ts';

export interface ShownEntry {
  readonly index: number;
  /** RFC 8785, as they stood in the ledger. */
  readonly bytes: Buffer;
}

const bytesPerRead = 1024 * 1024;
/** An entry and its hash around it. */
const longestLine = longestEntry + 1024;
const beforeEntry = Buffer.from('{"entry":');
/** `,"leafHash":"` 64 digits `"}` */
const afterEntry = 12 + 1 + 64 + 2;
const beforeHashes = Buffer.from('{"index":');

/** @throws StationError `archive-file` where the file cannot be read or has another form */
export class ArchiveReader {
  readonly #path: string;
  readonly #file: number;
  readonly #hash = createHash('sha256');
  readonly #lines: Generator<Buffer, void, undefined>;
  #index = 0;
  #bytes = 0;

  constructor(path: string) {
    this.#path = path;
    try {
      this.#file = openSync(path, 'r');
    } catch (cause) {
      throw unreadable(path, (cause as Error).message, cause);
    }
    this.#lines = this.#read();
  }

  /** The next one that is shown; undefined after the last. */
  next(): ShownEntry | undefined {
    for (let read = this.#lines.next(); !read.done; read = this.#lines.next()) {
      const line = read.value;
      if (line.subarray(0, beforeEntry.length).equals(beforeEntry)) {
        const index = this.#index;
        this.#index += 1;
        return { index, bytes: line.subarray(beforeEntry.length, line.length - afterEntry) };
      }
      if (line.subarray(0, beforeHashes.length).equals(beforeHashes)) this.#index += hashesIn(line);
    }
    return undefined;
  }

  /** After the last entry: what the file is. */
  end(): { readonly bytes: number; readonly sha256: string } {
    while (this.next());
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  close(): void {
    closeSync(this.#file);
  }

  *#read(): Generator<Buffer, void, undefined> {
    const buffer = Buffer.allocUnsafe(bytesPerRead + longestLine);
    let held = 0;
    for (;;) {
      const read = this.#more(buffer, held);
      if (read === 0) break;
      this.#hash.update(buffer.subarray(held, held + read));
      this.#bytes += read;
      const filled = held + read;
      let from = 0;
      for (let end = buffer.indexOf(0x0a, held); end >= 0 && end < filled; end = buffer.indexOf(0x0a, from)) {
        yield buffer.subarray(from, end);
        from = end + 1;
      }
      held = filled - from;
      if (held > longestLine) throw unreadable(this.#path, 'a line of it is too long');
      buffer.copyWithin(0, from, filled);
    }
    if (held > 0) throw unreadable(this.#path, 'its last line has no end');
  }

  #more(buffer: Buffer, at: number): number {
    try {
      return readSync(this.#file, buffer, at, bytesPerRead, null);
    } catch (cause) {
      throw unreadable(this.#path, (cause as Error).message, cause);
    }
  }
}

function hashesIn(line: Buffer): number {
  // 64 digits between quotes, and a comma between two.
  return (line.length - line.indexOf('[') - '[]}'.length + 1) / 67;
}

function unreadable(path: string, why: string, cause?: unknown): StationError {
  return new StationError('archive-file', `${path}: ${why}`, { cause });
}

/** The file's bytes as they are now. @throws StationError `archive-file` */
export function fileFacts(path: string): { readonly bytes: number; readonly sha256: string } {
  const reader = new ArchiveReader(path);
  try {
    return reader.end();
  } finally {
    reader.close();
  }
}
