/** A text as somebody types it, read as JSON: the value, or the text itself with the place where it is none. */

export interface JsonReading {
  /** What the draft holds: undefined for nothing, the text where it is no JSON, which the station refuses. */
  readonly value: unknown;
  readonly fault?: { readonly line: number; readonly column: number } | 'unfinished';
}

export function readJsonText(text: string): JsonReading {
  if (text.trim() === '') return { value: undefined };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    // V8 says where; at the end of the text it does not.
    const at = / at position (\d+)/.exec((error as Error).message)?.[1];
    if (at === undefined || Number(at) >= text.trimEnd().length) return { value: text, fault: 'unfinished' };
    const before = text.slice(0, Number(at)).split('\n');
    return { value: text, fault: { line: before.length, column: before.at(-1)!.length + 1 } };
  }
}
