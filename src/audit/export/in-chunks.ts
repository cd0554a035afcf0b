/** Small pieces of text as chunks that are worth a write; hands on what the pieces return. */
const charactersPerChunk = 256 * 1024;

export function* inChunks<Result>(
  pieces: Generator<string, Result, undefined>,
): Generator<Buffer, Result, undefined> {
  let waiting: string[] = [];
  let length = 0;
  for (;;) {
    const next = pieces.next();
    if (next.done) {
      if (length > 0) yield Buffer.from(waiting.join(''));
      return next.value;
    }
    waiting.push(next.value);
    length += next.value.length;
    if (length < charactersPerChunk) continue;
    yield Buffer.from(waiting.join(''));
    waiting = [];
    length = 0;
  }
}
