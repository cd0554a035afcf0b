/** What a key makes of a number in a field that is driven by keys: digits, and the one that erases. */
import { typedText } from '../scan/typed-text.ts';

/** As many as the largest quantity has. */
export const longestQuantity = 7;
export const longestTarget = 5;

/** Undefined: no key of the field's. */
export function digitsTyped(digits: string, event: KeyboardEvent, longest: number): string | undefined {
  const text = typedText(digits, event, longest);
  return text !== undefined && /^\d*$/.test(text) ? text : undefined;
}
