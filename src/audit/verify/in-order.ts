/** Work that several do at once, in the order in which it came. */

/**
 * @param atOnce pieces that are worked on at a time, so that no more of them are in memory
 * @returns what became of each piece, in the order of the pieces; where the pieces end in a failure, that comes after them
 */
export async function* inOrder<Piece, Result>(
  pieces: AsyncIterable<Piece>,
  work: (piece: Piece) => Promise<Result> | Result,
  atOnce: number,
): AsyncGenerator<Result, void, undefined> {
  const source = pieces[Symbol.asyncIterator]();
  const waiting: Promise<Result>[] = [];
  let end: { readonly failure?: unknown } | undefined;
  try {
    for (;;) {
      while (!end && waiting.length < atOnce) {
        try {
          const next = await source.next();
          if (next.done) end = {};
          else waiting.push(begun(work, next.value));
        } catch (failure) {
          end = { failure };
        }
      }
      const result = waiting.shift();
      if (!result) break;
      yield await result;
    }
  } finally {
    await source.return?.();
  }
  if (end && 'failure' in end) throw end.failure;
}

/** Whoever asks for it hears of a failure; nobody asks any more once another one was found. */
function begun<Piece, Result>(
  work: (piece: Piece) => Promise<Result> | Result,
  piece: Piece,
): Promise<Result> {
  const result = Promise.try(work, piece);
  result.catch(() => {});
  return result;
}
