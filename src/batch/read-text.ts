/** A text file as pieces of text in flat memory, whatever its encoding; a byte order mark is taken off. */
import { createReadStream } from 'node:fs';
import { Cp949Decoder } from './cp949.ts';
import type { TextEncoding } from './text-encoding.ts';

export interface TextFile {
  readonly path: string;
  readonly encoding: TextEncoding;
  /** Called with the bytes read so far. */
  readonly onRead?: ((bytes: number) => void) | undefined;
}

const CHUNK_BYTES = 256 * 1024;

/** Rejects with the file system's error. */
export async function* readText({ path, encoding, onRead }: TextFile): AsyncGenerator<string> {
  const decoder = decoderOf(encoding);
  let bytes = 0;
  for await (const chunk of createReadStream(path, {
    highWaterMark: CHUNK_BYTES,
  }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    onRead?.(bytes);
    yield decoder.piece(chunk);
  }
  yield decoder.end();
}

interface Decoder {
  piece(bytes: Buffer): string;
  end(): string;
}

function decoderOf(encoding: TextEncoding): Decoder {
  if (encoding === 'cp949') {
    const decoder = new Cp949Decoder();
    return { piece: bytes => decoder.decode(bytes), end: () => decoder.end() };
  }
  const decoder = new TextDecoder(encoding);
  return { piece: bytes => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}
