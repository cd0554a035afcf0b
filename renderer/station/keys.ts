/** The keys of the Station screen besides scans: F1 starts all, Esc goes back, Enter acts on the fixture in focus. */
import { usCharacter } from '../scan/us-layout.ts';
import { longestEntry } from './entry-dialog.tsx';
import type { Desk } from './use-desk.ts';

/** Handles one stroke; true if it was used. */
export function keyHandler(desk: Desk): (event: KeyboardEvent) => boolean {
  return event => {
    switch (event.key) {
      case 'F1':
        desk.startAll();
        return true;
      case 'Escape':
        desk.escape();
        return true;
      case 'Enter':
        return desk.enter();
    }
    return desk.overlay?.kind === 'entry' && typeInto(desk, desk.overlay.text, event);
  };
}

function typeInto(desk: Desk, text: string, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  if (event.code === 'Backspace') {
    desk.edit(text.slice(0, -1));
    return true;
  }
  const character = typedCharacter(event);
  if (character === undefined) return false;
  if (character === ' ' && document.activeElement?.closest('button')) return false;
  if (text.length < longestEntry) desk.edit(text + character);
  return true;
}

/** By hand, what the key says counts; where an input method or another script hides that, its place does. */
function typedCharacter({ key, code, shiftKey }: KeyboardEvent): string | undefined {
  return /^[\x20-\x7e]$/.test(key) ? key : usCharacter(code, shiftKey);
}
