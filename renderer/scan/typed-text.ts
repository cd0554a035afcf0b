/** What a key makes of a text in a field that is driven by keys and not edited: an input method has nothing to compose in. */
import { usCharacter } from './us-layout.ts';

/** Undefined: no key of the field's; the page may have it. */
export function typedText(text: string, event: KeyboardEvent, longest: number): string | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  if (event.code === 'Backspace') return text.slice(0, -1);
  const character = typedCharacter(event);
  if (character === undefined) return undefined;
  if (character === ' ' && document.activeElement?.closest('button')) return undefined;
  return text.length < longest ? text + character : text;
}

/** By hand, what the key says counts; where an input method or another script hides that, its place does. */
function typedCharacter({ key, code, shiftKey }: KeyboardEvent): string | undefined {
  return /^[\x20-\x7e]$/.test(key) ? key : usCharacter(code, shiftKey);
}
